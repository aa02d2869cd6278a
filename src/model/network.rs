//! The whole conditional VAE: linear model, encoder, decoder.

use super::{Decoded, Decoder, Encoder, LinearModel, ModelConfig, Posterior, TimeStats, WeightError, Weights};
use crate::values::LoopContext;
use burn::module::Module;
use burn::tensor::{Device, Tensor};

/// A conditional VAE on frames. Step 0 is the linear model: every residual head starts at zero.
#[derive(Module, Debug)]
pub struct Network {
    linear_model: LinearModel,
    encoder: Encoder,
    decoder: Decoder,
}

impl Network {
    /// Fresh residual parts and an empty linear model.
    pub fn new(config: &ModelConfig, device: &Device) -> Self {
        Self {
            // Untracked: what is recorded of a parameter and never asked for a gradient stays in Burn's graph for ever,
            // and every backward pass looks through all of it.
            linear_model: LinearModel::new(config, device).no_grad(),
            encoder: Encoder::new(config, device),
            decoder: Decoder::new(config, device),
        }
    }

    /// The network that `weights` describe.
    ///
    /// # Errors
    /// When a tensor is missing or of another shape; nothing is half-loaded.
    pub fn from_weights(config: &ModelConfig, weights: &Weights, device: &Device) -> Result<Self, WeightError> {
        let weights = LinearModel::completed(weights, config);
        weights.load_into(Self::new(config, device), device)
    }

    /// The fitted part, which training leaves as it is.
    pub(crate) fn linear_model(&self) -> &LinearModel {
        &self.linear_model
    }

    /// Posterior of a standardised chunk `[batch, frames, bands]` with its condition vector.
    pub fn encode(&self, x: Tensor<3>, condition: Tensor<2>) -> Posterior {
        self.encode_crop(x.clone(), TimeStats::of(x), condition)
    }

    /// Posterior of whole patches `[batch, frames, bands]` cut from the chunks that `time_stats` describes.
    pub fn encode_crop(&self, x: Tensor<3>, time_stats: TimeStats, condition: Tensor<2>) -> Posterior {
        self.encoder.forward(&self.linear_model, x, time_stats, condition)
    }

    /// Whether the decoder says nothing but what the linear model says.
    pub fn is_linear(&self) -> bool {
        self.decoder.is_silent()
    }

    /// What [`Self::decode`] says of a network that [is linear](Self::is_linear), without the layers that are silent.
    pub fn decode_linear(&self, g: Tensor<2>, l: Tensor<3>, condition: Tensor<2>) -> Decoded {
        Decoded::untrained(self.linear_model.decode(g, l, condition))
    }

    /// Frames of a latent under a condition vector.
    pub fn decode(&self, g: Tensor<2>, l: Tensor<3>, condition: Tensor<2>, context: LoopContext) -> Decoded {
        self.decoder.forward(&self.linear_model, g, l, condition, context)
    }
}

/// A draw from a Gaussian with this mean and log-variance, out of a draw from the standard one (the reparameterisation
/// trick, Kingma & Welling 2014).
pub fn sample<const D: usize>(mean: Tensor<D>, logvar: Tensor<D>, noise: Tensor<D>) -> Tensor<D> {
    mean + noise * (logvar * 0.5).exp()
}

/// KL divergence to the standard normal per dimension, in nats (Kingma & Welling 2014, appendix B).
pub fn kl_nats<const D: usize>(mean: Tensor<D>, logvar: Tensor<D>) -> Tensor<D> {
    (mean.square() + logvar.clone().exp() - logvar - 1.0) * 0.5
}
