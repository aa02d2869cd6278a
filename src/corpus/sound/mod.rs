//! What one clip sounds like in a few numbers, measured once while it is decoded: features for the emotion estimate
//! and a fingerprint for finding the same recording twice. Pure; any thread. Codec-independent on purpose.

mod fingerprint;
mod profile;
mod rhythm;
mod tonality;

pub use fingerprint::Fingerprint;
pub use profile::SoundProfile;

use crate::dsp::{PowerPairs, sum};
use tonality::Chroma;

/// Makes both of one clip's power spectra.
///
/// A codec that makes such spectra for its frames lets it [`hear`](Self::hear) them; otherwise it makes its own, which
/// costs a seventh of an import's time.
pub struct SpectrumTap {
    sample_rate_hz: u32,
    profile: profile::Builder,
    fingerprint: fingerprint::Builder,
    heard: bool,
}

impl SpectrumTap {
    /// Samples under the Blackman window of a spectrum.
    pub const FFT_LEN: usize = 2_048;
    /// Samples between the centres of spectra; the first is centred on the first sample.
    pub const HOP_LEN: usize = 1_024;

    /// For a clip at this rate.
    pub fn new(sample_rate_hz: u32) -> Self {
        let bin_hz = sample_rate_hz as f32 / Self::FFT_LEN as f32;
        let frame_rate_hz = sample_rate_hz as f32 / Self::HOP_LEN as f32;
        Self {
            sample_rate_hz,
            profile: profile::Builder::new(bin_hz, frame_rate_hz),
            fingerprint: fingerprint::Builder::new(bin_hz, frame_rate_hz),
            heard: false,
        }
    }

    /// Takes the clip's next power spectrum, `[FFT_LEN / 2 + 1]`, as [`PowerPairs`] makes them.
    pub fn hear(&mut self, power: &[f32]) {
        self.heard = true;
        self.profile.push(power);
        self.fingerprint.push(power);
    }

    /// Profile and fingerprint of the clip, whose mono samples at the reference loudness are `samples`.
    pub(super) fn finish(mut self, samples: &[f32]) -> (SoundProfile, Fingerprint) {
        if !self.heard {
            PowerPairs::new(Self::FFT_LEN, Self::HOP_LEN).each(samples, |_, power| self.hear(power));
        }
        let chroma = Chroma::of(samples, self.sample_rate_hz);
        (self.profile.finish(&chroma), self.fingerprint.finish())
    }
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
