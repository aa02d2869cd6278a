//! Power spectra for analysis, two frames per transform.
//!
//! A spectrogram without phases needs less than [`Stft`](super::Stft) gives: two real frames are the real and imaginary
//! parts of one complex transform, and its mirrored halves give both powers apart without a twiddle factor. Analysing
//! songs takes a third less time than with one real transform per frame.

use super::Window;
use rustfft::num_complex::Complex32;
use rustfft::{Fft, FftPlanner};
use std::sync::Arc;

/// Powers of neighbouring frames of one signal; frame `k` is centred on sample `k * hop_len`, with silence beyond both
/// ends. A full-scale sine in the middle of a bin reads 1 (0 dBFS).
pub struct PowerPairs {
    window: Window,
    hop_len: usize,
    forward: Arc<dyn Fft<f32>>,
    pair: Vec<Complex32>,
    scratch: Vec<Complex32>,
    scale: f32,
}

impl PowerPairs {
    /// Windows of `fft_len` samples, `hop_len` apart.
    pub fn new(fft_len: usize, hop_len: usize) -> Self {
        let window = Window::blackman(fft_len);
        let forward = FftPlanner::new().plan_fft_forward(fft_len);
        Self {
            hop_len,
            pair: vec![Complex32::ZERO; fft_len],
            scratch: vec![Complex32::ZERO; forward.get_inplace_scratch_len()],
            forward,
            // A quarter, because the sum and the difference of mirrored values hold every part twice.
            scale: 0.25 * window.full_scale().powi(-2),
            window,
        }
    }

    /// Frames that cover `samples` samples.
    pub fn frames(&self, samples: usize) -> usize {
        samples.div_ceil(self.hop_len)
    }

    /// Writes the power spectra `[fft_len / 2 + 1]` of frame `frame` and of the one after it. Samples that are not
    /// numbers count as silence.
    pub fn powers(&mut self, samples: &[f32], frame: usize, first: &mut [f32], second: &mut [f32]) {
        let len = self.pair.len();
        let start = frame * self.hop_len;
        let sample = |at: usize| {
            let sample = at
                .checked_sub(len / 2)
                .and_then(|at| samples.get(at))
                .copied()
                .unwrap_or(0.0);
            if sample.is_finite() { sample } else { 0.0 }
        };
        for ((i, value), weight) in self.pair.iter_mut().enumerate().zip(self.window.values()) {
            *value = Complex32::new(sample(start + i), sample(start + i + self.hop_len)) * weight;
        }
        self.forward.process_with_scratch(&mut self.pair, &mut self.scratch);
        let mirrored = std::iter::once(&self.pair[0]).chain(self.pair.iter().rev());
        for (((value, mirror), first), second) in self.pair.iter().zip(mirrored).zip(first).zip(second) {
            *first = self.scale * ((value.re + mirror.re).powi(2) + (value.im - mirror.im).powi(2));
            *second = self.scale * ((value.re - mirror.re).powi(2) + (value.im + mirror.im).powi(2));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Stft;
    use super::*;

    #[test]
    fn both_powers_are_those_of_single_transforms() {
        let samples: Vec<f32> = (0..5000u32)
            .map(|i| (i.wrapping_mul(2_654_435_761) as i32) as f32 * 2e-10)
            .collect();
        let (mut stft, mut pairs) = (Stft::new(2048, 256), PowerPairs::new(2048, 256));
        let (mut first, mut second) = (vec![0.0; 1025], vec![0.0; 1025]);
        let mut single = vec![0.0; 1025];
        for frame in [0, 8, 18] {
            pairs.powers(&samples, frame, &mut first, &mut second);
            for (offset, power) in [(0, &first), (1, &second)] {
                stft.power(&samples, frame + offset, &mut single);
                let loudest = single.iter().copied().fold(1e-12, f32::max);
                for (bin, (paired, single)) in power.iter().zip(&single).enumerate() {
                    assert!(
                        (paired - single).abs() < 1e-5 * loudest,
                        "frame {frame}+{offset}, bin {bin}"
                    );
                }
            }
        }
    }
}
