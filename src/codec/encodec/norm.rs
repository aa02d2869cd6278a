//! The 48 kHz model's normalisation: one group over a window's whole time and all its channels.

use super::EncodecError;
use super::checkpoint::Checkpoint;
use super::config::{EncodecConfig, NormType};
use super::tensors::matrix;
use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor};

/// PyTorch's `GroupNorm` default.
const EPSILON: f32 = 1e-5;

/// Group normalisation (Wu & He 2018) with one group.
#[derive(Module, Debug)]
pub struct TimeGroupNorm {
    /// `[1, channels]`
    gain: Param<Tensor<2>>,
    /// `[1, channels]`
    bias: Param<Tensor<2>>,
}

impl TimeGroupNorm {
    /// Takes `{layer}.norm`; `None` in a model that folds its normalisation into the weights.
    pub(super) fn load(
        checkpoint: &mut Checkpoint,
        layer: &str,
        channels: usize,
        config: &EncodecConfig,
        device: &Device,
    ) -> Result<Option<Self>, EncodecError> {
        if config.norm_type == NormType::WeightNorm {
            return Ok(None);
        }
        let mut row = |name: &str| checkpoint.take(&format!("{layer}.norm.{name}"), &[channels]);
        let (gain, bias) = (row("weight")?, row("bias")?);
        Ok(Some(Self {
            gain: matrix(gain, [1, channels], device),
            bias: matrix(bias, [1, channels], device),
        }))
    }

    /// `[time x channels]` to the same.
    pub fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        let mean = x.clone().mean().unsqueeze::<2>();
        let centred = x - mean;
        let variance = centred.clone().square().mean().unsqueeze::<2>();
        centred / variance.add_scalar(EPSILON).sqrt() * self.gain.val() + self.bias.val()
    }
}
