//! Not real-time: the handle through which window and command line play. Cheap to clone, callable from any thread.

use super::device::{self, BlockSizes, ChooseDevice, DeviceEntry, StreamManager, SystemCards};
use super::engine_parts::{Inner, Parts, died, parts};
use super::events::AudioEvent;
use super::monitor::{EngineMeters, lock};
use super::output::{BlockRenderer, SynthHome, connect};
use super::{AudioError, AudioOptions, Playback};
use crate::sync::Worker;
use crate::values::{ChunkAudio, DecodedChunk, Recording};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

/// The instrument's voice. Dropping the last clone fades out and ends its threads.
#[derive(Clone)]
pub struct AudioEngine {
    pub(super) inner: Arc<Inner>,
}

impl AudioEngine {
    /// Starts the engine, stopped and empty. Never fails: without a device the silent back-end keeps time, and an
    /// event says so.
    pub fn start(options: AudioOptions) -> Self {
        let AudioOptions {
            device,
            block_frames,
            grown_blocks,
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
            block_sizes: BlockSizes::new(block_frames, grown_blocks),
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

    /// Plays `row` as one long source. Published again with more chunks at its end, it goes on where it is. Chunks with a
    /// [`Course`](crate::values::Course) are added to the row without end that answers the same request; those of a newer request
    /// take over at the same moment of the part with the same number.
    pub fn publish_row(&self, row: &[Arc<DecodedChunk>]) {
        if let Some(chunk) = row.last() {
            lock(&self.inner.shared.observations).decode.push(chunk.decode_secs);
        }
        let timed = self.is_playing();
        self.told(lock(&self.inner.source_sender).put_decoded(row, timed));
    }

    /// Brings the recording of a chunk: a published row that is steered by it plays it from the next hop on, faded in.
    pub fn publish_recording(&self, recording: Arc<Recording>) {
        lock(&self.inner.source_sender).put_recording(recording);
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
        lock(&self.inner.source_sender).set_detail(self.playback().detail > 0.0);
    }

    /// How it is played, after pulling into range.
    pub fn playback(&self) -> Playback {
        self.inner.controls.playback()
    }

    /// Jumps to `position` (0..=1), cross-faded.
    pub fn seek(&self, position: f32) {
        self.inner.controls.seek.set(position);
    }

    /// What answers request `generation`, or a newer one, begins `secs` into it. Where it has to wait for a beat of what sounds, and
    /// where the master clock says what sounds, it begins as the beat says.
    pub fn start_at(&self, secs: f32, generation: u64) {
        self.inner.controls.start.set(secs, generation);
    }

    /// Where the playhead is, 0..=1.
    pub fn position(&self) -> f32 {
        self.inner.controls.position.get()
    }

    /// Number of the part that sounds of a row without end, and how many frames of the band axis the playhead is into it; `None`
    /// while another row sounds.
    pub fn course_place(&self) -> Option<(u64, u32)> {
        self.inner.controls.course_place()
    }

    /// Generation of the row without end that was published last, and the number of its last part.
    pub fn course_end(&self) -> Option<(u64, u64)> {
        lock(&self.inner.source_sender).course_end()
    }

    /// The outputs that the system offers now, the default first. Takes a while: keep it off the window's thread.
    pub fn devices(&self) -> Vec<DeviceEntry> {
        device::list()
    }

    /// Changes to the device `id`, or to the system's default, while playing. Where it is missing the default one plays until
    /// it is back.
    pub fn choose_device(&self, id: Option<String>) {
        // Nobody receives when the manager has died, and that was reported.
        let _ = self.inner.requests_tx.send(ChooseDevice { id, anew: false });
    }

    /// As [`choose_device`](Self::choose_device), by a hand: what made blocks grow may be over, so they begin small again.
    pub fn choose_device_anew(&self, id: Option<String>) {
        let _ = self.inner.requests_tx.send(ChooseDevice { id, anew: true });
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
            dropouts: counters.dropouts.load(Relaxed),
            panics: counters.panics.load(Relaxed),
            synth_load: counters.synth_load(),
            device_latency_secs: counters.device_latency().map(|latency| latency.as_secs_f32()),
            sample_to_ear_secs: observations.sample_to_ear_secs,
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
