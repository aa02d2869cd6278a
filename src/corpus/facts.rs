//! What is measured of a clip while it is decoded, once, and kept beside its frames. Pure; any thread.

use super::ProblemKind;
use super::decode::Decoded;
use serde::{Deserialize, Serialize};

/// RMS level every clip is brought to before its frames are made, in dBFS.
pub const REFERENCE_DB: f32 = -20.0;
/// A clip quieter than this throughout is silence.
const SILENCE_DB: f32 = -70.0;
/// A block quieter than this is a silent part.
const QUIET_DB: f32 = -60.0;
/// Length of the blocks in which silence is looked for.
const BLOCK_SECS: f32 = 0.1;
/// Magnitude at which a sample counts as clipped.
const CLIPPED: f32 = 0.999;

/// One clip's measurements.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ClipFacts {
    pub duration_secs: f32,
    /// The file's own rate.
    pub sample_rate_hz: u32,
    /// The file's own channels.
    pub channels: u16,
    pub peak_db: f32,
    pub rms_db: f32,
    /// Share of samples at full scale.
    pub clipped: f32,
    /// Share of the clip that is silent.
    pub silent: f32,
    /// What the decoder remarked.
    pub notes: Vec<(ProblemKind, String)>,
}

impl ClipFacts {
    /// Part of every cache key: raised when a measurement changes.
    pub const VERSION: u32 = 1;

    pub(super) fn measure(decoded: &Decoded, sample_rate_hz: u32) -> Self {
        let samples = &decoded.samples;
        let share = |count: usize, of: usize| count as f32 / of.max(1) as f32;
        let block_len = ((sample_rate_hz as f32 * BLOCK_SECS) as usize).max(1);
        let blocks = samples.chunks(block_len);
        Self {
            duration_secs: samples.len() as f32 / sample_rate_hz as f32,
            sample_rate_hz: decoded.sample_rate_hz,
            channels: decoded.channels,
            peak_db: decibels(samples.iter().fold(0.0, |peak, sample| sample.abs().max(peak))),
            rms_db: rms_db(samples),
            clipped: share(
                samples.iter().filter(|sample| sample.abs() >= CLIPPED).count(),
                samples.len(),
            ),
            silent: share(
                blocks.clone().filter(|block| rms_db(block) < QUIET_DB).count(),
                blocks.len(),
            ),
            notes: decoded.notes.clone(),
        }
    }

    /// Factor that brings the clip to [`REFERENCE_DB`].
    pub fn reference_gain(&self) -> f32 {
        10f32.powf((REFERENCE_DB - self.rms_db.max(SILENCE_DB)) / 20.0)
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

fn rms_db(samples: &[f32]) -> f32 {
    let sum: f64 = samples.iter().map(|sample| f64::from(*sample).powi(2)).sum();
    decibels((sum / samples.len().max(1) as f64).sqrt() as f32)
}

/// Level of an amplitude, at least -200 dB.
fn decibels(amplitude: f32) -> f32 {
    20.0 * amplitude.max(1e-10).log10()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(samples: Vec<f32>) -> ClipFacts {
        ClipFacts::measure(
            &Decoded {
                samples,
                sample_rate_hz: 8_000,
                channels: 1,
                notes: vec![],
            },
            8_000,
        )
    }

    #[test]
    fn levels_clipping_and_silence_are_measured() {
        let half: Vec<f32> = (0..16_000)
            .map(|i| {
                if i < 8_000 {
                    if i % 2 == 0 { 1.0 } else { -1.0 }
                } else {
                    0.0
                }
            })
            .collect();
        let facts = facts(half);
        assert_eq!(facts.duration_secs, 2.0);
        assert!((facts.peak_db - 0.0).abs() < 1e-4);
        assert!((facts.rms_db + 3.01).abs() < 0.01, "half of it at full scale");
        assert_eq!((facts.clipped, facts.silent), (0.5, 0.5));
        assert_eq!(facts.unusable(1.0), None);
        assert!(facts.unusable(3.0).unwrap().contains("2.00 s"));
    }

    #[test]
    fn the_gain_reaches_the_reference_and_never_explodes() {
        let loud = facts(vec![0.5; 8_000]);
        let after: Vec<f32> = vec![0.5 * loud.reference_gain(); 8_000];
        assert!((rms_db(&after) - REFERENCE_DB).abs() < 1e-3);
        let silent = facts(vec![0.0; 8_000]);
        assert!(silent.reference_gain() < 400.0);
        assert!(silent.unusable(0.1).is_some());
    }
}
