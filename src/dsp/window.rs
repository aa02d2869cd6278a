//! The Blackman window and the numbers the rest of the room derives from it.

use std::f64::consts::TAU;

/// A periodic Blackman window with its best-fitting Gaussian.
#[derive(Clone, Debug)]
pub struct Window {
    values: Vec<f32>,
    gamma: f32,
}

/// `gamma / len^2` of the Gaussian `exp(-pi t^2 / gamma)` closest to a Blackman window (Prusa & Sondergaard 2016).
const BLACKMAN_GAMMA: f64 = 0.17954;

impl Window {
    /// A window of `len` samples, its maximum at `len / 2`.
    pub fn blackman(len: usize) -> Self {
        let value = |i: usize| {
            let turn = TAU * i as f64 / len as f64;
            0.42 - 0.5 * turn.cos() + 0.08 * (2.0 * turn).cos()
        };
        Self {
            values: (0..len).map(|i| value(i) as f32).collect(),
            gamma: (BLACKMAN_GAMMA * (len * len) as f64) as f32,
        }
    }

    /// The samples.
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// Width of the closest Gaussian `exp(-pi t^2 / gamma)`, in samples squared.
    pub fn gamma(&self) -> f32 {
        self.gamma
    }

    /// Spectral magnitude of a full-scale sine in the middle of a bin: half the sum of the window.
    pub fn full_scale(&self) -> f32 {
        0.5 * self.values.iter().sum::<f32>()
    }

    /// What overlapping squared windows add up to at every sample, `hop_len` apart: constant for five or more
    /// overlapping frames, because the squared window holds no harmonic above the fourth.
    pub fn overlap_gain(&self, hop_len: usize) -> f32 {
        self.values.iter().map(|w| w * w).sum::<f32>() / hop_len as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn squared_windows_overlap_to_a_constant() {
        let (len, hop) = (2048, 256);
        let window = Window::blackman(len);
        for offset in 0..hop {
            let sum: f32 = window.values().iter().skip(offset).step_by(hop).map(|w| w * w).sum();
            assert!(
                (sum / window.overlap_gain(hop) - 1.0).abs() < 1e-5,
                "{sum} at offset {offset}"
            );
        }
    }

    #[test]
    fn gamma_describes_the_window() {
        let window = Window::blackman(2048);
        let gaussian = |i: usize| (-std::f32::consts::PI * (i as f32 - 1024.0).powi(2) / window.gamma()).exp();
        let worst = (0..2048)
            .map(|i| (window.values()[i] - gaussian(i)).abs())
            .fold(0.0, f32::max);
        assert!(worst < 0.04, "the Gaussian is {worst} away");
    }
}
