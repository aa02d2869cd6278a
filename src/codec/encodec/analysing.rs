//! EnCodec as what the frame cache asks for.

use super::EncodecCodec;
use crate::corpus::{Analyser, SpectrumTap};
use crate::values::Frames;

/// Raised when the same samples and weights would give other latents: part of the cache's key.
const VERSION: u32 = 1;

impl Analyser for EncodecCodec {
    fn id(&self) -> String {
        format!("encodec v{VERSION}, weights {}", self.weights_hash())
    }

    fn bands(&self) -> usize {
        self.latent_dims()
    }

    fn sample_rate_hz(&self) -> u32 {
        Self::sample_rate_hz(self)
    }

    fn hop_len(&self) -> usize {
        Self::hop_len(self)
    }

    fn analyse(&self, samples: &[f32], _: &mut SpectrumTap, is_stopped: &dyn Fn() -> bool) -> Frames {
        self.encode_until(samples, is_stopped)
    }
}
