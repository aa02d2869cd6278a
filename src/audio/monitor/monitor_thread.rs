//! Not real-time: the thread at the far end of the lanes: frees, measures, remembers for the scope, records.

use super::monitor_shared::{MonitorShared, lock};
use crate::audio::events::{AudioEvent, EventSender};
use crate::audio::output::{Heard, MonitorLane};
use crate::audio::synth::{Controls, Source, Workshop};
use crossbeam_channel::Receiver;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

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
        // Not what is there now: on a busy machine a one-shot may end before this thread begins.
        let mut ends_seen = 0;
        let mut frames = Vec::new();
        while !stop.is_stopped() {
            while self.retired.pop().is_ok() {}
            for message in self.workshop.tend() {
                log::error!("the synth panicked: {message}");
                self.events.send(AudioEvent::SynthPanicked(message));
            }
            if let Some(current) = &mut lane {
                self.drain(current, &mut frames);
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

    fn drain(&mut self, lane: &mut MonitorLane, frames: &mut Vec<[f32; 2]>) {
        frames.clear();
        if let Ok(chunk) = lane.frames.read_chunk(lane.frames.slots()) {
            let (first, second) = chunk.as_slices();
            frames.extend_from_slice(first);
            frames.extend_from_slice(second);
            chunk.commit_all();
        }
        let mut observations = lock(&self.shared.observations);
        while let Ok(Heard {
            origin,
            at,
            sounds_after,
        }) = lane.heard.pop()
        {
            observations
                .request_to_sample
                .push(at.saturating_duration_since(origin.asked_at).as_secs_f32());
            observations.sample_to_ear_secs = sounds_after.map(|wait| wait.as_secs_f32());
            log::trace!("generation {} is heard", origin.generation);
        }
        observations.push(frames);
        drop(observations);
        self.record(frames, lane.rate_hz);
    }

    fn record(&self, frames: &[[f32; 2]], rate_hz: u32) {
        if let Some((recorder, error)) = self.shared.recorder.write(frames, rate_hz) {
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
