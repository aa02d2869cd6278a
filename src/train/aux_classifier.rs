//! The small listener of the swap loss: it reads genre, valence and arousal from frames.
//!
//! It learns from real frames only, all through the training: a decoder that pleases it by a trick finds it changed. The
//! classifier that `eval` reports with is another one, on other features.

use super::label_loss::label_loss;
use crate::model::ModelConfig;
use burn::module::Module;
use burn::nn::{Linear, LinearConfig};
use burn::tensor::activation::silu;
use burn::tensor::{Device, Tensor};

const FRAMES_PER_STEP: usize = 8;
const WIDTH: usize = 96;
/// Standard deviation of the noise, in standardised units.
const NOISE: f32 = 0.5;

/// Frames to label readings.
#[derive(Module, Debug)]
pub struct AuxClassifier {
    entry: Linear,
    hidden: Linear,
    out: Linear,
    #[module(skip)]
    genres: usize,
}

impl AuxClassifier {
    pub fn new(config: &ModelConfig, device: &Device) -> Self {
        let linear = |inputs, outputs| LinearConfig::new(inputs, outputs).init(device);
        Self {
            entry: linear(FRAMES_PER_STEP * config.bands, WIDTH),
            hidden: linear(2 * WIDTH, WIDTH),
            out: linear(WIDTH, config.genres + 2),
            genres: config.genres,
        }
    }

    /// How badly `x` `[batch, frames, bands]` reads as its condition vectors `[batch, genres + 5]`. It listens through
    /// `noise`, standard normal draws of the shape of `x`, so that what is small enough to be inaudible cannot please it.
    pub fn loss(&self, x: Tensor<3>, condition: Tensor<2>, noise: Tensor<3>) -> Tensor<1> {
        let x = x + noise * NOISE;
        let [batch, frames, bands] = x.dims();
        let steps = frames / FRAMES_PER_STEP;
        let h = x
            .narrow(1, 0, steps * FRAMES_PER_STEP)
            .reshape([batch, steps, FRAMES_PER_STEP * bands]);
        let h = silu(self.entry.forward(h));
        let mean = h.clone().mean_dim(1);
        let std = ((h - mean.clone()).square().mean_dim(1) + 1e-5).sqrt();
        let pooled = Tensor::cat(vec![mean, std], 2).reshape([batch, 2 * WIDTH]);
        let readings = self.out.forward(silu(self.hidden.forward(pooled)));
        label_loss(readings, condition, self.genres)
    }
}
