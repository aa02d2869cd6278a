//! Gradients by several threads: every thread takes a share of the batch through a graph of its own.
//!
//! Burn's CPU back-end runs a step of this network on little more than one core (measured: two threads 8 % faster than
//! one), while shares of a batch have nothing to wait for. A GPU takes the batch whole.

use super::batch::Batch;
use super::learner::Learner;
use super::objective::Objective;
use super::threads::Threads;
use burn::module::Module;
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor};

/// Smaller shares cost more in overhead than they gain.
const LEAST_SHARE: usize = 3;

/// Gradients of `learner` on the shares of the batch, to be summed, and the parts of its loss.
pub(super) fn gradients(
    threads: &Threads,
    learner: &Learner,
    objective: &Objective<'_>,
    batch: Batch,
    device: &Device,
) -> (Vec<GradientsParams>, Tensor<1>) {
    let (size, most) = (batch.len(), threads.count().min(batch.len() / LEAST_SHARE));
    if most < 2 {
        let (loss, parts) = objective.loss(learner, &batch);
        return (vec![GradientsParams::from_grads(loss.backward(), learner)], parts);
    }
    // A fork has leaves of its own, so that no graph waits for another's lock.
    let fork = |share| (share, learner.clone().fork(device));
    let shares: Vec<(Batch, Learner)> = batch.split(most).into_iter().map(fork).collect();
    let judged = threads.each(shares, |(share, fork)| {
        let weight = share.len() as f32 / size as f32;
        let (loss, parts) = objective.loss(&fork, &share);
        let grads = GradientsParams::from_grads((loss * weight).backward(), &fork);
        (grads, parts * weight)
    });
    let (grads, parts): (Vec<GradientsParams>, Vec<Tensor<1>>) = judged.into_iter().unzip();
    let parts = parts.into_iter().reduce(|a, b| a + b);
    (grads, parts.unwrap_or_else(|| Tensor::zeros([4], device)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Network;
    use crate::train::TrainOptions;
    use crate::train::aux_classifier::AuxClassifier;
    use crate::train::noise_set::tiny_model;
    use crate::train::params::with_stable_ids;
    use crate::train::training_set::{TrainingSet, WeightedClips};
    use burn::module::{ModuleVisitor, Param};
    use burn::optim::GradientsAccumulator;
    use rand::SeedableRng;

    struct Tracked<'a> {
        grads: &'a GradientsParams,
        values: Vec<Option<Vec<f32>>>,
    }

    impl ModuleVisitor for Tracked<'_> {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            if param.is_require_grad() {
                let grad = self.grads.get::<D>(param.id);
                self.values
                    .push(grad.map(|grad| grad.into_data().iter::<f32>().collect()));
            }
        }
    }

    /// Gradients of every tracked parameter, computed in `count` shares.
    fn gradients(count: usize) -> Vec<Option<Vec<f32>>> {
        let (set, options) = (TrainingSet::of_noise(tiny_model()), TrainOptions::default());
        let device = Device::flex().autodiff();
        device.seed(3);
        let learner = with_stable_ids(Learner {
            network: Network::new(&set.config, &device),
            adversary: None,
        });
        let clips = WeightedClips::training(&set).unwrap();
        let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(5);
        let threads = Threads::with(count);
        let batch = Batch::draw(&set, &clips, None, 7, false, &threads, &mut rng, &device).unwrap();
        let aux_classifier = AuxClassifier::new(&set.config, &device);
        let objective = Objective {
            options: &options,
            config: &set.config,
            aux_classifier: &aux_classifier,
            listener: None,
            weights: Tensor::ones([1, 1, set.config.bands], &device),
            kl_weights: [1.0; 2],
            progress: 0.0,
        };
        let (shares, _) = super::gradients(&threads, &learner, &objective, batch, &device);
        assert_eq!(shares.len(), count.min(2), "seven crops make two shares");
        let mut sum = GradientsAccumulator::new();
        for grads in shares {
            sum.accumulate(&learner, grads);
        }
        let mut tracked = Tracked {
            grads: &sum.grads(),
            values: Vec::new(),
        };
        learner.visit(&mut tracked);
        tracked.values
    }

    #[test]
    fn shares_add_up_to_the_gradient_of_the_whole_batch() {
        let (whole, shared) = (gradients(1), gradients(3));
        assert_eq!(whole.len(), shared.len());
        for (a, b) in whole.iter().flatten().zip(shared.iter().flatten()) {
            let scale = a.iter().fold(1e-4f32, |most, v| most.max(v.abs()));
            assert!(a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-3 * scale));
        }
    }

    #[test]
    fn every_tracked_parameter_takes_part() {
        let grads = gradients(2);
        assert!(grads.len() > 20);
        assert!(
            grads.iter().all(Option::is_some),
            "what is tracked without a gradient piles up in Burn's graph and slows every step"
        );
    }
}
