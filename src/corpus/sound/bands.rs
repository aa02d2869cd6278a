//! Bands of equal width in octaves over power spectra. Pure.

use crate::dsp::sum;

/// Bin ranges of `count` bands of equal width in octaves between two frequencies; each holds a bin at least.
pub(super) fn octave_bands(count: usize, from_hz: f32, to_hz: f32, bin_hz: f32) -> Vec<std::ops::Range<usize>> {
    let edge = |i: usize| from_hz * (to_hz / from_hz).powf(i as f32 / count as f32);
    (0..count)
        .map(|i| {
            let start = (edge(i) / bin_hz).round() as usize;
            start..((edge(i + 1) / bin_hz).round() as usize).max(start + 1)
        })
        .collect()
}

/// Summed power of each band; bins beyond the spectrum are silent.
pub(super) fn band_power(power: &[f32], bands: &[std::ops::Range<usize>], out: &mut Vec<f32>) {
    let inside = |band: &std::ops::Range<usize>| power.get(band.start..band.end.min(power.len())).map_or(0.0, sum);
    out.clear();
    out.extend(bands.iter().map(inside));
}
