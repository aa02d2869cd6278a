//! Real-time: the spectrum of samples that were just played.

use crate::dsp::{BandAxis, Stft};
use realfft::num_complex::Complex32;

/// The newest samples of a voice, one window of them.
pub struct HeardSpectrum {
    stft: Stft,
    window: [Vec<f32>; 2],
}

impl HeardSpectrum {
    /// Silence, for spectra of `axis`.
    pub fn new(axis: &BandAxis) -> Self {
        Self {
            stft: Stft::new(axis.fft_len(), axis.hop_len()),
            window: [vec![0.0; axis.fft_len()], vec![0.0; axis.fft_len()]],
        }
    }

    /// Takes the next hop and adds the spectrum of what it ends, times `gain`, to `sum`.
    pub fn add_to(&mut self, hop: &[[f32; 2]], gain: f32, sum: &mut [Vec<Complex32>; 2]) {
        for (channel, (window, sum)) in self.window.iter_mut().zip(sum).enumerate() {
            window.copy_within(hop.len().., 0);
            let kept = window.len() - hop.len();
            for (window, frame) in window[kept..].iter_mut().zip(hop) {
                *window = frame[channel];
            }
            let centre = window.len() / 2;
            for (sum, own) in sum.iter_mut().zip(self.stft.spectrum_around(window, centre)) {
                *sum += *own * gain;
            }
        }
    }
}
