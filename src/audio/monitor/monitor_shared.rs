//! Not real-time: what the monitor thread and the engine's handle share.

use super::engine_meters::RollingWindow;
use super::recorder::Recorder;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Seconds over which levels are taken.
const LEVEL_SECS: f32 = 0.05;

/// What the monitor found out, for the handle to read. Nobody holds its lock while waiting for something.
#[derive(Default)]
pub struct Observations {
    /// The latest samples, oldest first.
    pub scope: VecDeque<f32>,
    /// Rate of the scope's samples; 0 before the first connection.
    pub rate_hz: u32,
    pub request_to_sample: RollingWindow,
    pub decode: RollingWindow,
}

impl Observations {
    /// Peak and RMS of the latest [`LEVEL_SECS`].
    pub fn levels(&self) -> (f32, f32) {
        let len = ((LEVEL_SECS * self.rate_hz as f32) as usize).min(self.scope.len());
        let recent = self.scope.iter().rev().take(len);
        let peak = recent.clone().fold(0.0f32, |peak, sample| peak.max(sample.abs()));
        let power = recent.map(|sample| sample * sample).sum::<f32>() / len.max(1) as f32;
        (peak, power.sqrt())
    }
}

/// The recording in progress. Its lock is held for as long as the disk takes, so whoever draws reads
/// [`secs`](Self::secs) instead.
pub struct RecorderSlot {
    recorder: Mutex<Option<Recorder>>,
    /// Bits of an `f64`: seconds recorded; NaN while nothing is recorded.
    secs: AtomicU64,
}

impl Default for RecorderSlot {
    fn default() -> Self {
        Self {
            recorder: Mutex::default(),
            secs: AtomicU64::new(f64::NAN.to_bits()),
        }
    }
}

impl RecorderSlot {
    /// Seconds recorded, while something is recorded. Never waits.
    pub fn secs(&self) -> Option<f64> {
        Some(f64::from_bits(self.secs.load(Relaxed))).filter(|secs| !secs.is_nan())
    }

    /// Records to `recorder` from now on.
    pub fn put(&self, recorder: Recorder) {
        let mut slot = lock(&self.recorder);
        self.secs.store(recorder.secs().to_bits(), Relaxed);
        *slot = Some(recorder);
    }

    /// Takes the recording out. Waits for what is being written.
    pub fn take(&self) -> Option<Recorder> {
        let mut slot = lock(&self.recorder);
        self.secs.store(f64::NAN.to_bits(), Relaxed);
        slot.take()
    }

    /// Appends `samples` of `rate_hz` if there is a recording. One that fails is returned with its error.
    pub fn write(&self, samples: &[f32], rate_hz: u32) -> Option<(Recorder, crate::audio::AudioError)> {
        let mut slot = lock(&self.recorder);
        let recorder = slot.as_mut()?;
        let written = recorder.write(samples, rate_hz);
        self.secs.store(recorder.secs().to_bits(), Relaxed);
        let error = written.err()?;
        self.secs.store(f64::NAN.to_bits(), Relaxed);
        slot.take().map(|recorder| (recorder, error))
    }
}

/// State shared by the monitor thread and the handle.
#[derive(Default)]
pub struct MonitorShared {
    pub observations: Mutex<Observations>,
    pub recorder: RecorderSlot,
}

/// Locks `mutex`. All values behind one here are valid at every moment, so a panicking holder leaves no harm.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
