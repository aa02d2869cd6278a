//! The trainer as a value: `step()` does one optimiser step and says what happened. It owns no thread.

use super::adversary::Adversary;
use super::batch::Batch;
use super::judge::Judge;
use super::loss::reconstruction;
use super::params::{clip_global_norm, move_average, with_stable_ids};
use super::rate_control::RateController;
use super::training_set::{TrainingSet, WeightedClips};
use super::transpose::Transposer;
use super::{ErrorUnit, StepReport, TrainOptions};
use crate::model::{CodecKind, Network, Preset, WeightError, Weights, kl_nats, sample};
use crate::space::LoopContext;
use burn::module::Module;
use burn::optim::{AdamWConfig, GradientsParams, ModuleOptimizer};
use burn::tensor::{Device, Tensor, TensorData};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use std::time::Instant;

const WARM_UP_STEPS: u64 = 100;
/// Small corpora are learned by heart with less.
const WEIGHT_DECAY: f32 = 0.02;
const CLIP_NORM: f32 = 1.0;
const EMA_DECAY: f32 = 0.995;
/// The swap terms wait for their judge to have learned, the adversary ramps up between these shares of the training.
const SWAP_FROM: f64 = 0.3;
const ADVERSARY_RAMP: (f64, f64) = (0.1, 0.4);
const ADVERSARY_STRENGTH: f32 = 0.05;
const ADVERSARY_WEIGHT: f32 = 0.05;
const SWAP_WEIGHT: f32 = 0.05;
const ANCHOR_WEIGHT: f32 = 0.5;
const JUDGE_RATE: f64 = 1e-3;
/// The swap terms look at this share of the batch.
const SWAP_SHARE: usize = 3;

/// Why training stopped by itself.
#[derive(Debug, thiserror::Error)]
pub enum TrainError {
    #[error("the frame cache could not be read: {0}")]
    Read(#[from] std::io::Error),
    #[error("every clip is held out: add more music or labels")]
    NothingToTrain,
    #[error(
        "the loss is no longer a number at step {0}: the device failed or the learning rate is too high; the last good checkpoint is kept"
    )]
    NotFinite(u64),
    #[error("the weights do not fit this network: {0}")]
    Weights(#[from] WeightError),
    #[error("the device failed: {0}")]
    Device(String),
}

/// Everything that learns by the same optimiser.
#[derive(Module, Debug)]
pub(super) struct Learner {
    pub network: Network,
    pub adversary: Adversary,
}

/// One training in progress.
pub struct Trainer {
    pub(super) set: TrainingSet,
    pub(super) options: TrainOptions,
    pub(super) device: Device,
    pub(super) learner: Learner,
    pub(super) optimizer: ModuleOptimizer,
    pub(super) judge: Judge,
    pub(super) judge_optimizer: ModuleOptimizer,
    pub(super) average: Network,
    pub(super) global_rate: RateController,
    pub(super) local_rate: RateController,
    pub(super) step: u64,
    pub(super) elapsed_secs: f64,
    clips: WeightedClips,
    transposer: Option<Transposer>,
    weights: Tensor<3>,
}

impl Trainer {
    /// A training of `set` that starts from `start` (the closed form's weights).
    ///
    /// # Errors
    /// When there is no clip to train on or `start` does not fit.
    pub fn new(set: TrainingSet, options: TrainOptions, start: &Weights, device: &Device) -> Result<Self, TrainError> {
        let device = device.clone().autodiff();
        device.seed(options.seed);
        let clips = WeightedClips::training(&set).ok_or(TrainError::NothingToTrain)?;
        let mut weights = Weights::of_module(&Network::new(&set.config, &device));
        weights.0.extend(
            start
                .0
                .iter()
                .filter(|(name, _)| weights.0.contains_key(*name))
                .map(|(n, t)| (n.clone(), t.clone()))
                .collect::<Vec<_>>(),
        );
        let network = Network::from_weights(&set.config, &weights, &device)?;
        let learner = with_stable_ids(Learner {
            network,
            adversary: Adversary::new(&set.config, &device),
        });
        let judge = with_stable_ids(Judge::new(&set.config, &device));
        let adam = AdamWConfig::new()
            .with_beta_2(0.99)
            .with_epsilon(1e-8)
            .with_weight_decay(WEIGHT_DECAY);
        let weights = Tensor::from_data(
            TensorData::new(
                ErrorUnit::of(set.config.codec).weights(&set.stats.std),
                [1, 1, set.config.bands],
            ),
            &device,
        );
        Ok(Self {
            average: learner.network.valid(),
            optimizer: adam.init(),
            judge_optimizer: adam.init(),
            global_rate: RateController::new(options.kl_global_nats),
            local_rate: RateController::new(options.kl_local_nats),
            step: 0,
            elapsed_secs: 0.0,
            clips,
            transposer: options.transpose.then(|| Transposer::new(&set)).flatten(),
            weights,
            set,
            options,
            device,
            learner,
            judge,
        })
    }

    /// Steps done.
    pub fn steps_done(&self) -> u64 {
        self.step
    }

    /// Share of the budget that is used, 0..1.
    pub fn progress(&self) -> f64 {
        let by_time = self
            .options
            .minutes
            .map(|minutes| self.elapsed_secs / (f64::from(minutes) * 60.0).max(1e-9));
        let by_steps = self.options.steps.map(|steps| self.step as f64 / steps.max(1) as f64);
        by_time.into_iter().chain(by_steps).fold(0.0, f64::max).min(1.0)
    }

    /// Whether the budget is used up.
    pub fn is_done(&self) -> bool {
        self.progress() >= 1.0
    }

    /// The moving average that inference uses.
    pub fn average(&self) -> &Network {
        &self.average
    }

    /// What is trained.
    pub fn set(&self) -> &TrainingSet {
        &self.set
    }

    /// Peak learning rate: the user's or the preset's.
    fn peak_rate(&self) -> f64 {
        self.options.learning_rate.unwrap_or(match self.options.preset {
            Preset::S => 3e-3,
            Preset::M => 1.5e-3,
        })
    }

    /// Linear warm-up, then a cosine to 5 % over the budget.
    fn learning_rate(&self) -> f64 {
        let warm = ((self.step + 1) as f64 / WARM_UP_STEPS as f64).min(1.0);
        let cosine = 0.5 * (1.0 + (std::f64::consts::PI * self.progress()).cos());
        self.peak_rate() * warm * (0.05 + 0.95 * cosine)
    }

    /// One optimiser step on one random batch.
    ///
    /// # Errors
    /// When the cache or the device fails, or the loss is not finite; the trainer's weights are then not to be used.
    pub fn step(&mut self) -> Result<StepReport, TrainError> {
        let begun = Instant::now();
        // Everything random in a step follows from seed and step number, so a resumed training draws the same.
        let mut rng = ChaCha8Rng::seed_from_u64(self.options.seed);
        rng.set_stream(self.step + 1);
        self.device
            .seed(self.options.seed ^ (self.step + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let batch = Batch::draw(
            &self.set,
            &self.clips,
            self.transposer.as_ref(),
            self.options.batch,
            &mut rng,
            &self.device,
        )?;
        let rate = self.learning_rate();
        let progress = self.progress();

        if self.options.swap {
            let loss = self.judge.loss(batch.frames.clone(), batch.labels.clone());
            let grads = GradientsParams::from_grads(loss.backward(), &self.judge);
            self.judge = self.judge_optimizer.step(JUDGE_RATE, self.judge.clone(), grads);
        }

        let (loss, parts) = self.loss(&batch, progress);
        let grads = GradientsParams::from_grads(loss.backward(), &self.learner);
        let grads = clip_global_norm(&self.learner, grads, CLIP_NORM);
        self.learner = self.optimizer.step(rate, self.learner.clone(), grads);
        let decay = EMA_DECAY.min((1 + self.step) as f32 / (10 + self.step) as f32);
        self.average = move_average(self.average.clone(), &self.learner.network, decay);

        let figures = parts
            .try_into_vec_as::<f32>()
            .map_err(|error| TrainError::Device(error.to_string()))?;
        let &[total, spectral, kl_global, kl_local] = figures.as_slice() else {
            return Err(TrainError::Device("the loss did not come back whole".into()));
        };
        self.step += 1;
        if !figures.iter().all(|figure| figure.is_finite()) {
            return Err(TrainError::NotFinite(self.step));
        }
        self.global_rate.observe(kl_global);
        self.local_rate.observe(kl_local);
        let step_secs = begun.elapsed().as_secs_f64();
        self.elapsed_secs += step_secs;
        let unit = ErrorUnit::of(self.set.config.codec);
        Ok(StepReport {
            step: self.step,
            elapsed_secs: self.elapsed_secs,
            loss: total,
            reconstruction: spectral * unit.per_loss(),
            unit,
            kl_global,
            kl_local,
            learning_rate: rate,
            steps_per_sec: (1.0 / step_secs) as f32,
            validation: None,
        })
    }

    /// The loss of a batch, and `[total, reconstruction, KL of g, KL of l]` to be read back in one go.
    fn loss(&self, batch: &Batch, progress: f64) -> (Tensor<1>, Tensor<1>) {
        let network = &self.learner.network;
        let [size, frames, bands] = batch.frames.dims();
        // The encoder knows what the decoder is told: were it told more, g and l would learn to carry withheld labels,
        // and the decoder to take them from there (measured: the change by condition fell to a third).
        let posterior = network.encode_crop(batch.frames.clone(), batch.summary.clone(), batch.told.clone());
        let g = sample(posterior.global_mean.clone(), posterior.global_logvar.clone());
        let l = sample(posterior.local_mean.clone(), posterior.local_logvar.clone());
        let decoded = network.decode(g.clone(), l.clone(), batch.told.clone(), LoopContext::Open);
        let ordered = self.set.config.codec == CodecKind::Spectral;
        let fit = reconstruction(batch.frames.clone(), &decoded, self.weights.clone(), ordered);

        let crops_per_chunk = self.set.config.chunk_frames as f32 / frames as f32;
        let kl_global = kl_nats(posterior.global_mean.clone(), posterior.global_logvar).sum() / size as f32;
        let kl_local = kl_nats(posterior.local_mean, posterior.local_logvar).sum() * (crops_per_chunk / size as f32);
        let natural = 1.0 / (self.set.config.chunk_frames * bands) as f32;
        let mut total = fit.total
            + kl_global.clone() * (natural * self.global_rate.weight())
            + kl_local.clone() * (natural * self.local_rate.weight());

        if self.options.adversary && progress > ADVERSARY_RAMP.0 {
            let ramp = ((progress - ADVERSARY_RAMP.0) / (ADVERSARY_RAMP.1 - ADVERSARY_RAMP.0)).min(1.0) as f32;
            let read =
                self.learner
                    .adversary
                    .loss(posterior.global_mean, batch.labels.clone(), ADVERSARY_STRENGTH * ramp);
            total = total + read * ADVERSARY_WEIGHT;
        }
        if self.options.swap && progress >= SWAP_FROM {
            total = total + self.swap_loss(&g, &l, batch, decoded.mean);
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
    fn swap_loss(&self, g: &Tensor<2>, l: &Tensor<3>, batch: &Batch, own: Tensor<3>) -> Tensor<1> {
        let few = (g.dims()[0] / SWAP_SHARE).max(1);
        // Detached: only the decoder may learn to obey labels, or the encoder would empty the latent to make it easy.
        let g = g.clone().narrow(0, 0, few).detach();
        let l = l.clone().narrow(0, 0, few).detach();
        let own = own.narrow(0, 0, few).detach();
        let told = batch.told.clone().narrow(0, 0, few);
        let asked = batch.swapped.clone().narrow(0, 0, few);
        let network = &self.learner.network;
        let swapped = network.decode(g.clone(), l, asked.clone(), LoopContext::Open).mean;
        let heard = self.judge.clone().no_grad().loss(swapped.clone(), asked.clone());
        let closed = network.closed_form();
        let wanted = closed.decode_mean(g.clone(), asked) - closed.decode_mean(g, told);
        let moved = swapped.mean_dim(1) - own.mean_dim(1);
        let undone = (moved - wanted.unsqueeze_dim(1)).abs().mean();
        heard * SWAP_WEIGHT + undone * ANCHOR_WEIGHT
    }
}
