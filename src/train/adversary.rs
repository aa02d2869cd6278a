//! A reader of labels from g whose gradient is reversed (Ganin et al. 2016): what the labels explain must leave g.

use super::label_loss::label_loss;
use crate::model::ModelConfig;
use burn::module::Module;
use burn::nn::{Linear, LinearConfig};
use burn::tensor::activation::silu;
use burn::tensor::{Device, Tensor};

const WIDTH: usize = 64;

#[derive(Module, Debug)]
pub struct Adversary {
    hidden: Linear,
    out: Linear,
    #[module(skip)]
    genres: usize,
}

impl Adversary {
    pub fn new(config: &ModelConfig, device: &Device) -> Self {
        let linear = |inputs, outputs| LinearConfig::new(inputs, outputs).init(device);
        Self {
            hidden: linear(config.global_dims, WIDTH),
            out: linear(WIDTH, config.genres + 2),
            genres: config.genres,
        }
    }

    /// Loss of reading the labels from `g` `[batch, global]`; the reader descends it, `g` climbs it by `strength`.
    pub fn loss(&self, g: Tensor<2>, condition: Tensor<2>, strength: f32) -> Tensor<1> {
        let reversed = g.clone().detach() * (1.0 + strength) - g * strength;
        let readings = self.out.forward(silu(self.hidden.forward(reversed)));
        label_loss(readings, condition, self.genres)
    }
}
