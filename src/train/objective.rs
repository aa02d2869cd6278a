//! What one batch, or a share of it, costs a network.

use super::TrainOptions;
use super::aux_classifier::AuxClassifier;
use super::batch::Batch;
use super::learner::Learner;
use super::listener::Listener;
use super::loss::reconstruction;
use crate::model::{CodecKind, ModelConfig, Network, TimeStats, kl_nats, sample};
use crate::values::LoopContext;
use burn::module::Module;
use burn::tensor::Tensor;

/// The terms under other labels wait for their classifier to have learned, the adversary ramps up between these shares of the
/// training.
const SWAP_FROM: f64 = 0.3;
const ADVERSARY_RAMP: (f64, f64) = (0.1, 0.4);
const ADVERSARY_STRENGTH: f32 = 0.05;
const ADVERSARY_WEIGHT: f32 = 0.05;
const SWAP_WEIGHT: f32 = 0.05;
const ANCHOR_WEIGHT: f32 = 0.5;
const CYCLE_WEIGHT: f32 = 0.1;
/// Of what a listener misses; with it 2,000 steps on one set of music came to MOS-LQO 4.27 instead of 4.26.
pub(super) const LISTENER_WEIGHT: f32 = 1.0;
/// One in this many of the batch is looked at under other labels.
const SWAP_SHARE: usize = 3;

/// Everything the loss depends on beside the network and the batch, as it is in one step.
pub(super) struct Objective<'a> {
    pub options: &'a TrainOptions,
    pub config: &'a ModelConfig,
    pub aux_classifier: &'a AuxClassifier,
    /// What one standardised unit of each band counts, `[1, 1, bands]`.
    pub weights: Tensor<3>,
    /// Where frames are levels.
    pub listener: Option<&'a Listener>,
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
        let posterior = network.encode_crop(
            batch.frames.clone(),
            batch.time_stats.clone(),
            batch.dropped_labels.clone(),
        );
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
        let decoded = network.decode(g.clone(), l.clone(), batch.dropped_labels.clone(), LoopContext::Open);
        let ordered = self.config.codec == CodecKind::Spectral;
        let fit = reconstruction(batch.frames.clone(), &decoded, self.weights.clone(), ordered);

        let crops_per_chunk = self.config.chunk_frames as f32 / frames as f32;
        let kl_global = kl_nats(posterior.global_mean.clone(), posterior.global_logvar).sum() / size as f32;
        let kl_local = kl_nats(posterior.local_mean, posterior.local_logvar).sum() * (crops_per_chunk / size as f32);
        let natural = 1.0 / (self.config.chunk_frames * bands) as f32;
        let mut total = fit.total
            + kl_global.clone() * (natural * self.kl_weights[0])
            + kl_local.clone() * (natural * self.kl_weights[1]);

        if let Some(listener) = self.listener {
            let alike = listener.similarity(batch.frames.clone(), decoded.mean.clone());
            total = total + (alike.neg() + 1.0) * LISTENER_WEIGHT;
        }
        if let Some(adversary) = learner.adversary.as_ref().filter(|_| self.progress > ADVERSARY_RAMP.0) {
            let ramp = ((self.progress - ADVERSARY_RAMP.0) / (ADVERSARY_RAMP.1 - ADVERSARY_RAMP.0)).min(1.0) as f32;
            let read = adversary.loss(posterior.global_mean, batch.labels.clone(), ADVERSARY_STRENGTH * ramp);
            total = total + read * ADVERSARY_WEIGHT;
        }
        if (self.options.swap || self.options.cycle) && self.progress >= SWAP_FROM {
            total = total + self.loss_under_other_labels(learner, &g, &l, batch, decoded.mean);
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

    /// What a part of the batch costs when other labels are asked for. `own`: the batch under its own.
    fn loss_under_other_labels(
        &self,
        learner: &Learner,
        g: &Tensor<2>,
        l: &Tensor<3>,
        batch: &Batch,
        own: Tensor<3>,
    ) -> Tensor<1> {
        let few = (g.dims()[0] / SWAP_SHARE).max(1);
        let rows = |t: &Tensor<2>| t.clone().narrow(0, 0, few);
        let swap = Swap {
            // Detached: only the decoder may learn to obey labels, or the encoder would empty the latent to make it easy.
            g: rows(g).detach(),
            l: l.clone().narrow(0, 0, few).detach(),
            own: own.narrow(0, 0, few).detach(),
            dropped_labels: rows(&batch.dropped_labels),
            asked: rows(&batch.swapped),
            time_stats: TimeStats {
                mean: rows(&batch.time_stats.mean),
                std: rows(&batch.time_stats.std),
            },
            listening: batch
                .listening
                .as_ref()
                .map(|[_, swapped]| swapped.clone().narrow(0, 0, few)),
        };
        let network = &learner.network;
        let decoded = network.decode(swap.g.clone(), swap.l.clone(), swap.asked.clone(), LoopContext::Open);
        let terms = [
            swap.listening
                .clone()
                .map(|noise| self.swap_loss(network, &swap, decoded.mean.clone(), noise)),
            self.options
                .cycle
                .then(|| cycle_loss(network, &swap, decoded.mean.clone()) * CYCLE_WEIGHT),
        ];
        let nothing = Tensor::zeros([1], &decoded.mean.device());
        terms.into_iter().flatten().fold(nothing, |sum, term| sum + term)
    }

    /// Other labels must be heard by the classifier and move the mean spectrum at least as the linear model says, or the
    /// network would learn to take back what labels do to latents they never came with.
    fn swap_loss(&self, network: &Network, swap: &Swap, swapped: Tensor<3>, noise: Tensor<3>) -> Tensor<1> {
        let heard = self
            .aux_classifier
            .clone()
            .no_grad()
            .loss(swapped.clone(), swap.asked.clone(), noise);
        let linear = network.linear_model();
        let wanted = linear.decode_mean(swap.g.clone(), swap.asked.clone())
            - linear.decode_mean(swap.g.clone(), swap.dropped_labels.clone());
        let moved = swapped.mean_dim(1) - swap.own.clone().mean_dim(1);
        let undone = (moved - wanted.unsqueeze_dim(1)).abs().mean();
        heard * SWAP_WEIGHT + undone * ANCHOR_WEIGHT
    }
}

/// Crops of a batch and what is asked of them.
struct Swap {
    g: Tensor<2>,
    l: Tensor<3>,
    /// Decoded under their own labels.
    own: Tensor<3>,
    dropped_labels: Tensor<2>,
    asked: Tensor<2>,
    time_stats: TimeStats,
    /// What the auxiliary classifier hears them through, where it takes part.
    listening: Option<Tensor<3>>,
}

/// Whoever is heard under other labels must still be recognised: g and l read from the decode are those it was made of (the
/// cycle consistency of Zhu et al. 2017, in the latent).
fn cycle_loss(network: &Network, swap: &Swap, swapped: Tensor<3>) -> Tensor<1> {
    let [few, _, bands] = swapped.dims();
    let moved = swapped.clone().mean_dim(1) - swap.own.clone().mean_dim(1);
    let time_stats = TimeStats {
        mean: swap.time_stats.mean.clone() + moved.reshape([few, bands]),
        std: swap.time_stats.std.clone(),
    };
    let again = network.encode_crop(swapped, time_stats, swap.asked.clone());
    (again.global_mean - swap.g.clone()).abs().mean() + (again.local_mean - swap.l.clone()).abs().mean()
}
