//! From a folder of music to a space that plays and gets better: the one pipeline behind window and command line.
//!
//! Import, frames, linear model (published first: it plays at once), then training with snapshots published as it goes.
//! Runs on the caller's thread; a [`JobSink`] hears events and may pause or stop it between steps.

use super::JobFolders;
use super::build::SpaceBuilder;
use super::sink::{Control, ImportRelay, JobEvent, JobSink, JobStage};
use super::training_device::surviving_its_loss;
use crate::atlas::AtlasError;
use crate::codec::encodec::EncodecCodec;
use crate::codec::encodec::EncodecError;
use crate::codec::{SpectralCodec, StatsFit, StdFloor};
use crate::corpus::{
    self, Analyser, Corpus, CorpusClip, CorpusError, FillOptions, FrameCache, FrameStore, ImportOptions,
};
use crate::decode::DecodeError;
use crate::decode::ENCODEC_DOWNLOAD;
use crate::dsp::BandAxis;
use crate::model::{CodecKind, ModelConfig, Network, Weights};
use crate::space::{CodecWeights, Snapshot};
use crate::train::linear_model::{self, FitError};
use crate::train::{
    CheckpointError, ModelSelection, RunFolder, TrainError, TrainOptions, Trainer, TrainingClip, TrainingSet,
    Validation, ValidationSet,
};
use burn::tensor::Device;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Seconds between snapshots that the map shows while training, and between checkpoints.
const PUBLISH_EVERY: Duration = Duration::from_secs(60);
/// Encoding a large corpus again takes long: it may cost a tenth of the time at most.
const LEARN_PER_PUBLISH: u32 = 10;
const CHECKPOINT_EVERY: Duration = Duration::from_secs(180);
/// The same on a GPU, which may go at any time and takes with it what it holds.
const GPU_CHECKPOINT_EVERY: Duration = Duration::from_secs(30);
/// Share of clips kept out of training.
const HOLD_OUT: f32 = 0.15;

/// Why a job ended without a space.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    #[error(transparent)]
    Corpus(#[from] CorpusError),
    #[error(transparent)]
    Fit(#[from] FitError),
    #[error(transparent)]
    Train(#[from] TrainError),
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    #[error("the frame cache could not be read: {0}")]
    Read(#[from] std::io::Error),
    #[error(transparent)]
    Codec(#[from] EncodecError),
    #[error(transparent)]
    Decode(#[from] DecodeError),
    #[error(transparent)]
    Atlas(#[from] AtlasError),
    #[error("EnCodec needs its weights: {ENCODEC_DOWNLOAD}")]
    NoCodecWeights,
    #[error("these settings cannot be trained: {0}")]
    Settings(String),
    #[error("stopped")]
    Stopped,
}

/// What a training leaves behind.
pub struct Trained {
    pub snapshot: Arc<Snapshot>,
    /// How it went, in a sentence.
    pub note: String,
    /// The folder of the run when its budget is used up: once the space is saved, nothing is left to continue.
    pub finished_run: Option<PathBuf>,
}

/// What is trained, and on what.
pub struct Job<'a> {
    pub source: &'a Path,
    pub options: TrainOptions,
    pub device: &'a Device,
    pub folders: &'a JobFolders,
    /// Continue from the checkpoint in this run folder.
    pub resume: Option<PathBuf>,
}

/// A corpus as frames, ready to be fitted.
struct Prepared {
    corpus: Corpus,
    set: TrainingSet,
    codec_weights: Option<CodecWeights>,
}

/// What a training begins with.
#[derive(Clone, Copy)]
struct Ground<'a> {
    set: &'a TrainingSet,
    /// The linear model's weights.
    start: &'a Weights,
    /// The network that is nothing but it, on the CPU.
    linear: &'a Network,
}

impl Job<'_> {
    /// Runs to the end of the budget; returns the last snapshot.
    ///
    /// # Errors
    /// When nothing usable was imported, or the device or the disk fails. What was published stays valid.
    pub fn run(&self, sink: &mut dyn JobSink) -> Result<Trained, JobError> {
        let Prepared {
            corpus,
            set,
            codec_weights,
        } = self.prepare(sink)?;
        sink.event(JobEvent::Progressed {
            stage: JobStage::LinearModel,
            done: 0,
            total: 1,
        });
        let start = linear_model::fit(&set, self.options.seed)?;
        let cpu = Device::flex();
        let linear = linear_network(&set.config, &start, &cpu)?;
        let builder = SpaceBuilder::new(&corpus, &set, &self.options, self.source, codec_weights);
        sink.event(JobEvent::Progressed {
            stage: JobStage::LinearModel,
            done: 1,
            total: 1,
        });
        let mut current = builder.build(&linear, 0, None, &cpu, sink)?;
        sink.event(JobEvent::Published(Arc::clone(&current)));
        if self.options.minutes == Some(0.0) || self.options.steps == Some(0) {
            let figures = linear_figures(&set, &linear)?;
            current = self.finish(&builder, &linear, 0, &current, &figures, &cpu, sink)?;
            return Ok(Trained {
                snapshot: current,
                note: "The linear model is ready; training can make it better.".into(),
                finished_run: None,
            });
        }
        let folder = match &self.resume {
            Some(folder) => RunFolder::open(folder)?,
            None => RunFolder::create(&self.folders.runs, &builder.name(), self.source, &self.options)?,
        };
        let ground = Ground {
            set: &set,
            start: &start,
            linear: &linear,
        };
        surviving_its_loss(self.device, sink, |device, sink| {
            self.train(&builder, &folder, &ground, &mut current, device, sink)
        })
    }

    fn train(
        &self,
        builder: &SpaceBuilder<'_>,
        folder: &RunFolder,
        ground: &Ground<'_>,
        current: &mut Arc<Snapshot>,
        device: &Device,
        sink: &mut dyn JobSink,
    ) -> Result<Trained, JobError> {
        let Ground { set, start, linear } = *ground;
        let on_cpu = *device == Device::flex();
        let mut trainer = if folder.checkpoint().exists() {
            let trainer = Trainer::resume(&folder.checkpoint(), set.clone(), &self.options, device)?;
            folder.forget_after(trainer.steps_done())?;
            trainer
        } else {
            let nothing = Weights::default();
            let start = if self.options.linear_model { start } else { &nothing };
            Trainer::new(set.clone(), self.options.clone(), start, device)?
        };
        let checkpoint_every = if on_cpu { CHECKPOINT_EVERY } else { GPU_CHECKPOINT_EVERY };
        let validation = ValidationSet::new(trainer.set(), device)?;
        let floor = linear_figures(trainer.set(), linear)?;
        let linear_distance = floor.distance;
        let mut selection = ModelSelection::new(linear_distance);
        let mut publish_pause = PUBLISH_EVERY;
        let (mut published, mut saved) = (Instant::now(), Instant::now());
        let mut outcome = Ok(());
        while !trainer.is_done() {
            match sink.control() {
                Control::Continue => {}
                Control::Pause => {
                    std::thread::sleep(Duration::from_millis(20));
                    continue;
                }
                Control::Stop | Control::Leave => break,
            }
            let mut report = match trainer.step() {
                Ok(report) => report,
                Err(error @ TrainError::Device(_)) if !on_cpu => return Err(error.into()),
                Err(error) => {
                    outcome = Err(error);
                    break;
                }
            };
            if selection.is_due(&report) {
                let figures = validation.examine(trainer.average(), linear_distance);
                if let Some(health) = selection.observe(&figures, trainer.average()) {
                    sink.event(JobEvent::HealthChanged(health));
                }
                report.validation = Some(figures);
            }
            folder.append_metrics(&report)?;
            sink.event(JobEvent::Stepped(report));
            if published.elapsed() >= publish_pause {
                let begun = Instant::now();
                *current = builder.build(trainer.average(), trainer.steps_done(), Some(&*current), device, sink)?;
                sink.event(JobEvent::Published(Arc::clone(current)));
                publish_pause = PUBLISH_EVERY.max(begun.elapsed() * LEARN_PER_PUBLISH);
                published = Instant::now();
            }
            if saved.elapsed() >= checkpoint_every {
                if let Err(error) = trainer.save_checkpoint(&folder.checkpoint()) {
                    sink.event(JobEvent::Warned(error.to_string()));
                }
                saved = Instant::now();
            }
        }
        if outcome.is_ok() {
            trainer.save_checkpoint(&folder.checkpoint())?;
            let figures = validation.examine(trainer.average(), linear_distance);
            selection.observe(&figures, trainer.average());
        }
        let (best, note) = selection.verdict(&outcome);
        let finished_run = (outcome.is_ok() && trainer.is_done()).then(|| folder.path().to_owned());
        if sink.control() == Control::Leave {
            return Ok(Trained {
                snapshot: Arc::clone(current),
                note,
                finished_run: None,
            });
        }
        let cpu = Device::flex();
        // The linear model lives on the CPU, whatever trained.
        let (network, figures, device) = match best {
            Some((network, figures)) => (network, figures, device),
            None => (linear.clone(), floor, &cpu),
        };
        let steps = trainer.steps_done();
        drop(trainer);
        *current = self.finish(builder, &network, steps, current, &figures, device, sink)?;
        Ok(Trained {
            snapshot: Arc::clone(current),
            note,
            finished_run,
        })
    }

    /// The last snapshot with every layout, and with its figures.
    fn finish(
        &self,
        builder: &SpaceBuilder<'_>,
        network: &Network,
        steps: u64,
        before: &Arc<Snapshot>,
        figures: &Validation,
        device: &Device,
        sink: &mut dyn JobSink,
    ) -> Result<Arc<Snapshot>, JobError> {
        let mut built = builder.build_with_all_layouts(network, steps, before, device, sink)?;
        Arc::make_mut(&mut built).meta.figures = figures.named();
        sink.event(JobEvent::Published(Arc::clone(&built)));
        Ok(built)
    }

    /// Import, frames, split, statistics.
    fn prepare(&self, sink: &mut dyn JobSink) -> Result<Prepared, JobError> {
        let relay = ImportRelay::new(sink);
        let (analyser, codec_weights) = open_analyser(self.options.codec, self.options.encodec_weights.as_deref())?;
        let sources: Vec<PathBuf> = std::iter::once(self.source.to_path_buf())
            .chain(self.options.joined.iter().cloned())
            .collect();
        let mut corpus = corpus::import_all(
            &sources,
            &ImportOptions {
                layout: self.options.layout,
                ..ImportOptions::default()
            },
            &relay,
        )?;
        let cache = FrameCache::open(&self.folders.cache, FrameCache::DEFAULT_BUDGET_BYTES)?;
        let store = cache.fill(&mut corpus, analyser.as_ref(), &FillOptions::default(), &relay)?;
        let emotion = corpus::estimate_emotion(&mut corpus, &store.all_measurements());
        relay.noted(emotion.sentence());
        let split = corpus.split(HOLD_OUT, self.options.seed);
        let clips = corpus
            .clips
            .iter()
            .zip(&split.held_out)
            .map(|(clip, held_out)| training_clip(clip, *held_out))
            .collect();
        let mut config = ModelConfig::new(
            self.options.codec,
            self.options.preset,
            corpus.genres.len(),
            self.options.chunk_secs,
        )
        .with_frames(
            analyser.sample_rate_hz(),
            analyser.hop_len(),
            analyser.bands(),
            self.options.chunk_secs,
        );
        config.global_dims = self.options.global_dims;
        config.local_dims = self.options.local_dims;
        if let Some(problem) = config.problem() {
            return Err(JobError::Settings(problem));
        }
        let stats = fit_stats(&store, &split.held_out, &config)?;
        Ok(Prepared {
            set: TrainingSet {
                config,
                stats,
                clips,
                source: Arc::new(store),
            },
            corpus,
            codec_weights,
        })
    }
}

/// What makes frames, and the file behind it where there is one.
pub(super) fn open_analyser(
    codec: CodecKind,
    weights: Option<&Path>,
) -> Result<(Box<dyn Analyser>, Option<CodecWeights>), JobError> {
    match (codec, weights) {
        (CodecKind::Spectral, _) => Ok((Box::new(SpectralCodec::new(BandAxis::standard())), None)),
        (CodecKind::Encodec, None) => Err(JobError::NoCodecWeights),
        (CodecKind::Encodec, Some(path)) => {
            let codec = EncodecCodec::load(path, &Device::flex())?;
            let path = std::path::absolute(path)?;
            let weights = CodecWeights {
                path: path.to_string_lossy().into_owned(),
                hash: codec.weights_hash(),
            };
            Ok((Box::new(codec), Some(weights)))
        }
    }
}

/// A clip as the trainer and the encoder see it.
pub(super) fn training_clip(clip: &CorpusClip, held_out: bool) -> TrainingClip {
    TrainingClip {
        labels: clip.condition(),
        emotion_track: clip.va_track.clone(),
        held_out,
    }
}

/// The network whose residual parts are all silent.
fn linear_network(config: &ModelConfig, start: &Weights, device: &Device) -> Result<Network, JobError> {
    let mut weights = Weights::of_module(&Network::new(config, device));
    weights.0.extend(start.0.clone());
    Network::from_weights(config, &weights, device).map_err(|error| JobError::Train(error.into()))
}

/// Band statistics over the training clips.
fn fit_stats(store: &FrameStore, held_out: &[bool], config: &ModelConfig) -> Result<crate::codec::BandStats, JobError> {
    use crate::train::FrameSource;
    let floor = match config.codec {
        CodecKind::Spectral => StdFloor::LEVELS,
        CodecKind::Encodec => StdFloor::LATENTS,
    };
    let mut fit = StatsFit::new(config.bands);
    for (clip, _) in held_out.iter().enumerate().filter(|(_, held_out)| !**held_out) {
        fit.add(&FrameSource::read(store, clip, 0, store.frame_count(clip))?);
    }
    fit.finish(floor).ok_or(JobError::Fit(FitError::NothingToFit))
}

/// Figures of the linear model, which training must beat.
fn linear_figures(set: &TrainingSet, linear: &Network) -> Result<Validation, JobError> {
    Ok(ValidationSet::new(set, &Device::flex())?.examine_linear(linear))
}
