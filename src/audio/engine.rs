//! Not real-time: the handle through which window and command line play. Cheap to clone, callable from any thread.

use super::device::{self, ChooseDevice, DeviceEntry, NULL_RATE_HZ, StreamInfo, StreamManager, SystemCards};
use super::events::{AudioEvent, EventSender};
use super::monitor::{EngineMeters, Monitor, MonitorShared, Recorder, lock};
use super::output::{BlockRenderer, Counters, MonitorLane, SourceSender, SynthHome, connect};
use super::synth::{Controls, FADE_HOPS, Repair, Retirement, Synth, SynthLanes, Workshop};
use super::{AudioError, AudioOptions, Playback};
use crate::sync::Worker;
use crate::values::{ChunkAudio, DecodedChunk};
use crossbeam_channel::{Receiver, Sender, unbounded};
use std::path::Path;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// The instrument's voice. Dropping the last clone fades out and ends its threads.
#[derive(Clone)]
pub struct AudioEngine {
    inner: Arc<Inner>,
}

struct Inner {
    controls: Arc<Controls>,
    counters: Arc<Counters>,
    source_sender: Mutex<SourceSender>,
    shared: Arc<MonitorShared>,
    stream_info: Arc<Mutex<Option<StreamInfo>>>,
    requests_tx: Sender<ChooseDevice>,
    events_rx: Receiver<AudioEvent>,
    events: EventSender,
    /// From `request_to_sample` to the moment the spectrum is half-way to its target.
    half_way_secs: f32,
    unmonitored_before: Mutex<u64>,
    /// In the order they must end: the device first, then what feeds it.
    workers: Vec<Worker>,
}

/// What is made before any thread runs.
struct Parts {
    inner: Inner,
    synth: Synth,
    lanes_tx: Sender<MonitorLane>,
    requests_rx: Receiver<ChooseDevice>,
}

impl AudioEngine {
    /// Starts the engine, stopped and empty. Never fails: without a device the silent back-end keeps time, and an
    /// event says so.
    pub fn start(options: AudioOptions) -> Self {
        let AudioOptions {
            device,
            block_frames,
            silent,
            ..
        } = options.clone();
        let Parts {
            mut inner,
            synth,
            lanes_tx,
            requests_rx,
        } = parts(options);
        let manager = StreamManager {
            cards: Box::new(SystemCards),
            home: SynthHome::new(synth),
            wanted: device,
            block_frames,
            silent_only: silent,
            controls: Arc::clone(&inner.controls),
            counters: Arc::clone(&inner.counters),
            lanes_tx,
            requests_rx,
            stream_info: Arc::clone(&inner.stream_info),
            events: inner.events.clone(),
        };
        let manage = Worker::spawn(
            "audio stream",
            move |stop| manager.run(stop),
            died(&inner.events, "stream manager"),
        );
        inner.workers.insert(0, manage);
        Self { inner: Arc::new(inner) }
    }

    /// The same engine without a device and without its threads: the returned renderer is called for every block.
    ///
    /// # Errors
    /// A rate that cannot be converted to.
    pub fn detached(options: AudioOptions, rate_hz: u32) -> Result<(Self, BlockRenderer), AudioError> {
        let Parts {
            inner, synth, lanes_tx, ..
        } = parts(options);
        let link = connect(&SynthHome::new(synth), rate_hz, &inner.controls, &inner.counters)?;
        let _ = lanes_tx.send(link.monitor);
        Ok((Self { inner: Arc::new(inner) }, BlockRenderer::new(link.output)))
    }

    /// Plays `chunk` from the next hop on, cross-faded from what sounds now. The newest wins.
    pub fn publish(&self, chunk: Arc<DecodedChunk>) {
        self.publish_row(&[chunk]);
    }

    /// Plays `row` as one long source. Published again with more chunks at its end, it goes on where it is.
    pub fn publish_row(&self, row: &[Arc<DecodedChunk>]) {
        if let Some(chunk) = row.last() {
            lock(&self.inner.shared.observations).decode.push(chunk.decode_secs);
        }
        let timed = self.is_playing();
        self.told(lock(&self.inner.source_sender).put_decoded(row, timed));
    }

    /// The recording behind the current chunk, to compare with; `None` when there is none.
    pub fn set_original(&self, original: Option<Arc<ChunkAudio>>) {
        self.told(lock(&self.inner.source_sender).put_original(original));
    }

    /// Hear the original (at the same position) instead of the decoded chunk.
    pub fn hear_original(&self, original: bool) {
        self.inner.controls.original.store(original, Relaxed);
    }

    /// Whether the original is switched on.
    pub fn hears_original(&self) -> bool {
        self.inner.controls.original.load(Relaxed)
    }

    /// Starts, or goes on, with a short fade.
    pub fn play(&self) {
        self.inner.controls.playing.store(true, Relaxed);
    }

    /// Stops with a short fade; the position stays.
    pub fn stop(&self) {
        self.inner.controls.playing.store(false, Relaxed);
    }

    /// Whether it was asked to play.
    pub fn is_playing(&self) -> bool {
        self.inner.controls.playing.load(Relaxed)
    }

    /// How to play from the next hop on.
    pub fn set_playback(&self, playback: Playback) {
        self.inner.controls.set_playback(playback);
    }

    /// How it is played, after pulling into range.
    pub fn playback(&self) -> Playback {
        self.inner.controls.playback()
    }

    /// Jumps to `position` (0..=1), cross-faded.
    pub fn seek(&self, position: f32) {
        self.inner.controls.seek.set(position);
    }

    /// Where the playhead is, 0..=1.
    pub fn position(&self) -> f32 {
        self.inner.controls.position.get()
    }

    /// The outputs that the system offers now, the default first. Takes a while: keep it off the window's thread.
    pub fn devices(&self) -> Vec<DeviceEntry> {
        device::list()
    }

    /// Changes to the device `id`, or to the system's default, while playing. Where it is missing the default one plays until
    /// it is back.
    pub fn choose_device(&self, id: Option<String>) {
        // Nobody receives when the manager has died, and that was reported.
        let _ = self.inner.requests_tx.send(ChooseDevice(id));
    }

    /// The engine's figures. Cheap, and never waits for a disk or a device.
    pub fn meters(&self) -> EngineMeters {
        let counters = &self.inner.counters;
        let observations = lock(&self.inner.shared.observations);
        let (peak, rms) = observations.levels();
        EngineMeters {
            request_to_sample: observations.request_to_sample.percentiles(0.0),
            t_50: observations.request_to_sample.percentiles(self.inner.half_way_secs),
            decode: observations.decode.percentiles(0.0),
            late_blocks: counters.late_blocks.load(Relaxed),
            xruns: counters.xruns.load(Relaxed),
            panics: counters.panics.load(Relaxed),
            synth_load: counters.synth_load(),
            device_latency_secs: counters.device_latency_us.load(Relaxed) as f32 * 1e-6,
            device: lock(&self.inner.stream_info).clone(),
            peak,
            rms,
            clips: observations.clips(),
            recording_secs: self.inner.shared.recorder.secs(),
        }
    }

    /// Copies the latest samples heard (the mid of both channels, oldest first, at most 8,192) into `samples` and returns their
    /// rate in Hz.
    pub fn scope(&self, samples: &mut Vec<f32>) -> u32 {
        let observations = lock(&self.inner.shared.observations);
        samples.clear();
        samples.extend(observations.scope());
        observations.rate_hz
    }

    /// Records what is heard to `path` (WAV, stereo, 24 bit) until [`stop_recording`](Self::stop_recording).
    ///
    /// # Errors
    /// The file cannot be created; a recording in progress goes on.
    pub fn start_recording(&self, path: &Path) -> Result<(), AudioError> {
        let rate_hz = match lock(&self.inner.shared.observations).rate_hz {
            0 => NULL_RATE_HZ,
            rate_hz => rate_hz,
        };
        let recorder = Recorder::create(path, rate_hz)?;
        self.stop_recording();
        self.record_to(recorder);
        Ok(())
    }

    pub(super) fn record_to(&self, recorder: Recorder) {
        *lock(&self.inner.unmonitored_before) = self.inner.counters.unmonitored.load(Relaxed);
        let path = recorder.path().to_owned();
        self.inner.shared.recorder.put(recorder);
        self.inner.events.send(AudioEvent::RecordingStarted(path));
    }

    /// Completes the recording, if there is one; an event says how it went.
    pub fn stop_recording(&self) {
        let Some(recorder) = self.inner.shared.recorder.take() else {
            return;
        };
        let (path, secs) = (recorder.path().to_owned(), recorder.secs());
        let lost_samples = self.inner.counters.unmonitored.load(Relaxed) - *lock(&self.inner.unmonitored_before);
        self.inner.events.send(match recorder.finish() {
            Ok(()) => AudioEvent::RecordingStopped {
                path,
                secs,
                lost_samples,
            },
            Err(error) => AudioEvent::RecordingFailed {
                path,
                reason: error.to_string(),
            },
        });
    }

    /// What happened since the last call.
    pub fn poll_events(&self) -> Vec<AudioEvent> {
        self.inner.events_rx.try_iter().collect()
    }

    /// Plays a source that no published chunk can become.
    #[cfg(test)]
    pub(super) fn publish_source(&self, source: super::synth::Source) {
        lock(&self.inner.source_sender).put(source);
    }

    fn told(&self, result: Result<(), AudioError>) {
        if let Err(error) = result {
            self.inner.events.send(AudioEvent::Rejected(error.to_string()));
        }
    }
}

impl std::fmt::Debug for AudioEngine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AudioEngine")
            .field("playing", &self.is_playing())
            .finish_non_exhaustive()
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.controls.playing.store(false, Relaxed);
        let deadline = Instant::now() + Duration::from_millis(100);
        while self.workers.len() > 1 && self.controls.sounding.load(Relaxed) && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(2));
        }
        for worker in self.workers.drain(..) {
            drop(worker);
        }
    }
}

fn parts(options: AudioOptions) -> Parts {
    let AudioOptions { axis, seed, waker, .. } = options;
    let controls = Arc::new(Controls::default());
    let counters = Arc::new(Counters::default());
    let shared = Arc::new(MonitorShared::default());
    let (events, events_rx) = EventSender::new(waker);
    let (decoded_tx, decoded_rx) = triple_buffer::triple_buffer(&None);
    let (original_tx, original_rx) = triple_buffer::triple_buffer(&None);
    let (retirement, retired) = Retirement::lane();
    let (repair, repair_lane) = Repair::lane();
    let lanes = SynthLanes {
        decoded_inbox: decoded_rx,
        original_inbox: original_rx,
        retirement,
        repair,
    };
    let (lanes_tx, lanes_rx) = unbounded();
    let (requests_tx, requests_rx) = unbounded();
    let monitor = Monitor {
        retired,
        workshop: Workshop::new(repair_lane, axis.clone(), seed),
        lanes_rx,
        shared: Arc::clone(&shared),
        controls: Arc::clone(&controls),
        events: events.clone(),
    };
    let watch = Worker::spawn("audio monitor", move |stop| monitor.run(stop), died(&events, "monitor"));
    let half_way = axis.fft_len() / 2 + usize::from(FADE_HOPS) / 2 * axis.hop_len();
    Parts {
        synth: Synth::new(&axis, seed, Arc::clone(&controls), lanes),
        inner: Inner {
            controls,
            counters,
            source_sender: Mutex::new(SourceSender::new(
                decoded_tx,
                original_tx,
                axis.bands(),
                axis.hop_len(),
                axis.sample_rate_hz(),
            )),
            shared,
            stream_info: Arc::default(),
            requests_tx,
            events_rx,
            events,
            half_way_secs: half_way as f32 / axis.sample_rate_hz() as f32,
            unmonitored_before: Mutex::new(0),
            workers: vec![watch],
        },
        lanes_tx,
        requests_rx,
    }
}

fn died(events: &EventSender, who: &'static str) -> impl FnOnce(String) + Send + 'static {
    let events = events.clone();
    move |message| events.send(AudioEvent::Died(format!("the audio {who} stopped: {message}")))
}
