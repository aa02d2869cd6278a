//! Encoder: a chunk to the posterior of its latents, as a correction of the linear model's.

use super::layers::{ResidualBlock, ZeroMlp, blocks, linear, normed, zero_linear};
use super::linear_model::centre_in_time;
use super::{LinearModel, ModelConfig};
use crate::values::LoopContext;
use burn::module::Module;
use burn::nn::{Linear, RmsNorm, RmsNormConfig};
use burn::tensor::{Device, Tensor};

/// Log-variance the posterior starts from: 2 nats a dimension, about the rate the controllers aim for.
const START_LOGVAR: f32 = -4.0;
const LOGVAR_RANGE: (f32, f32) = (-9.0, 2.0);

/// Gaussian posteriors of both latent parts.
#[derive(Clone, Debug)]
pub struct Posterior {
    /// `[batch, global]`.
    pub global_mean: Tensor<2>,
    /// `[batch, global]`, natural log, -9..2.
    pub global_logvar: Tensor<2>,
    /// `[batch, steps, local]`, without a lasting part.
    pub local_mean: Tensor<3>,
    /// `[batch, steps, local]`, natural log, -9..2.
    pub local_logvar: Tensor<3>,
}

/// What g is read from: how a whole chunk sounds, whatever happens when. Training may then look at short crops.
#[derive(Clone, Debug)]
pub struct TimeStats {
    /// Mean over time, `[batch, bands]`.
    pub mean: Tensor<2>,
    /// Standard deviation over time, `[batch, bands]`.
    pub std: Tensor<2>,
}

impl TimeStats {
    /// Those of whole chunks `[batch, frames, bands]`.
    pub fn of(x: Tensor<3>) -> Self {
        let [batch, _, bands] = x.dims();
        let mean = x.clone().mean_dim(1);
        let std = ((x - mean.clone()).square().mean_dim(1) + 1e-5).sqrt();
        Self {
            mean: mean.reshape([batch, bands]),
            std: std.reshape([batch, bands]),
        }
    }
}

/// Residual encoder. Labels never enter it but through the linear model's regression.
#[derive(Module, Debug)]
pub struct Encoder {
    entry: Linear,
    stages: Vec<Vec<ResidualBlock>>,
    downs: Vec<Linear>,
    norm: RmsNorm,
    local_head: Linear,
    global_head: ZeroMlp,
    #[module(skip)]
    steps_per_patch: Vec<usize>,
}

impl Encoder {
    /// Random weights, with heads of zeros: at first the means are the linear model's.
    pub fn new(config: &ModelConfig, device: &Device) -> Self {
        let stages = &config.encoder;
        let frames_per_step = config.patch_frames / stages[0].steps_per_patch;
        let down = |pair: &[super::NetworkStage]| {
            linear(
                pair[0].width * pair[0].steps_per_patch / pair[1].steps_per_patch,
                pair[1].width,
                device,
            )
        };
        let last = stages[stages.len() - 1].width;
        Self {
            entry: linear(frames_per_step * config.bands, stages[0].width, device),
            stages: stages
                .iter()
                .map(|stage| blocks(stage.blocks, stage.width, None, device))
                .collect(),
            downs: stages.windows(2).map(down).collect(),
            norm: RmsNormConfig::new(last).init(device),
            local_head: zero_linear(last, 2 * config.local_dims, device),
            global_head: ZeroMlp::new(2 * config.bands, 256, 2 * config.global_dims, device),
            steps_per_patch: stages.iter().map(|stage| stage.steps_per_patch).collect(),
        }
    }

    /// `x`: `[batch, frames, bands]` standardised, whole patches of the chunk that `time_stats` describes.
    pub fn forward(
        &self,
        linear: &LinearModel,
        x: Tensor<3>,
        time_stats: TimeStats,
        condition: Tensor<2>,
    ) -> Posterior {
        let g0 = linear.encode_global(time_stats.mean.clone(), condition.clone());
        let l0 = linear.encode_local(x.clone(), time_stats.mean.clone(), condition);
        let [batch, steps, local] = l0.dims();
        let global = g0.dims()[1];
        let mut h = self
            .entry
            .forward(x.reshape([batch as i64, (steps * self.steps_per_patch[0]) as i64, -1]));
        for (i, stage) in self.stages.iter().enumerate() {
            if i > 0 {
                let time = steps * self.steps_per_patch[i];
                h = self.downs[i - 1].forward(h.reshape([batch as i64, time as i64, -1]));
            }
            for block in stage {
                h = block.forward(h, None, LoopContext::Open);
            }
        }
        let local_heads = self.local_head.forward(normed(&self.norm, h));
        let global_heads = self
            .global_head
            .forward(Tensor::cat(vec![time_stats.mean, time_stats.std], 1));
        let bounded = |logvar: Tensor<3>| (logvar + START_LOGVAR).clamp(LOGVAR_RANGE.0, LOGVAR_RANGE.1);
        Posterior {
            global_mean: g0 + global_heads.clone().narrow(1, 0, global),
            global_logvar: (global_heads.narrow(1, global, global) + START_LOGVAR)
                .clamp(LOGVAR_RANGE.0, LOGVAR_RANGE.1),
            local_mean: l0 + centre_in_time(local_heads.clone().narrow(2, 0, local)),
            local_logvar: bounded(local_heads.narrow(2, local, local)),
        }
    }
}
