//! How loud a recording is, and how unlike two of them sound.

use super::mean_power;

/// Third-octave bands from 63 Hz to 10 kHz.
const BANDS: usize = 23;

/// Root mean square in dBFS; -120 for silence.
pub fn level_db(samples: &[f32]) -> f32 {
    let power = samples.iter().map(|sample| sample * sample).sum::<f32>() / samples.len().max(1) as f32;
    10.0 * power.max(1e-12).log10()
}

/// Mean absolute difference in dB between two mean spectra in third-octave bands, both brought to the same level first:
/// another timbre, not another volume.
pub fn unlikeness_db(a: &[f32], b: &[f32], rate_hz: u32) -> f32 {
    let (a, b) = (bands_db(a, rate_hz), bands_db(b, rate_hz));
    let mean = |bands: &[f32; BANDS]| bands.iter().sum::<f32>() / BANDS as f32;
    let shift = mean(&a) - mean(&b);
    a.iter().zip(&b).map(|(a, b)| (a - b - shift).abs()).sum::<f32>() / BANDS as f32
}

fn bands_db(samples: &[f32], rate_hz: u32) -> [f32; BANDS] {
    const SIXTH_OCTAVE: f32 = 1.122_462;
    let power = mean_power(samples);
    let bin_of = |hz: f32| ((hz * 2.0 * (power.len() - 1) as f32 / rate_hz as f32) as usize).clamp(1, power.len() - 1);
    std::array::from_fn(|band| {
        let centre_hz = 63.0 * 2.0f32.powf(band as f32 / 3.0);
        let bins = &power[bin_of(centre_hz / SIXTH_OCTAVE)..=bin_of(centre_hz * SIXTH_OCTAVE)];
        // A floor far under anything heard, so that silence is not infinitely unlike silence.
        10.0 * (bins.iter().sum::<f32>() + 1e-9).log10()
    })
}
