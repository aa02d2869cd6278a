//! Refines latents by ear. One pass of the encoder has to serve all music at once; a few steps of gradient descent on the latent
//! of one chunk, through the decoder, serve that chunk (semi-amortised inference, Kim et al. 2018).
//!
//! What descends is the cost that training has too, the listener's part of it above all.

use super::adam::AdamW;
use super::encode::read_latents;
use super::listener::Listener;
use super::loss::reconstruction;
use super::objective::LISTENER_WEIGHT;
use super::threads::Threads;
use super::training_set::{ChunkPlace, TrainingSet};
use super::{ErrorUnit, TrainError};
use crate::model::{CodecKind, ModelConfig, Network};
use crate::space::LatentTable;
use crate::values::{ChunkId, Latent, LoopContext};
use burn::module::Module;
use burn::optim::{AdamWState, Optimizer};
use burn::tensor::{Device, Tensor, TensorData};

/// Steps that gain most of what there is to gain, and the fewest that are worth waiting for.
const STEPS: usize = 20;
const LEAST_STEPS: usize = 4;
/// So many steps move g too; in fewer, l alone comes nearer (set A: 20 steps MOS-LQO 4.25 with g and 4.18 without, 8 steps 3.99
/// and 4.08).
const STEPS_WITH_G: usize = 14;
/// Steps over all points that may be spent: minutes of two cores.
const MOST_IN_ALL: usize = 48_000;
/// The first step's size in standard deviations of l, which falls to zero over the steps.
const RATE: f64 = 0.1;
const ADAM: AdamW = AdamW {
    decays: (0.9, 0.99),
    weight_decay: 0.0,
};
const BATCH: usize = 8;

/// Steps for each of `points` latents, unless somebody asks for another number: fewer where there are many, none where there
/// are so many that it would take an hour.
pub fn refinement_steps(points: usize) -> usize {
    match (MOST_IN_ALL / points.max(1)).min(STEPS) {
        steps if steps < LEAST_STEPS => 0,
        steps => steps,
    }
}

/// `latents` of `places` under `network`, brought nearer by `steps` steps each. `progress` gets the number done and may return
/// `false` to stop: the rest then stays as it is.
///
/// # Errors
/// When the frame cache cannot be read or the device fails.
pub fn refine_latents(
    set: &TrainingSet,
    network: &Network,
    places: &[ChunkPlace],
    latents: &LatentTable,
    steps: usize,
    device: &Device,
    mut progress: impl FnMut(usize) -> bool,
) -> Result<LatentTable, TrainError> {
    if steps == 0 || places.is_empty() {
        return Ok(latents.clone());
    }
    let device = device.clone().autodiff();
    let threads = Threads::new(&device);
    let linear = network.is_linear();
    let lanes: Vec<Lane<'_>> = (0..threads.count())
        .map(|_| Lane::new(set, network, linear, &device))
        .collect();
    let mut table = set.empty_latents();
    let batches: Vec<(usize, &[ChunkPlace])> = places.chunks(BATCH).enumerate().collect();
    for round in batches.chunks(lanes.len()) {
        let work = round.iter().zip(&lanes).collect();
        let refined = threads.each(work, |((batch, part), lane)| {
            lane.refine(part, &Start::of(latents, batch * BATCH, part.len()), steps)
        });
        for latent in refined.into_iter().collect::<Result<Vec<_>, _>>()?.iter().flatten() {
            table.push(latent);
        }
        if !progress(table.len()) {
            break;
        }
    }
    for rest in table.len()..places.len() {
        table.push(&latents.get(ChunkId(rest as u32)));
    }
    Ok(table)
}

/// Where the descent of some latents starts: their values, one latent after the other.
struct Start {
    globals: Vec<f32>,
    locals: Vec<f32>,
}

impl Start {
    fn of(latents: &LatentTable, first: usize, count: usize) -> Self {
        let ids = (first..first + count).map(|id| ChunkId(id as u32));
        Self {
            globals: ids.clone().flat_map(|id| latents.global(id)).collect(),
            locals: ids.flat_map(|id| latents.local(id)).collect(),
        }
    }

    fn descents(&self, config: &ModelConfig, device: &Device) -> (Descent<2>, Descent<3>) {
        let count = self.globals.len() / config.global_dims;
        (
            Descent::from(&self.globals, [count, config.global_dims], device),
            Descent::from(&self.locals, [count, config.local_steps(), config.local_dims], device),
        )
    }
}

/// What one thread needs of its own, so that no graph waits for another's lock.
struct Lane<'a> {
    set: &'a TrainingSet,
    network: Network,
    /// The network is nothing but the linear model, which alone is much cheaper.
    linear: bool,
    listener: Option<Listener>,
    weights: Tensor<3>,
    device: &'a Device,
}

impl<'a> Lane<'a> {
    fn new(set: &'a TrainingSet, network: &Network, linear: bool, device: &'a Device) -> Self {
        let weights = ErrorUnit::of(set.config.codec).weights(&set.stats.std);
        Self {
            set,
            network: network.clone().fork(device).no_grad(),
            linear,
            listener: Listener::of(&set.config, &set.stats, device),
            weights: Tensor::from_data(TensorData::new(weights, [1, 1, set.config.bands]), device),
            device,
        }
    }

    /// The latents of `places` that `start` leads to.
    fn refine(&self, places: &[ChunkPlace], start: &Start, steps: usize) -> Result<Vec<Latent>, TrainError> {
        let config = &self.set.config;
        let (frames, condition) = self.set.tensors(places, self.device)?;
        let (mut g, mut l) = start.descents(config, self.device);
        for step in 0..steps {
            let (from_g, from_l) = (g.start(), l.start());
            let cost = self.cost(&frames, from_g.clone(), from_l.clone(), condition.clone());
            let gradients = cost.backward();
            let rate = RATE * (1.0 - step as f64 / steps as f64);
            if steps >= STEPS_WITH_G {
                g.step(from_g.grad(&gradients), rate);
            }
            l.step(from_l.grad(&gradients), rate);
        }
        read_latents(config, g.value, l.value)
    }

    /// What the decode of `g` and `l` is off `frames`, summed over chunks.
    fn cost(&self, frames: &Tensor<3>, g: Tensor<2>, l: Tensor<3>, condition: Tensor<2>) -> Tensor<1> {
        let decoded = match self.linear {
            true => self.network.decode_linear(g, l, condition),
            false => self.network.decode(g, l, condition, LoopContext::Open),
        };
        let ordered = self.set.config.codec == CodecKind::Spectral;
        let mut cost = reconstruction(frames.clone(), &decoded, self.weights.clone(), ordered).total;
        if let Some(listener) = &self.listener {
            let alike = listener.similarity(frames.clone(), decoded.mean);
            cost = cost + (alike.neg() + 1.0) * LISTENER_WEIGHT;
        }
        cost * frames.dims()[0] as f32
    }
}

/// One tensor on its way down.
struct Descent<const D: usize> {
    value: Tensor<D>,
    moments: Option<AdamWState<D>>,
}

impl<const D: usize> Descent<D> {
    fn from(values: &[f32], shape: [usize; D], device: &Device) -> Self {
        Self {
            value: Tensor::from_data(TensorData::new(values.to_vec(), shape), device),
            moments: None,
        }
    }

    /// Where the next step starts, tracked.
    fn start(&self) -> Tensor<D> {
        self.value.clone().require_grad()
    }

    /// A step against `gradient`, of about `rate` in every value; none without one.
    fn step(&mut self, gradient: Option<Tensor<D>>, rate: f64) {
        if let Some(gradient) = gradient {
            let moments = self.moments.take();
            (self.value, self.moments) = ADAM.step(rate, self.value.clone(), Tensor::from_inner(gradient), moments);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::encode_chunks;
    use crate::train::noise_set::tiny_model;

    fn small_set() -> TrainingSet {
        TrainingSet::of_noise(ModelConfig {
            local_dims: 8,
            ..tiny_model()
        })
    }

    /// A linear model with axes drawn at random, as good as none.
    fn network(set: &TrainingSet, device: &Device) -> Network {
        device.seed(5);
        let network = Network::new(&set.config, device);
        let mut weights = crate::model::Weights::of_module(&network);
        for (name, tensor) in &mut weights.0 {
            if name.starts_with("linear_model.local") || name.starts_with("linear_model.global") {
                let noise = crate::dsp::WhiteNoise::new(2).map(|x| 0.2 * x);
                tensor.values = noise.take(tensor.values.len()).collect();
            }
        }
        Network::from_weights(&set.config, &weights, device).unwrap()
    }

    fn cost_of(set: &TrainingSet, network: &Network, places: &[ChunkPlace], latents: &LatentTable) -> f32 {
        let device = Device::flex();
        let lane = Lane::new(set, network, true, &device);
        let (frames, condition) = set.tensors(places, &device).unwrap();
        let (g, l) = Start::of(latents, 0, places.len()).descents(&set.config, &device);
        lane.cost(&frames, g.value, l.value, condition).into_scalar::<f32>()
    }

    #[test]
    fn latents_come_nearer_and_a_stop_leaves_the_rest() {
        let (set, device) = (small_set(), Device::flex());
        let network = network(&set, &device);
        let places: Vec<ChunkPlace> = set.grid(0);
        let encoded = encode_chunks(&set, &network, &places, &device, |_| true).unwrap();
        let refine = |go_on: bool| {
            let mut rounds = 0;
            let table = refine_latents(&set, &network, &places, &encoded, 12, &device, |_| {
                rounds += 1;
                go_on
            });
            (table.unwrap(), rounds)
        };
        let (refined, rounds) = refine(true);
        assert_eq!(refined.len(), places.len());
        let (before, after) = (
            cost_of(&set, &network, &places, &encoded),
            cost_of(&set, &network, &places, &refined),
        );
        assert!(after < 0.98 * before, "{before} before, {after} after");

        let (stopped, stopped_rounds) = refine(false);
        assert_eq!((stopped.len(), stopped_rounds), (places.len(), 1));
        assert!(rounds > 1, "there is nothing to stop in one round");
        let last = ChunkId(places.len() as u32 - 1);
        assert_eq!(stopped.local(last), encoded.local(last));
        assert_ne!(refined.local(last), encoded.local(last));
    }

    #[test]
    fn a_network_that_has_learned_nothing_is_its_linear_model() {
        let (set, device) = (small_set(), Device::flex());
        let network = network(&set, &device);
        assert!(network.is_linear());
        let places = &set.grid(0)[..2];
        let (frames, condition) = set.tensors(places, &device).unwrap();
        let posterior = network.encode(frames, condition.clone());
        let (g, l) = (posterior.global_mean, posterior.local_mean);
        let cheap = network.decode_linear(g.clone(), l.clone(), condition.clone());
        let whole = network.decode(g, l, condition, LoopContext::Open);
        let apart = |a: Tensor<3>, b: Tensor<3>| (a - b).abs().max().into_scalar::<f32>();
        assert!(apart(cheap.mean, whole.mean) < 1e-4);
        assert!(apart(cheap.log_scale, whole.log_scale) < 1e-4);
    }

    #[test]
    fn few_points_get_all_steps_and_very_many_none() {
        assert_eq!(refinement_steps(0), STEPS);
        assert_eq!(refinement_steps(1_000), STEPS);
        assert!((LEAST_STEPS..STEPS).contains(&refinement_steps(10_000)));
        assert_eq!(refinement_steps(100_000), 0);
    }
}
