//! The level every clip is brought to before it is analysed, so that a space does not learn mastering levels.

use super::lanes::{max_of, sum_of};
use super::remove_subsonic;
use super::simd::wide;

/// RMS level of a clip after [`normalise`]: a fixed reference, never a maximum of a part.
pub const REFERENCE_DBFS: f32 = -20.0;

/// A clip quieter than this is noise or silence and is left alone.
const QUIETEST_DBFS: f32 = -80.0;

/// RMS level in dB relative to a full-scale square wave; samples that are not numbers count as silence.
pub fn rms_dbfs(samples: &[f32]) -> f32 {
    level_dbfs(energy(samples), samples.len())
}

/// Sum of the squares; samples that are not numbers count as silence.
pub fn energy(samples: &[f32]) -> f64 {
    let square = |sample: f32| {
        let square = f64::from(sample) * f64::from(sample);
        if sample.is_finite() { square } else { 0.0 }
    };
    wide(
        #[inline(always)]
        || sum_of(samples, square),
    )
}

/// The RMS level of `count` samples with `energy` together.
pub fn level_dbfs(energy: f64, count: usize) -> f32 {
    (10.0 * (energy / count.max(1) as f64).log10()) as f32
}

/// Largest magnitude; samples that are not numbers count as silence.
pub fn peak(samples: &[f32]) -> f32 {
    let magnitude = |sample: f32| if sample.is_finite() { sample.abs() } else { 0.0 };
    wide(
        #[inline(always)]
        || max_of(samples, magnitude),
    )
}

/// The gain in dB that brings a clip of `level_dbfs` to [`REFERENCE_DBFS`]; none for what is silent.
pub fn gain_to_reference_db(level_dbfs: f32) -> f32 {
    if level_dbfs < QUIETEST_DBFS {
        0.0
    } else {
        REFERENCE_DBFS - level_dbfs
    }
}

/// Frees a whole clip of what lies under hearing (an offset alone can be half of a clip's power), scales it to
/// [`REFERENCE_DBFS`] and returns the gain in dB. Samples that are not numbers become silence; a silent clip stays so.
pub fn normalise(samples: &mut [f32], sample_rate_hz: u32) -> f32 {
    for sample in samples.iter_mut() {
        *sample = if sample.is_finite() { *sample } else { 0.0 };
    }
    remove_subsonic(samples, sample_rate_hz);
    let gain_db = gain_to_reference_db(rms_dbfs(samples));
    if gain_db == 0.0 {
        return 0.0;
    }
    let gain = 10f32.powf(gain_db / 20.0);
    for sample in samples {
        *sample *= gain;
    }
    gain_db
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_clip_ends_at_the_reference_or_silent(samples in prop::collection::vec(any::<f32>(), 0..500)) {
            let mut clip: Vec<f32> = samples.iter().map(|sample| sample.clamp(-1.0, 1.0)).collect();
            let gain_db = normalise(&mut clip, 44_100);
            prop_assert!(clip.iter().all(|sample| sample.is_finite()));
            let level = rms_dbfs(&clip);
            prop_assert!((level - REFERENCE_DBFS).abs() < 0.01 || (gain_db == 0.0 && level < QUIETEST_DBFS));
        }
    }
}
