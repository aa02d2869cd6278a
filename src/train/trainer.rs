//! The trainer as a value: `step()` does one optimiser step and says what happened. It owns no thread.

use super::adam::AdamW;
use super::adversary::Adversary;
use super::augment::Augmentation;
use super::aux_classifier::AuxClassifier;
use super::batch::Batch;
use super::data_parallel::gradients;
use super::initial_weights;
use super::learner::Learner;
use super::listener::Listener;
use super::objective::Objective;
use super::params::{move_average, with_stable_ids};
use super::rate_control::RateController;
use super::sharded_optimizer::Updater;
use super::threads::Threads;
use super::training_set::{TrainingSet, WeightedClips};
use super::{ErrorUnit, StepReport, TrainError, TrainOptions};
use crate::model::{Network, Weights};
use burn::module::Module;
use burn::optim::{GradientsParams, ModuleOptimizer};
use burn::tensor::{Device, Tensor, TensorData};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use std::time::Instant;

const WARM_UP_STEPS: u64 = 100;
/// Small corpora are learned by heart with less.
const WEIGHT_DECAY: f64 = 0.02;
const CLIP_NORM: f32 = 1.0;
/// Of the moving average, a step; it is brought up to date every few steps, which is as good and costs less.
const EMA_DECAY: f32 = 0.995;
const EMA_EVERY: u64 = 4;
const JUDGE_RATE: f64 = 1e-3;

/// One training in progress.
pub struct Trainer {
    pub(super) set: TrainingSet,
    pub(super) options: TrainOptions,
    pub(super) device: Device,
    pub(super) learner: Learner,
    pub(super) updater: Updater,
    pub(super) aux_classifier: AuxClassifier,
    pub(super) judge_optimizer: ModuleOptimizer,
    pub(super) average: Network,
    pub(super) global_rate: RateController,
    pub(super) local_rate: RateController,
    pub(super) step: u64,
    pub(super) elapsed_secs: f64,
    clips: WeightedClips,
    variations: Option<Augmentation>,
    threads: Threads,
    weights: Tensor<3>,
    listener: Option<Listener>,
}

impl Trainer {
    /// A training of `set` that starts from `start` (the linear model's weights).
    ///
    /// # Errors
    /// When there is no clip to train on or `start` does not fit.
    pub fn new(set: TrainingSet, options: TrainOptions, start: &Weights, device: &Device) -> Result<Self, TrainError> {
        let device = device.clone().autodiff();
        // The generator of the steps, on a stream that no step has.
        let mut rng = ChaCha8Rng::seed_from_u64(options.seed);
        let clips = WeightedClips::training(&set).ok_or(TrainError::NothingToTrain)?;
        let mut weights = initial_weights::network(&set.config, &mut rng);
        weights.0.extend(
            start
                .0
                .iter()
                .filter(|(name, _)| weights.0.contains_key(*name))
                .map(|(n, t)| (n.clone(), t.clone()))
                .collect::<Vec<_>>(),
        );
        let network = Network::from_weights(&set.config, &weights, &device)?;
        let aux_classifier = initial_weights::module(|on| AuxClassifier::new(&set.config, on), &mut rng, &device)?;
        let adversary = match options.adversary {
            true => Some(initial_weights::module(
                |on| Adversary::new(&set.config, on),
                &mut rng,
                &device,
            )?),
            false => None,
        };
        let learner = with_stable_ids(Learner { network, adversary });
        let aux_classifier = with_stable_ids(aux_classifier);
        let adam = AdamW {
            decays: (0.9, 0.99),
            weight_decay: WEIGHT_DECAY,
        };
        let weights = Tensor::from_data(
            TensorData::new(
                ErrorUnit::of(set.config.codec).weights(&set.stats.std),
                [1, 1, set.config.bands],
            ),
            &device,
        );
        let listener = Listener::of(&set.config, &set.stats, &device);
        Ok(Self {
            listener,
            average: learner.network.valid(),
            updater: Updater::new(adam, &learner),
            judge_optimizer: adam.for_module(),
            global_rate: RateController::new(options.kl_global_nats),
            local_rate: RateController::new(options.kl_local_nats),
            step: 0,
            elapsed_secs: 0.0,
            clips,
            variations: options.vary.then(|| Augmentation::new(&set)).flatten(),
            threads: Threads::new(&device),
            weights,
            set,
            options,
            device,
            learner,
            aux_classifier,
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

    /// Linear warm-up, then a cosine to 5 % over the budget.
    fn learning_rate(&self) -> f64 {
        let warm = ((self.step + 1) as f64 / WARM_UP_STEPS as f64).min(1.0);
        let cosine = 0.5 * (1.0 + (std::f64::consts::PI * self.progress()).cos());
        self.options.peak_rate() * warm * (0.05 + 0.95 * cosine)
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
        let batch = Batch::draw(
            &self.set,
            &self.clips,
            self.variations.as_ref(),
            self.options.batch,
            self.options.swap,
            &self.threads,
            &mut rng,
            &self.device,
        )?;
        let rate = self.learning_rate();

        if let Some([noise, _]) = &batch.listening {
            let (heard, labels) = (batch.frames.clone(), batch.labels.clone());
            let loss = self.aux_classifier.loss(heard, labels, noise.clone());
            let grads = GradientsParams::from_grads(loss.backward(), &self.aux_classifier);
            self.aux_classifier = self
                .judge_optimizer
                .step(JUDGE_RATE, self.aux_classifier.clone(), grads);
        }

        let objective = Objective {
            options: &self.options,
            config: &self.set.config,
            aux_classifier: &self.aux_classifier,
            listener: self.listener.as_ref(),
            weights: self.weights.clone(),
            kl_weights: [self.global_rate.weight(), self.local_rate.weight()],
            progress: self.progress(),
        };
        let (grads, parts) = gradients(&self.threads, &self.learner, &objective, batch, &self.device);
        self.learner = self
            .updater
            .step(&self.threads, rate, self.learner.clone(), grads, CLIP_NORM);
        if self.step.is_multiple_of(EMA_EVERY) {
            let decay = EMA_DECAY.min((1 + self.step) as f32 / (10 + self.step) as f32);
            self.average = move_average(
                self.average.clone(),
                &self.learner.network,
                decay.powi(EMA_EVERY as i32),
            );
        }

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
}
