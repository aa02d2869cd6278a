//! Not real-time: the handle's part that records what is heard.

use super::device::NULL_RATE_HZ;
use super::monitor::{Recorder, lock};
use super::{AudioEngine, AudioError, AudioEvent};
use std::path::Path;
use std::sync::atomic::Ordering::Relaxed;

impl AudioEngine {
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
}
