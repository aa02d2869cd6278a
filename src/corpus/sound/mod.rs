//! What one clip sounds like in a few numbers, measured once while it is decoded: features for the emotion estimate
//! and a fingerprint for finding the same recording twice. Pure; any thread. Codec-independent on purpose.

mod fingerprint;
mod profile;
mod rhythm;
mod tonality;

pub use fingerprint::Fingerprint;
pub use profile::SoundProfile;

use crate::dsp::{PowerPairs, sum};

/// Samples between the coarse spectra both are made from.
const HOP_LEN: usize = 1_024;

/// Profile and fingerprint of mono samples at the reference loudness.
pub(super) fn listen(samples: &[f32], sample_rate_hz: u32) -> (SoundProfile, Fingerprint) {
    let fft_len = if sample_rate_hz > 32_000 { 4_096 } else { 2_048 };
    let mut pairs = PowerPairs::new(fft_len, HOP_LEN);
    let bin_hz = sample_rate_hz as f32 / fft_len as f32;
    let frame_rate_hz = sample_rate_hz as f32 / HOP_LEN as f32;
    let mut profile = profile::Builder::new(bin_hz, frame_rate_hz);
    let mut fingerprint = fingerprint::Builder::new(bin_hz, frame_rate_hz);
    pairs.each(samples, |_, power| {
        profile.push(power);
        fingerprint.push(power);
    });
    (profile.finish(), fingerprint.finish())
}

/// Bin ranges of `count` bands of equal width in octaves between two frequencies; each holds a bin at least.
fn octave_bands(count: usize, from_hz: f32, to_hz: f32, bin_hz: f32) -> Vec<std::ops::Range<usize>> {
    let edge = |i: usize| from_hz * (to_hz / from_hz).powf(i as f32 / count as f32);
    (0..count)
        .map(|i| {
            let start = (edge(i) / bin_hz).round() as usize;
            start..((edge(i + 1) / bin_hz).round() as usize).max(start + 1)
        })
        .collect()
}

/// Summed power of each band; bins beyond the spectrum are silent.
fn band_power(power: &[f32], bands: &[std::ops::Range<usize>], out: &mut Vec<f32>) {
    let inside = |band: &std::ops::Range<usize>| power.get(band.start..band.end.min(power.len())).map_or(0.0, sum);
    out.clear();
    out.extend(bands.iter().map(inside));
}
