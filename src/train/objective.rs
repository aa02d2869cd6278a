//! What one batch, or a share of it, costs a network.

use super::TrainOptions;
use super::batch::Batch;
use super::judge::Judge;
use super::loss::reconstruction;
use super::trainer::Learner;
use crate::model::{CodecKind, ModelConfig, kl_nats, sample};
use crate::space::LoopContext;
use burn::module::Module;
use burn::tensor::Tensor;

/// The swap terms wait for their judge to have learned, the adversary ramps up between these shares of the training.
const SWAP_FROM: f64 = 0.3;
const ADVERSARY_RAMP: (f64, f64) = (0.1, 0.4);
const ADVERSARY_STRENGTH: f32 = 0.05;
const ADVERSARY_WEIGHT: f32 = 0.05;
const SWAP_WEIGHT: f32 = 0.05;
const ANCHOR_WEIGHT: f32 = 0.5;
/// The swap terms look at this share of the batch.
const SWAP_SHARE: usize = 3;

/// Everything the loss depends on beside the network and the batch, as it is in one step.
pub(super) struct Objective<'a> {
    pub options: &'a TrainOptions,
    pub config: &'a ModelConfig,
    pub judge: &'a Judge,
    /// What one standardised unit of each band counts, `[1, 1, bands]`.
    pub weights: Tensor<3>,
    /// Weights of the KL divergences of g and l, relative to their natural ones.
    pub kl_weights: [f32; 2],
    /// Share of the budget that is used, 0..1.
    pub progress: f64,
}

impl Objective<'_> {
    /// The loss, and `[total, reconstruction, KL of g, KL of l]` to be read back in one go. Every term is a mean over the
    /// batch, so shares of a batch add up by their sizes.
    pub fn loss(&self, learner: &Learner, batch: &Batch) -> (Tensor<1>, Tensor<1>) {
        let network = &learner.network;
        let [size, frames, bands] = batch.frames.dims();
        // The encoder knows what the decoder is told: were it told more, g and l would learn to carry withheld labels,
        // and the decoder to take them from there (measured: the change by condition fell to a third).
        let posterior = network.encode_crop(batch.frames.clone(), batch.summary.clone(), batch.told.clone());
        let g = sample(
            posterior.global_mean.clone(),
            posterior.global_logvar.clone(),
            batch.noise.0.clone(),
        );
        let l = sample(
            posterior.local_mean.clone(),
            posterior.local_logvar.clone(),
            batch.noise.1.clone(),
        );
        let decoded = network.decode(g.clone(), l.clone(), batch.told.clone(), LoopContext::Open);
        let ordered = self.config.codec == CodecKind::Spectral;
        let fit = reconstruction(batch.frames.clone(), &decoded, self.weights.clone(), ordered);

        let crops_per_chunk = self.config.chunk_frames as f32 / frames as f32;
        let kl_global = kl_nats(posterior.global_mean.clone(), posterior.global_logvar).sum() / size as f32;
        let kl_local = kl_nats(posterior.local_mean, posterior.local_logvar).sum() * (crops_per_chunk / size as f32);
        let natural = 1.0 / (self.config.chunk_frames * bands) as f32;
        let mut total = fit.total
            + kl_global.clone() * (natural * self.kl_weights[0])
            + kl_local.clone() * (natural * self.kl_weights[1]);

        if let Some(adversary) = learner.adversary.as_ref().filter(|_| self.progress > ADVERSARY_RAMP.0) {
            let ramp = ((self.progress - ADVERSARY_RAMP.0) / (ADVERSARY_RAMP.1 - ADVERSARY_RAMP.0)).min(1.0) as f32;
            let read = adversary.loss(posterior.global_mean, batch.labels.clone(), ADVERSARY_STRENGTH * ramp);
            total = total + read * ADVERSARY_WEIGHT;
        }
        if self.options.swap && self.progress >= SWAP_FROM {
            total = total + self.swap_loss(learner, &g, &l, batch, decoded.mean);
        }
        let parts = Tensor::cat(
            vec![total.clone(), fit.distance, kl_global, kl_local]
                .into_iter()
                .map(Tensor::detach)
                .collect(),
            0,
        );
        (total, parts)
    }

    /// Other labels must be heard by the judge and move the mean spectrum at least as the closed form says, or the
    /// network would learn to take back what labels do to latents they never came with.
    fn swap_loss(&self, learner: &Learner, g: &Tensor<2>, l: &Tensor<3>, batch: &Batch, own: Tensor<3>) -> Tensor<1> {
        let few = (g.dims()[0] / SWAP_SHARE).max(1);
        // Detached: only the decoder may learn to obey labels, or the encoder would empty the latent to make it easy.
        let g = g.clone().narrow(0, 0, few).detach();
        let l = l.clone().narrow(0, 0, few).detach();
        let own = own.narrow(0, 0, few).detach();
        let told = batch.told.clone().narrow(0, 0, few);
        let asked = batch.swapped.clone().narrow(0, 0, few);
        let network = &learner.network;
        let swapped = network.decode(g.clone(), l, asked.clone(), LoopContext::Open).mean;
        let heard = self.judge.clone().no_grad().loss(swapped.clone(), asked.clone());
        let closed = network.closed_form();
        let wanted = closed.decode_mean(g.clone(), asked) - closed.decode_mean(g, told);
        let moved = swapped.mean_dim(1) - own.mean_dim(1);
        let undone = (moved - wanted.unsqueeze_dim(1)).abs().mean();
        heard * SWAP_WEIGHT + undone * ANCHOR_WEIGHT
    }
}
