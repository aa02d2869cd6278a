//! The closed form: a linear conditional model in the network's own latent space, fitted in seconds.
//!
//! For a standardised chunk x with time mean S and deviation D = x - S, and per band a gain r(c) = exp(spread(c)):
//! `S^ = base(c) + g D_g`, `g = (S - base(c)) E_g`, `D^ = r(c) * (l D_l)`, `l = patches(D / r(c)) E_l`. A label thus sets
//! how loud a band is and how far it moves. It is the floor that training must beat, and the start from which the
//! residual network learns.

use super::layers::zero_linear;
use super::{HostTensor, ModelConfig, Weights};
use burn::module::{Module, Param};
use burn::nn::Linear;
use burn::tensor::{Device, Tensor};
use std::borrow::Cow;

/// A condition makes no band move more than e times as far as an average one, nor less than a part in e.
pub(crate) const MOST_LOG_GAIN: f32 = 1.0;

/// Fitted matrices; never trained by gradient.
#[derive(Module, Debug)]
pub struct ClosedForm {
    /// Condition vector to expected time-mean spectrum, `[condition, bands]` and `[bands]`.
    base: Linear,
    /// Condition vector to the logarithm of how far every band moves in time, `[condition, bands]`.
    spread: Linear,
    /// `[bands, global]` and back: whitened principal axes of what the labels do not explain.
    global_encode: Param<Tensor<2>>,
    global_decode: Param<Tensor<2>>,
    /// `[patch * bands, local]` and back: whitened principal axes of the patches of D.
    local_encode: Param<Tensor<2>>,
    local_decode: Param<Tensor<2>>,
    #[module(skip)]
    patch_frames: usize,
}

impl ClosedForm {
    /// All zeros, to be filled from weights.
    pub fn new(config: &ModelConfig, device: &Device) -> Self {
        let (bands, patch) = (config.bands, config.bands * config.patch_frames);
        let zeros = |rows, columns| Param::from_tensor(Tensor::zeros([rows, columns], device));
        Self {
            base: zero_linear(config.condition_width(), bands, device),
            spread: zero_linear(config.condition_width(), bands, device),
            global_encode: zeros(bands, config.global_dims),
            global_decode: zeros(config.global_dims, bands),
            local_encode: zeros(patch, config.local_dims),
            local_decode: zeros(config.local_dims, patch),
            patch_frames: config.patch_frames,
        }
    }

    /// Spaces from before there were gains have none: an average spread under every condition.
    pub(super) fn completed<'a>(weights: &'a Weights, config: &ModelConfig) -> Cow<'a, Weights> {
        let (weight, bias) = ("closed_form.spread.weight", "closed_form.spread.bias");
        if weights.0.contains_key(weight) || !weights.0.contains_key("closed_form.base.weight") {
            return Cow::Borrowed(weights);
        }
        let mut completed = weights.clone();
        for (name, shape) in [
            (weight, vec![config.condition_width(), config.bands]),
            (bias, vec![config.bands]),
        ] {
            completed.0.entry(name.into()).or_insert_with(|| HostTensor {
                values: vec![0.0; shape.iter().product()],
                shape,
            });
        }
        Cow::Owned(completed)
    }

    /// Time mean `[batch, bands]`, `[batch, condition]` -> `g [batch, global]`.
    pub fn encode_global(&self, mean: Tensor<2>, condition: Tensor<2>) -> Tensor<2> {
        (mean - self.base_spectrum(condition)).matmul(self.global_encode.val())
    }

    /// `x`: `[batch, frames, bands]` with the time mean of its whole chunk `[batch, bands]` -> `l [batch, steps, local]`.
    ///
    /// Takes the condition's gain out of every band.
    pub fn encode_local(&self, x: Tensor<3>, mean: Tensor<2>, condition: Tensor<2>) -> Tensor<3> {
        let [batch, frames, bands] = x.dims();
        let steps = frames / self.patch_frames;
        let deviation = (x - mean.unsqueeze_dim(1)) / self.gain(condition);
        let patches = deviation.reshape([batch * steps, self.patch_frames * bands]);
        let l = patches.matmul(self.local_encode.val());
        let local = l.dims()[1];
        l.reshape([batch, steps, local])
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
        patches.reshape([batch, steps * self.patch_frames, bands]) * self.gain(condition)
    }

    /// How far every band moves under a condition, relative to an average one: `[batch, 1, bands]`.
    fn gain(&self, condition: Tensor<2>) -> Tensor<3> {
        self.spread
            .forward(condition)
            .clamp(-MOST_LOG_GAIN, MOST_LOG_GAIN)
            .exp()
            .unsqueeze_dim(1)
    }

    fn base_spectrum(&self, condition: Tensor<2>) -> Tensor<2> {
        self.base.forward(condition)
    }
}

/// Subtracts the mean over time from `[batch, steps, dims]`: what lasts belongs to g.
pub(crate) fn centre_in_time(l: Tensor<3>) -> Tensor<3> {
    let mean = l.clone().mean_dim(1);
    l - mean
}
