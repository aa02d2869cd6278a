//! Not real-time: what the monitor thread and the engine's handle share.

use super::engine_meters::RollingWindow;
use super::recorder::Recorder;
use crate::dsp::mid_side;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Frames the scope can show.
const SCOPE_LEN: usize = 8_192;

/// Seconds over which levels are taken.
const LEVEL_SECS: f32 = 0.05;

/// Seconds for which the clip light stays on.
const CLIP_HOLD_SECS: f32 = 1.0;

/// What the monitor found out, for the handle to read. Nobody holds its lock while waiting for something.
#[derive(Default)]
pub struct Observations {
    /// The latest stereo frames, oldest first.
    scope: VecDeque<[f32; 2]>,
    /// Rate of the scope's frames; 0 before the first connection.
    pub rate_hz: u32,
    /// Frames until the clip light goes out.
    clip_light_frames: usize,
    pub request_to_sample: RollingWindow,
    /// From that sample's being handed to the device until it sounded, of the last request.
    pub sample_to_ear_secs: Option<f32>,
    pub decode: RollingWindow,
}

impl Observations {
    /// Takes in what was heard since the last call.
    pub fn push(&mut self, frames: &[[f32; 2]]) {
        let clipped = frames
            .iter()
            .rposition(|frame| frame.iter().any(|sample| sample.abs() >= 1.0));
        self.clip_light_frames = match clipped {
            Some(at) => ((CLIP_HOLD_SECS * self.rate_hz as f32) as usize).saturating_sub(frames.len() - at),
            None => self.clip_light_frames.saturating_sub(frames.len()),
        };
        self.scope.extend(frames);
        let surplus = self.scope.len().saturating_sub(SCOPE_LEN);
        self.scope.drain(..surplus);
    }

    /// Peak and RMS of the latest [`LEVEL_SECS`], left and right.
    pub fn levels(&self) -> ([f32; 2], [f32; 2]) {
        let len = ((LEVEL_SECS * self.rate_hz as f32) as usize).min(self.scope.len());
        let recent = || self.scope.iter().rev().take(len);
        let peak = recent().fold([0.0f32; 2], |[left, right], frame| {
            [left.max(frame[0].abs()), right.max(frame[1].abs())]
        });
        let power = recent().fold([0.0f32; 2], |[left, right], frame| {
            [left + frame[0] * frame[0], right + frame[1] * frame[1]]
        });
        (peak, power.map(|sum| (sum / len.max(1) as f32).sqrt()))
    }

    /// Whether something was cut off at full scale within the last second of sound.
    pub fn clips(&self) -> bool {
        self.clip_light_frames > 0
    }

    /// The latest frames as one channel, their mid, oldest first.
    pub fn scope(&self) -> impl Iterator<Item = f32> {
        self.scope.iter().map(|frame| mid_side(*frame)[0])
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

    /// Appends stereo `frames` of `rate_hz` if there is a recording. One that fails is returned with its error.
    pub fn write(&self, frames: &[[f32; 2]], rate_hz: u32) -> Option<(Recorder, crate::audio::AudioError)> {
        let mut slot = lock(&self.recorder);
        let recorder = slot.as_mut()?;
        let written = recorder.write(frames, rate_hz);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_those_of_each_channel() {
        let mut observations = Observations {
            rate_hz: 1_000,
            ..Observations::default()
        };
        observations.push(&[[0.9, 0.9]; 100]);
        observations.push(&[[0.5, -0.25]; 50]);
        let (peak, rms) = observations.levels();
        assert_eq!(peak, [0.5, 0.25]);
        assert!((rms[0] - 0.5).abs() < 1e-6 && (rms[1] - 0.25).abs() < 1e-6, "{rms:?}");
        assert_eq!(observations.scope().last(), Some(0.125));
    }

    #[test]
    fn the_clip_light_stays_on_for_a_second_of_sound() {
        let mut observations = Observations {
            rate_hz: 1_000,
            ..Observations::default()
        };
        observations.push(&[[0.99, 0.99]; 10]);
        assert!(!observations.clips());
        observations.push(&[[0.0, -1.0], [0.0, 0.0]]);
        assert!(observations.clips());
        observations.push(&[[0.0; 2]; 997]);
        assert!(observations.clips());
        observations.push(&[[0.0; 2]; 2]);
        assert!(!observations.clips());
    }
}
