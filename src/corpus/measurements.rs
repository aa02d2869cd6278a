//! What is measured of a clip while it is decoded, once, and kept beside its frames. Pure; any thread.

use super::decode::{self, Decoded};
use super::sound::{Fingerprint, SoundProfile, SpectrumTap};
use super::{DecodeError, ProblemKind};
use crate::dsp::loudness;
use crate::values::Groove;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// A clip quieter than this throughout is silence.
const SILENCE_DB: f32 = -70.0;
/// A block this quiet, once the clip is at the reference loudness, is a silent part.
const QUIET_DB: f32 = -60.0;
/// Levels are no lower, so that they stay finite.
const QUIETEST_DB: f32 = -120.0;
/// Length of the blocks in which silence is looked for.
const BLOCK_SECS: f32 = 0.1;
/// Magnitude at which a sample counts as clipped.
const CLIPPED: f32 = 0.999;

/// One clip's measurements.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ClipMeasurements {
    /// Of what was decoded: a longer clip ends at the length limit.
    pub duration_secs: f32,
    /// The file's own rate.
    pub sample_rate_hz: u32,
    /// The file's own channels.
    pub channels: u16,
    /// Highest magnitude in dBFS before the loudness was changed; -120 for silence.
    pub peak_db: f32,
    /// Level in dBFS over the whole clip before its loudness was changed.
    pub rms_db: f32,
    /// Share of samples at full scale.
    pub clipped: f32,
    /// Share of the clip that is silent.
    pub silent: f32,
    /// What an emotion estimate looks at.
    pub sound: SoundProfile,
    /// For finding the same recording again.
    pub fingerprint: Fingerprint,
    /// When it beats, and in which key it is.
    pub groove: Groove,
    /// What the decoder remarked.
    pub notes: Vec<(ProblemKind, String)>,
}

impl ClipMeasurements {
    /// Part of every cache key: raised when a measurement changes.
    pub const VERSION: u32 = 10;

    /// Brings the samples of `decoded` to the reference loudness and measures them. On the way `analyse` may look at them and
    /// let the listener hear what spectra it makes; its result comes second.
    pub(super) fn measure<R>(
        decoded: &mut Decoded,
        sample_rate_hz: u32,
        analyse: impl FnOnce(&[f32], &mut SpectrumTap) -> R,
    ) -> (Self, R) {
        let samples = &mut decoded.samples;
        let peak = loudness::peak(samples);
        let clipped = if peak < CLIPPED {
            0
        } else {
            samples.iter().filter(|sample| sample.abs() >= CLIPPED).count()
        };
        let gain_db = loudness::normalise(samples, sample_rate_hz);
        let block_len = ((sample_rate_hz as f32 * BLOCK_SECS) as usize).max(1);
        let (mut energy, mut quiet) = (0.0, 0);
        for block in samples.chunks(block_len) {
            let own = loudness::energy(block);
            quiet += usize::from(loudness::level_dbfs(own, block.len()) < QUIET_DB);
            energy += own;
        }
        let rms_db = loudness::level_dbfs(energy, samples.len()).max(QUIETEST_DB) - gain_db;
        let share = |count: usize, of: usize| count as f32 / of.max(1) as f32;
        let mut listener = SpectrumTap::new(sample_rate_hz);
        let analysed = analyse(samples, &mut listener);
        let (sound, fingerprint, groove) = listener.finish(samples);
        let measurements = Self {
            duration_secs: samples.len() as f32 / sample_rate_hz as f32,
            sample_rate_hz: decoded.sample_rate_hz,
            channels: decoded.channels,
            peak_db: 20.0 * peak.max(1e-6).log10(),
            rms_db,
            clipped: share(clipped, samples.len()),
            silent: share(quiet, samples.len().div_ceil(block_len)),
            sound,
            fingerprint,
            groove,
            notes: decoded.notes.clone(),
        };
        (measurements, analysed)
    }

    /// By how much the clip was made louder before it was analysed, in dB.
    pub(super) fn gain_db(&self) -> f32 {
        loudness::gain_to_reference_db(self.rms_db)
    }

    /// Why the clip cannot be used, if it cannot.
    pub(super) fn unusable(&self, min_secs: f32) -> Option<String> {
        if self.rms_db < SILENCE_DB {
            Some("it is silent throughout".into())
        } else if self.duration_secs < min_secs {
            Some(format!(
                "it is {:.2} s long and one chunk needs {min_secs:.2} s",
                self.duration_secs
            ))
        } else {
            None
        }
    }
}

/// When the recording at `path` beats, and in which key it is, as an import would find it at `sample_rate_hz`.
///
/// # Errors
/// When it cannot be decoded; [`DecodeError::Stopped`] soon after `is_stopped` says so.
pub fn listen_for_groove(
    path: &Path,
    sample_rate_hz: u32,
    is_stopped: &(dyn Fn() -> bool + Sync),
) -> Result<Groove, DecodeError> {
    let mut decoded = decode::decode(path, sample_rate_hz, decode::DEFAULT_LIMIT_SECS, is_stopped)?;
    loudness::normalise(&mut decoded.samples, sample_rate_hz);
    Ok(SpectrumTap::new(sample_rate_hz).finish(&decoded.samples).2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measurements(samples: Vec<f32>) -> (ClipMeasurements, Vec<f32>) {
        let mut decoded = Decoded {
            samples,
            sample_rate_hz: 8_000,
            channels: 1,
            notes: vec![],
        };
        let (measurements, ()) = ClipMeasurements::measure(&mut decoded, 8_000, |_, _| ());
        (measurements, decoded.samples)
    }

    #[test]
    fn levels_clipping_and_silence_are_measured() {
        let tone = |i: usize| {
            if i < 8_000 {
                (i as f32 * 0.8).sin().signum()
            } else {
                0.0
            }
        };
        let (measurements, samples) = measurements((0..16_000).map(tone).collect());
        assert_eq!(measurements.duration_secs, 2.0);
        assert!(measurements.peak_db.abs() < 1e-4);
        assert!(
            (measurements.rms_db + 3.01).abs() < 0.1,
            "half of it at full scale: {}",
            measurements.rms_db
        );
        assert_eq!(measurements.clipped, 0.5);
        assert!(
            (measurements.silent - 0.5).abs() < 0.11,
            "the filter rings a little: {}",
            measurements.silent
        );
        assert!((loudness::rms_dbfs(&samples) - loudness::REFERENCE_DBFS).abs() < 0.1);
        let again_db = loudness::rms_dbfs(&samples) - measurements.rms_db;
        assert!((measurements.gain_db() - again_db).abs() < 1e-4, "{again_db} dB");
        assert_eq!(measurements.unusable(1.0), None);
        assert!(measurements.unusable(3.0).unwrap().contains("2.00 s"));
    }

    #[test]
    fn silence_and_a_mere_offset_are_unusable() {
        for samples in [vec![0.0; 8_000], vec![0.5; 8_000]] {
            let (measurements, samples) = measurements(samples);
            assert!(measurements.unusable(0.1).is_some(), "{}", measurements.rms_db);
            assert!(samples.iter().all(|sample| sample.is_finite()));
        }
    }
}
