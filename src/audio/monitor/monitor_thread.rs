//! Not real-time: the thread at the far end of the lanes: frees, measures, remembers for the scope, records.

use super::monitor_shared::{MonitorShared, lock};
use crate::audio::events::{AudioEvent, EventSender};
use crate::audio::output::{Heard, MonitorLane};
use crate::audio::synth::{Controls, Source, Workshop};
use crossbeam_channel::Receiver;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

/// Samples the scope can show.
const SCOPE_LEN: usize = 8_192;

const POLL: Duration = Duration::from_millis(10);

/// The monitor's own half.
pub struct Monitor {
    pub retired: rtrb::Consumer<Arc<Source>>,
    pub workshop: Workshop,
    pub lanes_rx: Receiver<MonitorLane>,
    pub shared: Arc<MonitorShared>,
    pub controls: Arc<Controls>,
    pub events: EventSender,
}

impl Monitor {
    /// Runs until `stop`.
    pub fn run(mut self, stop: &crate::sync::StopFlag) {
        let mut lane: Option<MonitorLane> = None;
        let mut ends_seen = self.controls.ends.load(Relaxed);
        let mut samples = Vec::new();
        while !stop.is_stopped() {
            while self.retired.pop().is_ok() {}
            for message in self.workshop.tend() {
                log::error!("the synth panicked: {message}");
                self.events.send(AudioEvent::SynthPanicked(message));
            }
            if let Some(current) = &mut lane {
                self.drain(current, &mut samples);
            }
            // The old lane was drained to its end just now.
            if let Ok(new) = self.lanes_rx.try_recv() {
                lock(&self.shared.observations).rate_hz = new.rate_hz;
                lane = Some(new);
            }
            let ends = self.controls.ends.load(Relaxed);
            if ends != ends_seen {
                ends_seen = ends;
                self.events.send(AudioEvent::Ended);
            }
            std::thread::sleep(POLL);
        }
        self.finish_recording();
    }

    fn drain(&mut self, lane: &mut MonitorLane, samples: &mut Vec<f32>) {
        samples.clear();
        if let Ok(chunk) = lane.samples.read_chunk(lane.samples.slots()) {
            let (first, second) = chunk.as_slices();
            samples.extend_from_slice(first);
            samples.extend_from_slice(second);
            chunk.commit_all();
        }
        let mut observations = lock(&self.shared.observations);
        while let Ok(Heard { origin, at }) = lane.heard.pop() {
            observations
                .request_to_sample
                .push(at.saturating_duration_since(origin.asked_at).as_secs_f32());
            log::trace!("generation {} is heard", origin.generation);
        }
        let scope = &mut observations.scope;
        scope.extend(samples.iter());
        let surplus = scope.len().saturating_sub(SCOPE_LEN);
        scope.drain(..surplus);
        drop(observations);
        self.record(samples, lane.rate_hz);
    }

    fn record(&self, samples: &[f32], rate_hz: u32) {
        if let Some((recorder, error)) = self.shared.recorder.write(samples, rate_hz) {
            self.events.send(AudioEvent::RecordingFailed {
                path: recorder.path().to_owned(),
                reason: error.to_string(),
            });
        }
    }

    fn finish_recording(&self) {
        if let Some(recorder) = self.shared.recorder.take()
            && let Err(error) = recorder.finish()
        {
            log::error!("{error}");
        }
    }
}
