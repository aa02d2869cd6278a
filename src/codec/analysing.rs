//! The spectral codec as what the frame cache asks for.

use super::SpectralCodec;
use crate::corpus::Analyser;
use crate::space::Frames;

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

    fn analyse(&self, samples: &[f32]) -> Frames {
        Self::analyse(self, samples)
    }
}
