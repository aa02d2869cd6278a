//! Refines latents by ear. One pass of the encoder has to serve all music at once; a few steps of gradient descent on the latent
//! of one chunk, through the decoder, serve that chunk (semi-amortised inference, Kim et al. 2018).
//!
//! What descends is the cost that training has too, the listener's part of it above all.

use super::listener::Listener;
use super::loss::reconstruction;
use super::objective::LISTENER_WEIGHT;
use super::threads::Threads;
use super::training_set::{ChunkPlace, TrainingSet};
use super::{ErrorUnit, TrainError};
use crate::model::{CodecKind, Network};
use crate::space::LatentTable;
use crate::values::{ChunkId, Frames, Latent, LoopContext};
use burn::module::Module;
use burn::tensor::{Device, Tensor, TensorData};

/// Steps that gain most of what there is to gain, and the fewest that are worth waiting for.
const STEPS: usize = 20;
const LEAST_STEPS: usize = 4;
/// Steps over all points that may be spent: minutes of two cores.
const MOST_IN_ALL: usize = 48_000;
/// Of Adam (Kingma & Ba 2015): the first step's size in standard deviations of l, which falls to zero over the steps, and the
/// decay of both moments.
const RATE: f32 = 0.1;
const DECAY: (f32, f32) = (0.9, 0.99);
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
    if steps == 0 {
        return Ok(latents.clone());
    }
    let config = &set.config;
    let device = device.clone().autodiff();
    let threads = Threads::new(&device);
    let lanes: Vec<Lane<'_>> = (0..threads.count()).map(|_| Lane::new(set, network, &device)).collect();
    let folder = set.source.spill_folder();
    let mut table =
        LatentTable::new(config.global_dims, config.local_dims, config.local_steps()).spilling_into(folder.as_deref());
    let first_of = |batch: usize| batch * BATCH;
    let batches: Vec<(usize, &[ChunkPlace])> = places
        .chunks(BATCH)
        .enumerate()
        .map(|(i, part)| (first_of(i), part))
        .collect();
    for round in batches.chunks(lanes.len()) {
        let work = round.iter().zip(&lanes).collect();
        let refined = threads.each(work, |((first, part), lane)| lane.refine(part, *first, latents, steps));
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
    fn new(set: &'a TrainingSet, network: &Network, device: &'a Device) -> Self {
        let weights = ErrorUnit::of(set.config.codec).weights(&set.stats.std);
        Self {
            set,
            network: network.clone().fork(device).no_grad(),
            linear: network.is_linear(),
            listener: Listener::of(&set.config, &set.stats, device),
            weights: Tensor::from_data(TensorData::new(weights, [1, 1, set.config.bands]), device),
            device,
        }
    }

    /// The latents from `first` on, of `places`.
    fn refine(
        &self,
        places: &[ChunkPlace],
        first: usize,
        latents: &LatentTable,
        steps: usize,
    ) -> Result<Vec<Latent>, TrainError> {
        let config = &self.set.config;
        let (frames, condition) = self.set.tensors(places, self.device)?;
        let ids = (first..first + places.len()).map(|id| ChunkId(id as u32));
        let globals: Vec<f32> = ids.clone().flat_map(|id| latents.global(id)).collect();
        let locals: Vec<f32> = ids.flat_map(|id| latents.local(id)).collect();
        let (size, width) = (places.len(), config.local_dims);
        let mut g = Descent::<2>::from(globals, [size, config.global_dims], self.device);
        let mut l = Descent::<3>::from(locals, [size, config.local_steps(), width], self.device);
        for step in 0..steps {
            let (from_g, from_l) = (g.start(), l.start());
            let cost = self.cost(&frames, from_g.clone(), from_l.clone(), condition.clone());
            let gradients = cost.backward();
            let rate = RATE * (1.0 - step as f32 / steps as f32);
            g.step(from_g.grad(&gradients), rate);
            l.step(from_l.grad(&gradients), rate);
        }
        let (globals, locals) = (g.read()?, l.read()?);
        let pairs = globals
            .chunks(config.global_dims)
            .zip(locals.chunks(config.local_steps() * width));
        Ok(pairs
            .map(|(g, l)| Latent {
                global: g.to_vec(),
                local: Frames::from_vec(width, l.to_vec()),
            })
            .collect())
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

/// One tensor on its way down, by Adam.
struct Descent<const D: usize> {
    value: Tensor<D>,
    mean: Tensor<D>,
    square: Tensor<D>,
    steps: i32,
}

impl<const D: usize> Descent<D> {
    fn from(values: Vec<f32>, shape: [usize; D], device: &Device) -> Self {
        let nothing = Tensor::zeros(shape, device);
        Self {
            value: Tensor::from_data(TensorData::new(values, shape), device),
            mean: nothing.clone(),
            square: nothing,
            steps: 0,
        }
    }

    /// Where the next step starts, tracked.
    fn start(&self) -> Tensor<D> {
        self.value.clone().require_grad()
    }

    /// A step against `gradient`, of about `rate` in every value; none without one.
    fn step(&mut self, gradient: Option<Tensor<D>>, rate: f32) {
        let Some(gradient) = gradient.map(Tensor::from_inner) else {
            return;
        };
        let (first, second) = DECAY;
        self.steps += 1;
        self.mean = self.mean.clone() * first + gradient.clone() * (1.0 - first);
        self.square = self.square.clone() * second + gradient.square() * (1.0 - second);
        let mean = self.mean.clone() / (1.0 - first.powi(self.steps));
        let square = self.square.clone() / (1.0 - second.powi(self.steps));
        self.value = self.value.clone() - mean / (square.sqrt() + 1e-8) * rate;
    }

    fn read(self) -> Result<Vec<f32>, TrainError> {
        let values = self.value.try_into_vec_as::<f32>();
        values.map_err(|error| TrainError::Device(error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ModelConfig, NetworkStage, Preset};
    use crate::train::encode_chunks;

    fn small_set() -> TrainingSet {
        let stage = |steps_per_patch, width| NetworkStage {
            steps_per_patch,
            width,
            blocks: 1,
        };
        TrainingSet::of_noise(ModelConfig {
            encoder: vec![stage(4, 8), stage(1, 8)],
            decoder: vec![stage(1, 8), stage(4, 8)],
            local_dims: 8,
            global_dims: 4,
            ..ModelConfig::new(CodecKind::Spectral, Preset::S, 2, 0.5)
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
        let lane = Lane::new(set, network, &device);
        let (frames, condition) = set.tensors(places, &device).unwrap();
        let ids = 0..places.len() as u32;
        let globals: Vec<f32> = ids.clone().flat_map(|id| latents.global(ChunkId(id))).collect();
        let locals: Vec<f32> = ids.flat_map(|id| latents.local(ChunkId(id))).collect();
        let config = &set.config;
        let g = Descent::<2>::from(globals, [places.len(), config.global_dims], &device);
        let l = Descent::<3>::from(locals, [places.len(), config.local_steps(), config.local_dims], &device);
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
