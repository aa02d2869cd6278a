//! The level every clip is brought to before it is analysed, so that a space does not learn mastering levels.

use super::remove_subsonic;
use super::wide::wide;

/// RMS level of a clip after [`normalise`]: a fixed reference, never a maximum of a part.
pub const REFERENCE_DBFS: f32 = -20.0;

/// Sums and maxima run side by side so many at once.
const LANES: usize = 8;

/// A clip quieter than this is noise or silence and is left alone.
const QUIETEST_DBFS: f32 = -80.0;

/// RMS level in dB relative to a full-scale square wave; samples that are not numbers count as silence.
pub fn rms_dbfs(samples: &[f32]) -> f32 {
    let square = |sample: f32| {
        let square = f64::from(sample) * f64::from(sample);
        if sample.is_finite() { square } else { 0.0 }
    };
    let energy = wide(
        #[inline(always)]
        || sum(samples, square),
    );
    (10.0 * (energy / samples.len().max(1) as f64).log10()) as f32
}

/// Largest magnitude; samples that are not numbers count as silence.
pub fn peak(samples: &[f32]) -> f32 {
    let mut lanes = [0.0f32; LANES];
    for part in samples.chunks(LANES) {
        for (lane, sample) in lanes.iter_mut().zip(part) {
            let magnitude = if sample.is_finite() { sample.abs() } else { 0.0 };
            *lane = if magnitude > *lane { magnitude } else { *lane };
        }
    }
    lanes.into_iter().fold(0.0, f32::max)
}

/// Sum of `of` over the samples, in several sums side by side: one after the other, each addition waits for the last.
#[inline(always)]
pub(super) fn sum(samples: &[f32], of: impl Fn(f32) -> f64) -> f64 {
    let mut lanes = [0.0f64; LANES];
    let parts = samples.chunks_exact(LANES);
    let rest: f64 = parts.remainder().iter().map(|sample| of(*sample)).sum();
    for part in parts {
        for (lane, sample) in lanes.iter_mut().zip(part) {
            *lane += of(*sample);
        }
    }
    lanes.iter().sum::<f64>() + rest
}

/// Frees a whole clip of what lies under hearing (an offset alone can be half of a clip's power), scales it to
/// [`REFERENCE_DBFS`] and returns the gain in dB. Samples that are not numbers become silence; a silent clip stays so.
pub fn normalise(samples: &mut [f32], sample_rate_hz: u32) -> f32 {
    for sample in samples.iter_mut() {
        *sample = if sample.is_finite() { *sample } else { 0.0 };
    }
    remove_subsonic(samples, sample_rate_hz);
    let level = rms_dbfs(samples);
    if level < QUIETEST_DBFS {
        return 0.0;
    }
    let gain_db = REFERENCE_DBFS - level;
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
