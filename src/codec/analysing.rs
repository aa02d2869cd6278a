//! The spectral codec as what the frame cache asks for.

use super::SpectralCodec;
use crate::corpus::{Analyser, SpectrumTap};
use crate::values::Frames;

/// Raised when the same samples would give other frames: part of the cache's key.
const VERSION: u32 = 1;

/// Frames between two looks at whether to go on: about a second and a half of music, some milliseconds of work.
const FRAMES_PER_LOOK: usize = 256;

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

    fn analyse(&self, samples: &[f32], listener: &mut SpectrumTap, is_stopped: &dyn Fn() -> bool) -> Frames {
        let hop_len = self.axis().hop_len();
        let heard = self.axis().fft_len() == SpectrumTap::FFT_LEN && SpectrumTap::HOP_LEN.is_multiple_of(hop_len);
        let frames_per_spectrum = (SpectrumTap::HOP_LEN / hop_len).max(1);
        self.analyse_while(samples, |frame, power| {
            if heard && frame.is_multiple_of(frames_per_spectrum) {
                listener.hear(power);
            }
            !(frame.is_multiple_of(FRAMES_PER_LOOK) && is_stopped())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dsp::BandAxis;
    use std::cell::Cell;

    #[test]
    fn a_stop_ends_the_analysis_in_its_middle() {
        let codec = SpectralCodec::new(BandAxis::standard());
        let samples = vec![0.1; 6 * FRAMES_PER_LOOK * codec.axis().hop_len()];
        let looks = Cell::new(0);
        let is_stopped = || {
            looks.set(looks.get() + 1);
            looks.get() > 2
        };
        let mut listener = SpectrumTap::new(44_100);
        let frames = Analyser::analyse(&codec, &samples, &mut listener, &is_stopped);
        assert_eq!(looks.get(), 3);
        let worked = frames
            .rows()
            .filter(|row| row.iter().any(|level| *level != 0.0))
            .count();
        assert_eq!(worked, 2 * FRAMES_PER_LOOK + 1);
    }
}
