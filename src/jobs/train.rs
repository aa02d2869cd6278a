//! From a folder of music to a space that plays and gets better: the one pipeline behind window and command line.
//!
//! Import, frames, linear model (published first: it plays at once), then training with snapshots published as it goes.
//! Runs on the caller's thread; a [`JobSink`] hears events and may pause or stop it between steps. Whatever fails on the way,
//! what has been learned until then becomes a space, and the checkpoint stays.

use super::build::SpaceBuilder;
use super::cadence::Cadence;
use super::prepare::{Prepared, prepare};
use super::sink::{Control, JobEvent, JobSink, JobStage};
use super::training_device::surviving_its_loss;
use super::{JobError, JobFolders};
use crate::files::in_words;
use crate::model::{ModelConfig, Network, Weights};
use crate::space::Snapshot;
use crate::train::linear_model;
use crate::train::{
    ModelSelection, RunFolder, StepReport, TrainError, TrainOptions, Trainer, TrainingSet, Validation, ValidationSet,
    untrained,
};
use burn::tensor::Device;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Between snapshots that the map shows while training.
const PUBLISH_EVERY: Duration = Duration::from_secs(60);
/// Encoding a large corpus again takes long: it may cost a tenth of the time at most.
const LEARN_PER_PUBLISH: u32 = 10;
const FIRST_CHECKPOINT: Duration = Duration::from_secs(60);
const CHECKPOINT_EVERY: Duration = Duration::from_secs(180);
/// The same on a GPU, which may go at any time and takes with it what it holds.
const GPU_CHECKPOINT_EVERY: Duration = Duration::from_secs(30);

/// What a training leaves behind.
pub struct Trained {
    /// The last one published; not saved yet.
    pub snapshot: Arc<Snapshot>,
    /// How it went, in a sentence.
    pub note: String,
    /// The folder with its checkpoint; none where only the linear model was asked for.
    pub run: Option<PathBuf>,
    /// The folder of the run when its budget is used up: once the space is saved, nothing is left to continue.
    pub finished_run: Option<PathBuf>,
}

/// What is trained, and on what.
pub struct Job<'a> {
    /// A folder of music, a dataset or a manifest.
    pub source: &'a Path,
    /// With a budget of zero only the linear model is fitted.
    pub options: TrainOptions,
    /// For the network; the linear model is always fitted on the CPU.
    pub device: &'a Device,
    /// Its cache and its runs are used.
    pub folders: &'a JobFolders,
    /// Continue from the checkpoint in this run folder; only the budget of `options` may then be another than it was begun with.
    pub resume: Option<PathBuf>,
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
    /// When nothing usable was imported, or the device or the disk fails before there is a space; [`JobError::Stopped`] when it
    /// was stopped before that. What was published stays valid.
    pub fn run(&self, sink: &mut dyn JobSink) -> Result<Trained, JobError> {
        if let Some(folder) = &self.resume {
            self.check_run(folder)?;
        }
        let Prepared {
            corpus,
            set,
            codec_weights,
        } = prepare(self.source, &self.options, self.folders, sink)?;
        let linear_progress = |done| JobEvent::Progressed {
            stage: JobStage::LinearModel,
            done,
            total: 1,
        };
        sink.event(linear_progress(0));
        let start = linear_model::fit(&set, self.options.seed, &mut || {
            matches!(sink.control(), Control::Stop | Control::Leave)
        })?;
        let cpu = Device::flex();
        let linear = linear_network(&set.config, &start, self.options.seed, &cpu)?;
        let builder = SpaceBuilder::new(&corpus, &set, &self.options, self.source, codec_weights);
        sink.event(linear_progress(1));
        let current = builder.build(&linear, 0, None, &cpu, sink)?;
        sink.event(JobEvent::Published(Arc::clone(&current)));
        if self.options.minutes == Some(0.0) || self.options.steps == Some(0) {
            let refined = builder.refined(Snapshot::clone(&current), &linear, &cpu, sink)?;
            let mapped = builder.with_all_layouts(refined, &current, sink)?;
            return Ok(Trained {
                snapshot: publish_with(mapped, &linear_figures(&set, &linear)?, sink),
                note: "The linear model is ready; training can make it better.".into(),
                run: None,
                finished_run: None,
            });
        }
        let run = match &self.resume {
            Some(path) => path.clone(),
            None => {
                let runs = &self.folders.runs;
                let folder = RunFolder::create(runs, &builder.name(), self.source, &self.options);
                folder.map_err(run_failed(runs))?.path().to_owned()
            }
        };
        let ground = Ground {
            set: &set,
            start: &start,
            linear: &linear,
        };
        surviving_its_loss(self.device, sink, |device, sink| {
            self.train(&builder, &ground, &run, Arc::clone(&current), device, sink)
        })
    }

    /// A run goes on with the options it was begun with, or not at all.
    fn check_run(&self, folder: &Path) -> Result<(), JobError> {
        let failed = run_failed(folder);
        let run = RunFolder::describe(folder).map_err(&failed)?;
        let asked = self.options.clone().with_absolute_paths().map_err(&failed)?;
        match run.options.contradiction(&asked) {
            None => RunFolder::set_budget(folder, &asked).map_err(failed),
            Some(source) => Err(JobError::OtherRun {
                path: folder.to_owned(),
                source,
            }),
        }
    }

    /// The folder of the run, and the trainer at its checkpoint or at its beginning.
    fn begin(
        &self,
        run: &Path,
        set: TrainingSet,
        start: &Weights,
        device: &Device,
    ) -> Result<(RunFolder, Trainer), JobError> {
        let failed = run_failed(run);
        let mut folder = RunFolder::open(run).map_err(&failed)?;
        if self.resume.is_some() || folder.checkpoint().exists() {
            let trainer = Trainer::resume(&folder.checkpoint(), set, &self.options, device)?;
            folder.forget_after(trainer.steps_done()).map_err(&failed)?;
            return Ok((folder, trainer));
        }
        let nothing = Weights::default();
        let start = if self.options.linear_model { start } else { &nothing };
        Ok((folder, Trainer::new(set, self.options.clone(), start, device)?))
    }

    fn train(
        &self,
        builder: &SpaceBuilder<'_>,
        ground: &Ground<'_>,
        run: &Path,
        current: Arc<Snapshot>,
        device: &Device,
        sink: &mut dyn JobSink,
    ) -> Result<Trained, JobError> {
        let Ground { set, start, linear } = *ground;
        let on_cpu = *device == Device::flex();
        let (folder, trainer) = self.begin(run, set.clone(), start, device)?;
        let validation = ValidationSet::new(trainer.set(), device).map_err(JobError::FrameCache)?;
        let floor = linear_figures(trainer.set(), linear)?;
        let mut course = Course {
            builder,
            device,
            on_cpu,
            selection: ModelSelection::new(floor),
            linear: floor,
            validation,
            folder,
            trainer,
            current,
            curve_is_kept: true,
        };
        let outcome = match course.run(sink) {
            // Another device may go on from the last checkpoint.
            Err(error @ TrainError::Device(_)) if !on_cpu => return Err(error.into()),
            outcome => outcome,
        };
        let (best, note) = course.selection.verdict(&outcome);
        let run = course.folder.path().to_owned();
        let is_finished = outcome.is_ok() && (course.trainer.is_done() || course.selection.is_exhausted());
        let steps = course.trainer.steps_done();
        let before = course.current;
        drop(course.trainer);
        let cpu = Device::flex();
        // The linear model lives on the CPU, whatever trained.
        let (network, figures, device) = match best {
            Some((network, figures)) => (network, figures, device),
            None => (linear.clone(), floor, &cpu),
        };
        let last = match sink.control() {
            Control::Leave => Err(JobError::Stopped),
            _ => builder.build_with_all_layouts(&network, steps, &before, device, sink),
        };
        let left = matches!(last, Err(JobError::Stopped));
        Ok(Trained {
            snapshot: if left {
                before
            } else {
                publish_with(last?, &figures, sink)
            },
            note,
            finished_run: (is_finished && !left).then(|| run.clone()),
            run: Some(run),
        })
    }
}

/// The last snapshot, with its figures.
fn publish_with(mut snapshot: Snapshot, figures: &Validation, sink: &mut dyn JobSink) -> Arc<Snapshot> {
    snapshot.meta.figures = figures.named();
    let snapshot = Arc::new(snapshot);
    sink.event(JobEvent::Published(Arc::clone(&snapshot)));
    snapshot
}

/// A training on its way.
struct Course<'a> {
    builder: &'a SpaceBuilder<'a>,
    device: &'a Device,
    on_cpu: bool,
    trainer: Trainer,
    folder: RunFolder,
    validation: ValidationSet,
    selection: ModelSelection,
    /// Figures of the linear model.
    linear: Validation,
    current: Arc<Snapshot>,
    curve_is_kept: bool,
}

impl Course<'_> {
    /// Steps until the budget is used up, the user stops it or a step fails. A disk that fails is a warning: what is learned is
    /// worth more than its curve.
    fn run(&mut self, sink: &mut dyn JobSink) -> Result<(), TrainError> {
        let begun = Instant::now();
        let mut publish = Cadence::new(begun, PUBLISH_EVERY, PUBLISH_EVERY);
        let mut checkpoint = match self.on_cpu {
            true => Cadence::new(begun, FIRST_CHECKPOINT, CHECKPOINT_EVERY),
            false => Cadence::new(begun, GPU_CHECKPOINT_EVERY, GPU_CHECKPOINT_EVERY),
        };
        while !self.trainer.is_done() && !self.selection.is_exhausted() {
            match sink.control() {
                Control::Continue => {}
                Control::Pause => {
                    std::thread::sleep(Duration::from_millis(20));
                    continue;
                }
                Control::Stop => {
                    sink.next_part();
                    break;
                }
                Control::Leave => break,
            }
            let report = self.step(sink)?;
            sink.event(JobEvent::Stepped(report));
            if publish.is_due(Instant::now()) {
                let begun = Instant::now();
                self.publish(sink);
                publish.set_pause(PUBLISH_EVERY.max(begun.elapsed() * LEARN_PER_PUBLISH));
                publish.done(Instant::now());
            }
            if checkpoint.is_due(Instant::now()) {
                self.save_checkpoint(sink);
                checkpoint.done(Instant::now());
            }
        }
        self.save_checkpoint(sink);
        let figures = self.validation.examine(self.trainer.average(), &self.linear);
        self.selection.observe(&figures, self.trainer.average());
        Ok(())
    }

    fn step(&mut self, sink: &mut dyn JobSink) -> Result<StepReport, TrainError> {
        let mut report = self.trainer.step()?;
        if self.selection.is_due(&report) {
            let figures = self.validation.examine(self.trainer.average(), &self.linear);
            if let Some(health) = self.selection.observe(&figures, self.trainer.average()) {
                sink.event(JobEvent::HealthChanged(health));
            }
            report.validation = Some(figures);
        }
        let kept = self.folder.append_metrics(&report);
        if let (Err(error), true) = (&kept, self.curve_is_kept) {
            let path = self.folder.path().display();
            sink.event(JobEvent::Warned(format!(
                "{path}: the curve is not kept: {}. The training goes on; free some space",
                in_words(error)
            )));
        }
        self.curve_is_kept = kept.is_ok();
        Ok(report)
    }

    /// Shows how far it is. A stop in between is seen by the next look at the control.
    fn publish(&mut self, sink: &mut dyn JobSink) {
        let (average, steps) = (self.trainer.average(), self.trainer.steps_done());
        match self
            .builder
            .build(average, steps, Some(&self.current), self.device, sink)
        {
            Ok(newer) => {
                self.current = newer;
                sink.event(JobEvent::Published(Arc::clone(&self.current)));
            }
            Err(JobError::Stopped) => {}
            Err(error) => sink.event(JobEvent::Warned(format!("The map is not brought up to date: {error}"))),
        }
    }

    fn save_checkpoint(&self, sink: &mut dyn JobSink) {
        if let Err(error) = self.trainer.save_checkpoint(&self.folder.checkpoint()) {
            sink.event(JobEvent::Warned(format!("{error}. The training goes on")));
        }
    }
}

fn run_failed(path: &Path) -> impl Fn(std::io::Error) -> JobError {
    let path = path.to_owned();
    move |source| JobError::RunFolder {
        path: path.clone(),
        source,
    }
}

/// The network whose residual parts are all silent. The weights behind the silence are in the space's file too, so that they come
/// from the seed as everything does.
fn linear_network(config: &ModelConfig, start: &Weights, seed: u64, device: &Device) -> Result<Network, JobError> {
    let mut weights = untrained(config, seed);
    weights.0.extend(start.0.clone());
    Network::from_weights(config, &weights, device).map_err(|error| JobError::Train(error.into()))
}

/// Figures of the linear model, which training must beat.
fn linear_figures(set: &TrainingSet, linear: &Network) -> Result<Validation, JobError> {
    let validation = ValidationSet::new(set, &Device::flex()).map_err(JobError::FrameCache)?;
    Ok(validation.examine_linear(linear))
}
