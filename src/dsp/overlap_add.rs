//! Spectra back to samples: inverse transform, window, overlap-add.

use super::Window;
use realfft::num_complex::Complex32;
use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};
use std::sync::Arc;

/// Adds one spectrum per hop and hands out the samples that are finished; never allocates after `new`.
///
/// Phases are relative to the window's centre. The window is applied a second time and divided out with the constant
/// sum of its square, which is the least-squares inverse of the STFT.
pub struct OverlapAdd {
    window: Vec<f32>,
    hop_len: usize,
    inverse: Arc<dyn ComplexToReal<f32>>,
    samples: Vec<f32>,
    scratch: Vec<Complex32>,
    forward: Arc<dyn RealToComplex<f32>>,
    forward_scratch: Vec<Complex32>,
    /// Turns the unfinished sum into the windowed signal: the window over what the windows so far add up to.
    unfinished: Vec<f32>,
    /// Sums of the frames so far; the oldest sample first.
    sum: Vec<f32>,
}

impl OverlapAdd {
    /// `fft_len` must be a multiple of `hop_len`, five times or more.
    pub fn new(fft_len: usize, hop_len: usize) -> Self {
        let window = Window::blackman(fft_len);
        // The transform is not normalised; its length is divided out together with the overlap.
        let scale = 1.0 / (window.overlap_gain(hop_len) * fft_len as f32);
        let mut planner = RealFftPlanner::new();
        let (inverse, forward) = (planner.plan_fft_inverse(fft_len), planner.plan_fft_forward(fft_len));
        Self {
            window: window.values().iter().map(|weight| weight * scale).collect(),
            hop_len,
            samples: inverse.make_output_vec(),
            scratch: inverse.make_scratch_vec(),
            inverse,
            forward_scratch: forward.make_scratch_vec(),
            forward,
            unfinished: unfinished(&window, hop_len),
            sum: vec![0.0; fft_len],
        }
    }

    /// Another one of the same sizes, silent; both share their transforms.
    pub fn twin(&self) -> Self {
        Self {
            window: self.window.clone(),
            hop_len: self.hop_len,
            inverse: Arc::clone(&self.inverse),
            samples: self.inverse.make_output_vec(),
            scratch: self.inverse.make_scratch_vec(),
            forward: Arc::clone(&self.forward),
            forward_scratch: self.forward.make_scratch_vec(),
            unfinished: self.unfinished.clone(),
            sum: vec![0.0; self.sum.len()],
        }
    }

    /// Goes on as if what `other` added had been added here.
    pub fn continue_from(&mut self, other: &Self) {
        self.sum.copy_from_slice(&other.sum);
    }

    /// Forgets what was added.
    pub fn reset(&mut self) {
        self.sum.fill(0.0);
    }

    /// Replaces a spectrum by what it would be seen as among the frames added so far: that of the sum with it, as far as
    /// the sum is known. Its phases agree better with the past than the given ones (the step of real-time iterative
    /// spectrogram inversion: G. Beauregard, X. Zhu & L. Wyse, DAFx 2005, here with the sum normalised).
    pub fn reconcile(&mut self, spectrum: &mut [Complex32]) {
        if !self.invert(spectrum) {
            return;
        }
        let half = self.samples.len() / 2;
        let (later, earlier) = self.samples.split_at_mut(half);
        for (part, offset) in [(earlier, 0), (later, half)] {
            let known = self.sum[offset..]
                .iter()
                .zip(&self.window[offset..])
                .zip(&self.unfinished[offset..]);
            for (sample, ((sum, window), unfinished)) in part.iter_mut().zip(known) {
                *sample = (sum + *sample * window) * unfinished;
            }
        }
        // The lengths were planned together, so there is no error to handle.
        let _ = self
            .forward
            .process_with_scratch(&mut self.samples, spectrum, &mut self.forward_scratch);
    }

    /// Adds the frame whose spectrum is `[fft_len / 2 + 1]` (destroyed) and writes the `hop_len` samples that no later
    /// frame touches: those from half a window before the frame's centre on.
    pub fn push(&mut self, spectrum: &mut [Complex32], out: &mut [f32]) {
        assert_eq!(out.len(), self.hop_len, "one hop is written at a time");
        if self.invert(spectrum) {
            let half = self.samples.len() / 2;
            let (sum_left, sum_right) = self.sum.split_at_mut(half);
            let (window_left, window_right) = self.window.split_at(half);
            add_product(sum_left, &self.samples[half..], window_left);
            add_product(sum_right, &self.samples[..half], window_right);
        }
        out.copy_from_slice(&self.sum[..self.hop_len]);
        self.sum.copy_within(self.hop_len.., 0);
        let kept = self.sum.len() - self.hop_len;
        self.sum[kept..].fill(0.0);
    }

    fn invert(&mut self, spectrum: &mut [Complex32]) -> bool {
        // A real signal has real ends of its spectrum.
        if let [first, .., last] = spectrum {
            first.im = 0.0;
            last.im = 0.0;
        }
        self.inverse
            .process_with_scratch(spectrum, &mut self.samples, &mut self.scratch)
            .is_ok()
    }
}

/// The window over the sum of the squared windows of this frame and all before it.
fn unfinished(window: &Window, hop_len: usize) -> Vec<f32> {
    let weights = window.values();
    let gain = window.overlap_gain(hop_len);
    let so_far = |at: usize| {
        weights[at..]
            .iter()
            .step_by(hop_len)
            .map(|weight| weight * weight)
            .sum::<f32>()
    };
    weights
        .iter()
        .enumerate()
        .map(|(at, weight)| gain * weight / (so_far(at) + 1e-6 * gain))
        .collect()
}

fn add_product(sum: &mut [f32], samples: &[f32], weights: &[f32]) {
    for ((sum, sample), weight) in sum.iter_mut().zip(samples).zip(weights) {
        *sum += sample * weight;
    }
}
