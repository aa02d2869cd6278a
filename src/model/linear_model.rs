//! The linear model: a linear conditional model in the network's own latent space, fitted in seconds.
//!
//! For a standardised chunk x with time mean S and deviation D = x - S: `S^ = base(c) + g D_g`, `g = (S - base(c)) E_g`.
//! D modulates a few shapes of the spectrum, `m = D M`, slowly (m's mean over a patch) and fast (the rest). A label scales
//! the standard deviation of both, and of what is left of D: `R_c(D) = (r_slow(c) slow(m) + r_fast(c) fast(m)) N + r_rest(c) (D - m N)`
//! with `N M = 1`, so that the modulations of `R_c(D)` are those of D times the gains, and `R_c` is undone by the reciprocal
//! gains. `D^ = R_c(l D_l)`, `l = patches(R_c^-1(D)) E_l`. The linear model is the floor that training must beat, and the start from which the residual network learns.

use super::layers::zero_linear;
use crate::model::{HostTensor, ModelConfig, Weights};
use burn::module::{Module, Param};
use burn::nn::Linear;
use burn::tensor::{Device, Tensor};
use std::borrow::Cow;

/// A condition makes no modulation more than e times as strong as an average one, nor less than a part in e.
pub(crate) const MOST_LOG_GAIN: f32 = 1.0;

/// Fitted matrices; never trained by gradient.
#[derive(Module, Debug)]
pub struct LinearModel {
    /// Condition vector to expected time-mean spectrum, `[condition, bands]` and `[bands]`.
    base: Linear,
    /// Condition vector to the log standard deviation of every slow modulation, every fast one and the rest, less the
    /// average of all songs: `[condition, 2 * modulations + 1]`.
    log_std: Linear,
    /// `[bands, modulations]` and back: the shapes of the spectrum whose modulation labels scale.
    modulation_encode: Param<Tensor<2>>,
    modulation_decode: Param<Tensor<2>>,
    /// `[bands, global]` and back: whitened principal axes of what the labels do not explain.
    global_encode: Param<Tensor<2>>,
    global_decode: Param<Tensor<2>>,
    /// `[patch * bands, local]` and back: whitened principal axes of the patches of D.
    local_encode: Param<Tensor<2>>,
    local_decode: Param<Tensor<2>>,
    #[module(skip)]
    patch_frames: usize,
}

impl LinearModel {
    /// All zeros, to be filled from weights.
    pub fn new(config: &ModelConfig, device: &Device) -> Self {
        let (bands, patch) = (config.bands, config.bands * config.patch_frames);
        let zeros = |rows, columns| Param::from_tensor(Tensor::zeros([rows, columns], device));
        Self {
            base: zero_linear(config.condition_width(), bands, device),
            log_std: zero_linear(config.condition_width(), config.gains(), device),
            modulation_encode: zeros(bands, config.modulations()),
            modulation_decode: zeros(config.modulations(), bands),
            global_encode: zeros(bands, config.global_dims),
            global_decode: zeros(config.global_dims, bands),
            local_encode: zeros(patch, config.local_dims),
            local_decode: zeros(config.local_dims, patch),
            patch_frames: config.patch_frames,
        }
    }

    /// Spaces from before there were modulations scale every band by itself, slow and fast alike; the first ones none at all.
    pub(super) fn completed<'a>(weights: &'a Weights, config: &ModelConfig) -> Cow<'a, Weights> {
        let known = |name: &str| weights.0.contains_key(&format!("linear_model.{name}"));
        if known("modulation_encode") || !known("base.weight") || config.modulations() != config.bands {
            return Cow::Borrowed(weights);
        }
        let mut completed = weights.clone();
        let mut put = |name: &str, shape: Vec<usize>, values: Vec<f32>| {
            let tensor = HostTensor { shape, values };
            completed.0.insert(format!("linear_model.{name}"), tensor);
        };
        let bands = config.bands;
        for name in ["modulation_encode", "modulation_decode"] {
            put(name, vec![bands, bands], identity(bands));
        }
        for (name, rows) in [("log_std.weight", config.condition_width()), ("log_std.bias", 1)] {
            let of_bands = weights.0.get(&format!("linear_model.{name}"));
            let of_bands = of_bands.map_or_else(|| vec![0.0; rows * bands], |tensor| tensor.values.clone());
            let at_both_paces = of_bands
                .chunks(bands)
                .flat_map(|row| [row, row, &[0.0]].concat())
                .collect();
            let shape = if name == "log_std.bias" {
                vec![config.gains()]
            } else {
                vec![rows, config.gains()]
            };
            put(name, shape, at_both_paces);
        }
        Cow::Owned(completed)
    }

    /// Time mean `[batch, bands]`, `[batch, condition]` -> `g [batch, global]`.
    pub fn encode_global(&self, mean: Tensor<2>, condition: Tensor<2>) -> Tensor<2> {
        (mean - self.base_spectrum(condition)).matmul(self.global_encode.val())
    }

    /// `x`: `[batch, frames, bands]` with the time mean of its whole chunk `[batch, bands]` -> `l [batch, steps, local]`.
    ///
    /// Takes the condition's gains out of the modulations.
    pub fn encode_local(&self, x: Tensor<3>, mean: Tensor<2>, condition: Tensor<2>) -> Tensor<3> {
        let [batch, frames, bands] = x.dims();
        let steps = frames / self.patch_frames;
        let deviation = self.scaled(x - mean.unsqueeze_dim(1), self.log_gains(condition).neg());
        let patches = deviation.reshape([batch * steps, self.patch_frames * bands]);
        let l = patches.matmul(self.local_encode.val());
        let local = l.dims()[1];
        l.reshape([batch, steps, local])
    }

    /// `[batch, global]`, `[batch, steps, local]`, `[batch, condition]` -> frames `[batch, frames, bands]`.
    pub fn decode(&self, g: Tensor<2>, l: Tensor<3>, condition: Tensor<2>) -> Tensor<3> {
        self.decode_mean(g, condition.clone()).unsqueeze_dim(1) + self.decode_deviation(l, condition)
    }

    /// `[batch, global]`, `[batch, condition]` -> expected time-mean spectrum `[batch, bands]`.
    pub fn decode_mean(&self, g: Tensor<2>, condition: Tensor<2>) -> Tensor<2> {
        self.base_spectrum(condition) + g.matmul(self.global_decode.val())
    }

    /// `[batch, steps, local]`, `[batch, condition]` -> deviation from the time mean `[batch, frames, bands]`.
    pub fn decode_deviation(&self, l: Tensor<3>, condition: Tensor<2>) -> Tensor<3> {
        let [batch, steps, local] = l.dims();
        let patches = l.reshape([batch * steps, local]).matmul(self.local_decode.val());
        let bands = patches.dims()[1] / self.patch_frames;
        let deviation = patches.reshape([batch, steps * self.patch_frames, bands]);
        self.scaled(deviation, self.log_gains(condition))
    }

    /// Logarithms of what a condition multiplies every standard deviation by: `[batch, gains]`.
    fn log_gains(&self, condition: Tensor<2>) -> Tensor<2> {
        self.log_std.forward(condition).clamp(-MOST_LOG_GAIN, MOST_LOG_GAIN)
    }

    /// `deviation` `[batch, frames, bands]` with its modulations scaled.
    fn scaled(&self, deviation: Tensor<3>, log_gains: Tensor<2>) -> Tensor<3> {
        let [batch, frames, bands] = deviation.dims();
        let (steps, patch) = (frames / self.patch_frames, self.patch_frames);
        let rows = deviation.clone().reshape([batch * frames, bands]);
        let modulations = rows.matmul(self.modulation_encode.val());
        let count = modulations.dims()[1];
        let modulations = modulations.reshape([batch, steps, patch, count]);
        let slow = modulations.clone().mean_dim(2);
        let fast = modulations - slow.clone();
        let gains = log_gains.exp();
        let rest = gains.clone().narrow(1, 2 * count, 1).reshape([batch, 1, 1, 1]);
        let over_rest = |from: usize| gains.clone().narrow(1, from, count).reshape([batch, 1, 1, count]) - rest.clone();
        let change = slow * over_rest(0) + fast * over_rest(count);
        let change = change
            .reshape([batch * frames, count])
            .matmul(self.modulation_decode.val());
        deviation * rest.clone().reshape([batch, 1, 1]) + change.reshape([batch, frames, bands])
    }

    fn base_spectrum(&self, condition: Tensor<2>) -> Tensor<2> {
        self.base.forward(condition)
    }
}

/// The unit matrix, row by row.
pub(crate) fn identity(size: usize) -> Vec<f32> {
    (0..size * size)
        .map(|i| f32::from(u8::from(i % (size + 1) == 0)))
        .collect()
}

/// Subtracts the mean over time from `[batch, steps, dims]`: what lasts belongs to g.
pub(crate) fn centre_in_time(l: Tensor<3>) -> Tensor<3> {
    let mean = l.clone().mean_dim(1);
    l - mean
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{CodecKind, Preset};
    use burn::tensor::TensorData;

    fn config() -> ModelConfig {
        ModelConfig {
            modulation_dims: 0,
            local_dims: 4,
            genres: 2,
            ..ModelConfig::new(CodecKind::Spectral, Preset::S, 2, 0.5)
        }
    }

    fn ripples(shape: [usize; 2]) -> HostTensor {
        HostTensor {
            values: (0..shape[0] * shape[1]).map(|i| (i as f32 * 0.7).sin()).collect(),
            shape: shape.to_vec(),
        }
    }

    /// A file of the time when every band had a gain of its own.
    fn old_weights(config: &ModelConfig) -> Weights {
        let (bands, width) = (config.bands, config.condition_width());
        let patch = bands * config.patch_frames;
        let mut weights = Weights::default();
        for (name, shape) in [
            ("base.weight", [width, bands]),
            ("log_std.weight", [width, bands]),
            ("global_encode", [bands, config.global_dims]),
            ("global_decode", [config.global_dims, bands]),
            ("local_encode", [patch, config.local_dims]),
            ("local_decode", [config.local_dims, patch]),
        ] {
            weights.0.insert(format!("linear_model.{name}"), ripples(shape));
        }
        for name in ["base.bias", "log_std.bias"] {
            let bias = HostTensor {
                shape: vec![bands],
                ..ripples([1, bands])
            };
            weights.0.insert(format!("linear_model.{name}"), bias);
        }
        weights
    }

    #[test]
    fn gains_of_bands_in_old_files_act_as_they_did() {
        let (config, device) = (config(), Device::flex());
        let old = old_weights(&config);
        let completed = LinearModel::completed(&old, &config);
        let own = completed.0.iter().filter_map(|(name, tensor)| {
            let name = name.strip_prefix("linear_model.")?;
            Some((name.to_owned(), tensor.clone()))
        });
        let linear = Weights(own.collect())
            .load_into(LinearModel::new(&config, &device), &device)
            .unwrap();
        let steps = config.local_steps();
        let l = Tensor::from_data(TensorData::new(ripples([steps, 4]).values, [1, steps, 4]), &device);
        let condition = [1.0, 0.0, 0.5, -0.5, 0.0, 0.0, 0.0];
        let told = Tensor::<2>::from_data(TensorData::new(condition.to_vec(), [1, condition.len()]), &device);
        let decoded: Vec<f32> = linear.decode_deviation(l.clone(), told).into_data().iter().collect();

        let value = |name: &str, i: usize| old.0[&format!("linear_model.{name}")].values[i];
        let gain = |band: usize| {
            let rows = condition.iter().enumerate();
            let sum: f32 = rows
                .map(|(row, c)| c * value("log_std.weight", row * config.bands + band))
                .sum();
            (sum + value("log_std.bias", band))
                .clamp(-MOST_LOG_GAIN, MOST_LOG_GAIN)
                .exp()
        };
        let patch = config.bands * config.patch_frames;
        for (frame, band) in [(0, 0), (5, 7), (40, 200)] {
            let (step, within) = (frame / config.patch_frames, frame % config.patch_frames);
            let plain: f32 = (0..4)
                .map(|k| {
                    let axis = value("local_decode", k * patch + within * config.bands + band);
                    ripples([steps, 4]).values[step * 4 + k] * axis
                })
                .sum();
            let found = decoded[frame * config.bands + band];
            assert!(
                (found - plain * gain(band)).abs() < 1e-4,
                "frame {frame}, band {band}: {found} for {} times {}",
                plain,
                gain(band)
            );
        }
    }
}
