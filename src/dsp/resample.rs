//! Whole recordings from one sample rate to another. (Streams are converted where they flow.)

use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Fft, FixedSync, Resampler};

/// Frames the converter transforms at once.
const BLOCK_LEN: usize = 1_024;

/// Samples are held within this many full scales: 36 dB over.
const LOUDEST: f32 = 64.0;

/// `samples` at `to_hz` instead of `from_hz`; what is no number becomes silence.
///
/// # Errors
/// Rates that cannot be converted, in words.
pub fn resample(samples: &[f32], from_hz: u32, to_hz: u32) -> Result<Vec<f32>, String> {
    let failed = |reason: &dyn std::fmt::Display| format!("{reason} (from {from_hz} Hz to {to_hz} Hz)");
    if from_hz == 0 || to_hz == 0 {
        return Err(failed(&"a sample rate of zero"));
    }
    // The converter panics on what is no number, and on numbers so large that its sums are none.
    let sanitize = |s: &f32| if s.is_finite() { s.clamp(-LOUDEST, LOUDEST) } else { 0.0 };
    let samples: Vec<f32> = samples.iter().map(sanitize).collect();
    if from_hz == to_hz {
        return Ok(samples);
    }
    let mut converter = Fft::<f32>::new(from_hz as usize, to_hz as usize, BLOCK_LEN, 1, FixedSync::Both)
        .map_err(|error| failed(&error))?;
    let input = InterleavedSlice::new(&samples, 1, samples.len()).map_err(|error| failed(&error))?;
    let output = converter
        .process_all(&input, samples.len(), None)
        .map_err(|error| failed(&error))?;
    Ok(output.take_data())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tone_keeps_its_pitch_level_and_length() {
        let tone = |rate_hz: u32| -> Vec<f32> {
            let step = std::f32::consts::TAU * 1_000.0 / rate_hz as f32;
            (0..rate_hz).map(|i| 0.5 * (step * i as f32).sin()).collect()
        };
        for (from, to) in [(24_000, 44_100), (44_100, 24_000), (48_000, 48_000)] {
            let there = resample(&tone(from), from, to).unwrap();
            assert!(there.len().abs_diff(to as usize) <= 1, "{} samples", there.len());
            let middle = to as usize / 4..to as usize * 3 / 4;
            let worst = tone(to)[middle.clone()]
                .iter()
                .zip(&there[middle])
                .map(|(a, b)| (a - b).abs())
                .fold(0.0, f32::max);
            // The converter's delay is cut off in whole samples; up to half a one may stay.
            let half_a_sample = 0.5 * std::f32::consts::TAU * 1_000.0 / to as f32 * 0.5;
            assert!(worst < half_a_sample + 2e-3, "{from} to {to}: off by {worst}");
        }
    }

    #[test]
    fn impossible_rates_are_an_error_and_no_numbers_are_silence() {
        assert!(resample(&[0.0], 0, 44_100).is_err() && resample(&[0.0], 44_100, 0).is_err());
        let out = resample(&[f32::NAN; 4_000], 24_000, 44_100).unwrap();
        assert!(out.iter().all(|sample| *sample == 0.0));
        let wild = resample(&[f32::MAX, -f32::MAX, 1e30, 0.0].repeat(1_000), 24_000, 48_000).unwrap();
        assert!(wild.iter().all(|sample| sample.is_finite()));
    }
}
