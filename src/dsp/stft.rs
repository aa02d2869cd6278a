//! Samples to spectra: the short-time Fourier transform with a Blackman window.

use super::Window;
use realfft::num_complex::Complex32;
use realfft::{RealFftPlanner, RealToComplex};
use std::sync::Arc;

/// Forward transform of one frame after the other; frame `k` is centred on sample `k * hop_len`, with silence beyond
/// both ends.
pub struct Stft {
    window: Window,
    hop_len: usize,
    forward: Arc<dyn RealToComplex<f32>>,
    windowed: Vec<f32>,
    spectrum: Vec<Complex32>,
    scratch: Vec<Complex32>,
}

impl Stft {
    /// Windows of `fft_len` samples, `hop_len` apart.
    pub fn new(fft_len: usize, hop_len: usize) -> Self {
        let forward = RealFftPlanner::new().plan_fft_forward(fft_len);
        Self {
            window: Window::blackman(fft_len),
            hop_len,
            windowed: forward.make_input_vec(),
            spectrum: forward.make_output_vec(),
            scratch: forward.make_scratch_vec(),
            forward,
        }
    }

    /// Frames that cover `samples` samples.
    pub fn frames(&self, samples: usize) -> usize {
        samples.div_ceil(self.hop_len)
    }

    /// The spectrum `[fft_len / 2 + 1]` of frame `frame`, phases relative to the frame's centre. Samples that are not
    /// numbers count as silence.
    pub fn spectrum(&mut self, samples: &[f32], frame: usize) -> &mut [Complex32] {
        self.spectrum_around(samples, frame * self.hop_len)
    }

    /// The same of the window centred on sample `centre`.
    pub fn spectrum_around(&mut self, samples: &[f32], centre: usize) -> &mut [Complex32] {
        let half = self.windowed.len() / 2;
        let begin = centre as isize - half as isize;
        // The frame is written with its centre at index 0, which makes phases relative to the centre.
        let (early, late) = self.windowed.split_at_mut(half);
        let (rising, falling) = self.window.values().split_at(late.len());
        weigh(samples, begin, rising, late);
        weigh(samples, begin + late.len() as isize, falling, early);
        if self
            .forward
            .process_with_scratch(&mut self.windowed, &mut self.spectrum, &mut self.scratch)
            .is_err()
        {
            self.spectrum.fill(Complex32::ZERO);
        }
        &mut self.spectrum
    }

    /// The power spectrum of frame `frame`; a full-scale sine in the middle of a bin reads 1 (0 dBFS).
    pub fn power(&mut self, samples: &[f32], frame: usize, power: &mut [f32]) {
        let scale = self.window.full_scale().powi(-2);
        for (power, value) in power.iter_mut().zip(self.spectrum(samples, frame)) {
            *power = value.norm_sqr() * scale;
        }
    }
}

/// Writes `samples[start..]` times `weights` to `out`; silence outside the samples and where they are not numbers.
fn weigh(samples: &[f32], start: isize, weights: &[f32], out: &mut [f32]) {
    let inside = |at: isize| at.clamp(0, samples.len() as isize) as usize;
    let part = &samples[inside(start)..inside(start + out.len() as isize)];
    let lead = (-start).clamp(0, out.len() as isize) as usize;
    out[..lead].fill(0.0);
    out[lead + part.len()..].fill(0.0);
    for ((out, weight), sample) in out[lead..].iter_mut().zip(&weights[lead..]).zip(part) {
        // The product is looked at, not the sample: a choice between two finished values takes no branch.
        let product = sample * weight;
        *out = if product.is_finite() { product } else { 0.0 };
    }
}

#[cfg(test)]
mod tests {
    use super::super::OverlapAdd;
    use super::*;

    #[test]
    fn beyond_the_ends_lies_silence() {
        let samples: Vec<f32> = (0..100).map(|i| (i as f32 * 0.7).sin()).collect();
        let mut padded = vec![0.0; 64];
        padded.extend(&samples);
        padded.extend([0.0; 200]);
        let (mut open, mut inside) = (Stft::new(64, 16), Stft::new(64, 16));
        for frame in 0..12 {
            assert_eq!(
                open.spectrum(&samples, frame),
                inside.spectrum(&padded, frame + 4),
                "frame {frame}"
            );
        }
    }

    #[test]
    fn a_full_scale_sine_reads_zero_dbfs() {
        let mut stft = Stft::new(2048, 256);
        let samples: Vec<f32> = (0..8192)
            .map(|i| (std::f32::consts::TAU * 100.0 * i as f32 / 2048.0).sin())
            .collect();
        let mut power = vec![0.0; 1025];
        stft.power(&samples, 16, &mut power);
        assert!((10.0 * power[100].log10()).abs() < 0.01, "{} at its bin", power[100]);
    }

    #[test]
    fn overlap_add_inverts_the_transform() {
        let (fft_len, hop) = (2048, 256);
        let samples: Vec<f32> = (0..20_000u32)
            .map(|i| (i.wrapping_mul(2_654_435_761) as i32) as f32 * 2e-10)
            .collect();
        let mut stft = Stft::new(fft_len, hop);
        let mut add = OverlapAdd::new(fft_len, hop);
        let mut out = Vec::new();
        for frame in 0..stft.frames(samples.len()) {
            let mut finished = vec![0.0; hop];
            add.push(stft.spectrum(&samples, frame), &mut finished);
            out.extend(finished);
        }
        // The first frame's centre comes half a window into the output.
        for (i, sample) in samples.iter().enumerate().take(18_000).skip(1024) {
            assert!((out[i + fft_len / 2] - sample).abs() < 1e-4, "sample {i}");
        }
    }
}
