//! The spectral codec as what the frame cache asks for.

use super::SpectralCodec;
use crate::corpus::{Analyser, SpectrumTap};
use crate::values::Frames;

/// Raised when the same samples would give other frames: part of the cache's key.
const VERSION: u32 = 1;

impl Analyser for SpectralCodec {
    fn id(&self) -> String {
        format!("spectral v{VERSION}, FFT {}", self.axis().fft_len())
    }

    fn bands(&self) -> usize {
        self.axis().bands()
    }

    fn sample_rate_hz(&self) -> u32 {
        self.axis().sample_rate_hz()
    }

    fn hop_len(&self) -> usize {
        self.axis().hop_len()
    }

    fn analyse(&self, samples: &[f32], listener: &mut SpectrumTap) -> Frames {
        let hop_len = self.axis().hop_len();
        let heard = self.axis().fft_len() == SpectrumTap::FFT_LEN && SpectrumTap::HOP_LEN.is_multiple_of(hop_len);
        let frames_per_spectrum = (SpectrumTap::HOP_LEN / hop_len).max(1);
        self.analyse_with(samples, |frame, power| {
            if heard && frame.is_multiple_of(frames_per_spectrum) {
                listener.hear(power);
            }
        })
    }
}
