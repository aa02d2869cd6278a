//! Decoder: latents and a condition to frames, as a correction of the linear model's.

use super::layers::{ResidualBlock, ZeroMlp, blocks, is_silent, linear, normed, zero_linear};
use super::{FILM_WIDTH, LinearModel, ModelConfig};
use crate::values::LoopContext;
use burn::module::Module;
use burn::nn::{Linear, RmsNorm, RmsNormConfig};
use burn::tensor::activation::silu;
use burn::tensor::{Device, Tensor};

/// Log-scale of the Laplace likelihood that the head starts from, and the range it may take.
const START_LOG_SCALE: f32 = -0.9;
const LOG_SCALE_RANGE: (f32, f32) = (-2.5, 0.7);

/// What the decoder says of a chunk: `[batch, frames, bands]`, standardised.
#[derive(Clone, Debug)]
pub struct Decoded {
    /// Median of the Laplace likelihood.
    pub mean: Tensor<3>,
    /// Its log-scale: how much the level scatters around the median.
    pub log_scale: Tensor<3>,
}

impl Decoded {
    /// Frames whose levels scatter as those of a decoder that has learned nothing yet.
    pub(super) fn untrained(mean: Tensor<3>) -> Self {
        let log_scale = mean.full_like(START_LOG_SCALE);
        Self { mean, log_scale }
    }
}

/// Residual decoder, modulated by `[g; c]` in every block.
#[derive(Module, Debug)]
pub struct Decoder {
    condition: Linear,
    film: Linear,
    entry: Linear,
    stages: Vec<Vec<ResidualBlock>>,
    ups: Vec<Linear>,
    /// Lets the finest stage see the linear model's frames, which it corrects.
    draft: Linear,
    base: ZeroMlp,
    norm: RmsNorm,
    head: Linear,
    #[module(skip)]
    steps_per_patch: Vec<usize>,
}

impl Decoder {
    /// Random weights, with a head of zeros: at first the output is the linear model's.
    pub fn new(config: &ModelConfig, device: &Device) -> Self {
        let stages = &config.decoder;
        let up = |pair: &[super::NetworkStage]| {
            linear(
                pair[0].width,
                pair[1].width * pair[1].steps_per_patch / pair[0].steps_per_patch,
                device,
            )
        };
        let last = stages[stages.len() - 1];
        let frames_per_step = config.patch_frames / last.steps_per_patch;
        Self {
            condition: linear(config.condition_width(), FILM_WIDTH, device),
            film: linear(config.global_dims + FILM_WIDTH, FILM_WIDTH, device),
            entry: linear(config.local_dims, stages[0].width, device),
            stages: stages
                .iter()
                .map(|stage| blocks(stage.blocks, stage.width, Some(FILM_WIDTH), device))
                .collect(),
            ups: stages.windows(2).map(up).collect(),
            draft: linear(frames_per_step * config.bands, last.width, device),
            base: ZeroMlp::new(config.global_dims + FILM_WIDTH, 256, config.bands, device),
            norm: RmsNormConfig::new(last.width).init(device),
            head: zero_linear(last.width, 2 * frames_per_step * config.bands, device),
            steps_per_patch: stages.iter().map(|stage| stage.steps_per_patch).collect(),
        }
    }

    /// Whether it adds nothing to the linear model's frames.
    pub fn is_silent(&self) -> bool {
        is_silent(&self.head) && self.base.is_silent()
    }

    /// `g`: `[batch, global]`, `l`: `[batch, steps, local]`, `condition`: `[batch, condition]`.
    pub fn forward(
        &self,
        linear: &LinearModel,
        g: Tensor<2>,
        l: Tensor<3>,
        condition: Tensor<2>,
        context: LoopContext,
    ) -> Decoded {
        let [batch, steps, _] = l.dims();
        let c = silu(self.condition.forward(condition.clone()));
        let gc = Tensor::cat(vec![g.clone(), c], 1);
        let film = silu(self.film.forward(gc.clone()));
        let start = linear.decode(g, l.clone(), condition) + self.base.forward(gc).unsqueeze_dim(1);
        let bands = start.dims()[2];

        let mut h = self.entry.forward(l);
        for (i, stage) in self.stages.iter().enumerate() {
            let time = steps * self.steps_per_patch[i];
            if i > 0 {
                h = self.ups[i - 1].forward(h).reshape([batch as i64, time as i64, -1]);
            }
            if i + 1 == self.stages.len() {
                h = h + self
                    .draft
                    .forward(start.clone().reshape([batch as i64, time as i64, -1]));
            }
            for block in stage {
                h = block.forward(h, Some(&film), context);
            }
        }
        let heads = self.head.forward(normed(&self.norm, h));
        let [_, time, width] = heads.dims();
        let frames = start.dims()[1];
        let part = |from| heads.clone().narrow(2, from, width / 2).reshape([batch, frames, bands]);
        debug_assert_eq!(time * width / 2, frames * bands);
        Decoded {
            mean: start + part(0),
            log_scale: (part(width / 2) + START_LOG_SCALE).clamp(LOG_SCALE_RANGE.0, LOG_SCALE_RANGE.1),
        }
    }
}
