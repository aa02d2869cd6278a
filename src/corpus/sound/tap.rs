//! Hears a clip's power spectra and makes its profile, its fingerprint and its beats of them. Pure.

use super::beats::groove;
use super::fingerprint::{self, Fingerprint};
use super::profile::{self, SoundProfile};
use super::tonality::Chroma;
use crate::dsp::PowerPairs;
use crate::values::Groove;

/// Makes all of them of one clip's power spectra.
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

    /// Profile, fingerprint and beats of the clip, whose mono samples at the reference loudness are `samples`.
    pub(in crate::corpus) fn finish(mut self, samples: &[f32]) -> (SoundProfile, Fingerprint, Groove) {
        if !self.heard {
            PowerPairs::new(Self::FFT_LEN, Self::HOP_LEN).each(samples, |_, power| self.hear(power));
        }
        let chroma = Chroma::of(samples, self.sample_rate_hz);
        let strength = self.profile.strength();
        let groove = groove(strength, Self::HOP_LEN, samples, self.sample_rate_hz, chroma.key());
        (self.profile.finish(&chroma), self.fingerprint.finish(), groove)
    }
}
