//! The grain that regression smooths away: log spectra of white noise, for the upper part of the spectrum.
//!
//! A decoder that minimises an error predicts the average of what it cannot know, and an averaged noise spectrum is
//! smooth; phases derived from it buzz. Adding the log spectrum of real noise, seen through the same window at the same
//! hops, gives a consistent spectrogram again.

use super::Window;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use realfft::num_complex::Complex32;
use realfft::{RealFftPlanner, RealToComplex};
use std::sync::Arc;

/// Standard deviation of the log amplitude of a bin of white noise: `pi / sqrt(24)` nats (log of a Rayleigh variable).
pub const NOISE_DEVIATION: f32 = 0.641_274_9;

/// Euler's constant: the log power of noise lies this much under the log of its mean power.
const EULER_GAMMA: f32 = 0.577_215_7;

/// An endless spectrogram of white noise, one hop at a time; never allocates after `new`.
pub struct NoiseTexture {
    window: Window,
    hop_len: usize,
    forward: Arc<dyn RealToComplex<f32>>,
    rng: ChaCha8Rng,
    /// The newest `fft_len` samples of the noise, oldest first.
    samples: Vec<f32>,
    windowed: Vec<f32>,
    spectrum: Vec<Complex32>,
    scratch: Vec<Complex32>,
    /// Mean power of a bin, to be divided by.
    mean_power: f32,
}

impl NoiseTexture {
    /// Noise drawn from `seed`, seen through a Blackman window of `fft_len` samples every `hop_len`.
    pub fn new(fft_len: usize, hop_len: usize, seed: u64) -> Self {
        let window = Window::blackman(fft_len);
        let forward = RealFftPlanner::new().plan_fft_forward(fft_len);
        // A uniform variable in -1..1 has the variance 1/3.
        let mean_power = window.overlap_gain(1) / 3.0;
        let mut texture = Self {
            window,
            hop_len,
            rng: ChaCha8Rng::seed_from_u64(seed),
            samples: vec![0.0; fft_len],
            windowed: forward.make_input_vec(),
            spectrum: forward.make_output_vec(),
            scratch: forward.make_scratch_vec(),
            forward,
            mean_power,
        };
        texture.restart(seed);
        texture
    }

    /// Begins the noise of `seed` again.
    pub fn restart(&mut self, seed: u64) {
        self.rng = ChaCha8Rng::seed_from_u64(seed);
        for sample in &mut self.samples {
            *sample = uniform(&mut self.rng);
        }
    }

    /// Moves on by one hop and adds `depth[bin]` nats (standard deviation) of noise to `levels[bin]`.
    /// The mean level stays what it was, so the mean power rises: a regressed level is a median, and noise has its power
    /// in its peaks.
    pub fn add(&mut self, depth: &[f32], levels: &mut [f32]) {
        let len = self.samples.len();
        self.samples.copy_within(self.hop_len.., 0);
        for sample in &mut self.samples[len - self.hop_len..] {
            *sample = uniform(&mut self.rng);
        }
        for ((out, sample), weight) in self.windowed.iter_mut().zip(&self.samples).zip(self.window.values()) {
            *out = sample * weight;
        }
        if self
            .forward
            .process_with_scratch(&mut self.windowed, &mut self.spectrum, &mut self.scratch)
            .is_err()
        {
            return;
        }
        for ((level, depth), value) in levels.iter_mut().zip(depth).zip(&self.spectrum) {
            if *depth > 0.0 {
                let log_amplitude = 0.5 * (value.norm_sqr() / self.mean_power + 1e-9).ln();
                *level += depth / NOISE_DEVIATION * (log_amplitude + 0.5 * EULER_GAMMA);
            }
        }
    }
}

/// A sample in -1..1.
fn uniform(rng: &mut ChaCha8Rng) -> f32 {
    (rng.next_u32() >> 8) as f32 * (2.0 / 16_777_216.0) - 1.0
}
