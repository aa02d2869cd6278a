//! `songspace train`: a folder of music to a `.songspace` file.

use super::device::DeviceArgument;
use super::number::{finite, precise};
use super::outputs::job_folders;
use super::progress::Printer;
use crate::corpus::DatasetFormat;
use crate::files::check_target;
use crate::jobs::{Job, JobFolders, Trained, embed_recordings, training_device};
use crate::model::{CodecKind, Preset};
use crate::space::{BundleError, Snapshot, WeightPrecision};
use crate::train::{RunFolder, TrainOptions};
use anyhow::Context;
use std::path::{Path, PathBuf};

/// Everything a training can be told.
#[derive(Debug, clap::Args)]
pub struct TrainArguments {
    /// Folder of music (sub-folder = genre), dataset, or CSV manifest.
    source: PathBuf,
    /// More of them, joined to the first under one list of genres.
    joined: Vec<PathBuf>,
    /// What the sources are, where a look at them is not enough.
    #[arg(long, value_enum)]
    layout: Option<DatasetFormat>,
    /// The space to write.
    #[arg(short, long)]
    output: PathBuf,
    /// Network size: s for two CPU cores, m for a GPU [default: s].
    #[arg(long, value_enum)]
    preset: Option<Preset>,
    /// Minutes of training; 0 = the linear model only.
    #[arg(long, conflicts_with = "steps", value_parser = finite)]
    minutes: Option<f32>,
    /// Steps of training instead of minutes.
    #[arg(long)]
    steps: Option<u64>,
    #[command(flatten)]
    device: DeviceArgument,
    /// What turns sound into frames [default: spectral].
    #[arg(long, value_enum)]
    codec: Option<CodecKind>,
    /// EnCodec weights (safetensors), for --codec encodec.
    #[arg(long)]
    encodec: Option<PathBuf>,
    /// Continue the newest interrupted training of this source, with the options it was begun with; --minutes or --steps may give it
    /// another budget.
    #[arg(long)]
    resume: bool,
    #[arg(long)]
    latent_global: Option<usize>,
    #[arg(long)]
    latent_local: Option<usize>,
    /// Crops per step.
    #[arg(long)]
    batch: Option<usize>,
    /// Peak learning rate.
    #[arg(long, value_parser = precise)]
    lr: Option<f64>,
    /// Target of KL(g) in nats per chunk.
    #[arg(long, value_parser = finite)]
    kl_global: Option<f32>,
    /// Target of KL(l) in nats per chunk.
    #[arg(long, value_parser = finite)]
    kl_local: Option<f32>,
    /// Seconds per map point.
    #[arg(long, value_parser = finite)]
    chunk_secs: Option<f32>,
    /// Most points of the map: clips beyond it are learned from but not shown.
    #[arg(long)]
    map_points: Option<usize>,
    /// Steps by which every map point is brought nearer to what is heard in its recording, at the end; 0 = none
    /// [default: 20, fewer of more than 2,400 points, none of more than 12,000].
    #[arg(long, value_name = "STEPS")]
    refine: Option<usize>,
    /// Put the recordings of about this many points into the space, to compare with wherever it is opened.
    #[arg(long, default_value_t = 0)]
    originals: usize,
    /// Where smaller copies of the recordings lie for that, under the same paths as in the source.
    #[arg(long, requires = "originals")]
    originals_from: Option<PathBuf>,
    /// What the space is called; the source's name by default.
    #[arg(long)]
    name: Option<String>,
    /// Where the space looks for its recordings later; the source's full path by default.
    #[arg(long)]
    corpus_root: Option<String>,
    /// Learn songs only as they are: not in other keys, at other tempi or two at once.
    #[arg(long, alias = "no-transpose")]
    no_variations: bool,
    /// What was tried and is not recommended; may be given several times.
    #[arg(long, value_enum, value_name = "NAME", hide = true)]
    experiment: Vec<Experiment>,
    /// Decides the hold-out, the start and the order of clips [default: 1].
    #[arg(long)]
    seed: Option<u64>,
    /// Where frames, checkpoints and curves go; `outputs` in a checkout, else the platform's data folder.
    #[arg(long)]
    outputs: Option<PathBuf>,
    /// Gigabytes of analysed frames kept on disk; what finds no room is made again from the files while it is learned from.
    #[arg(long, default_value_t = 4.0, value_parser = finite)]
    cache_gb: f32,
    /// Store weights at half precision.
    #[arg(long)]
    half: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Experiment {
    /// Push the labels out of g by an adversary.
    Adversary,
    /// Teach the decoder to please a classifier when labels are swapped.
    Swap,
    /// Teach the network to find latents again in what they decode to under swapped labels.
    Cycle,
    /// Random start instead of the linear model (an ablation).
    FromScratch,
}

impl TrainArguments {
    /// What was asked for; the rest is as in `base`.
    fn over(&self, base: TrainOptions) -> TrainOptions {
        let has_budget = self.minutes.is_some() || self.steps.is_some();
        let tries = |experiment| self.experiment.contains(&experiment);
        TrainOptions {
            preset: self.preset.unwrap_or(base.preset),
            codec: self.codec.unwrap_or(base.codec),
            minutes: if has_budget { self.minutes } else { base.minutes },
            steps: if has_budget { self.steps } else { base.steps },
            global_dims: self.latent_global.unwrap_or(base.global_dims),
            local_dims: self.latent_local.unwrap_or(base.local_dims),
            batch: self.batch.map_or(base.batch, |batch| batch.clamp(1, 4_096)),
            learning_rate: self.lr.or(base.learning_rate),
            kl_global_nats: self.kl_global.unwrap_or(base.kl_global_nats),
            kl_local_nats: self.kl_local.unwrap_or(base.kl_local_nats),
            chunk_secs: self.chunk_secs.unwrap_or(base.chunk_secs),
            map_points: self.map_points.or(base.map_points),
            refine: self.refine.or(base.refine),
            vary: base.vary && !self.no_variations,
            adversary: base.adversary || tries(Experiment::Adversary),
            swap: base.swap || tries(Experiment::Swap),
            cycle: base.cycle || tries(Experiment::Cycle),
            linear_model: base.linear_model && !tries(Experiment::FromScratch),
            seed: self.seed.unwrap_or(base.seed),
            encodec_weights: self.encodec.clone().or(base.encodec_weights),
            layout: self.layout.or(base.layout),
            joined: if self.joined.is_empty() {
                base.joined
            } else {
                self.joined.clone()
            },
        }
    }

    /// The run to continue, if one is, and the options of the training. Whether they contradict the run's is seen by the job.
    fn plan(&self, folders: &JobFolders) -> anyhow::Result<(Option<PathBuf>, TrainOptions)> {
        if !self.resume {
            return Ok((None, self.over(TrainOptions::default())));
        }
        let folder = RunFolder::newest_for(&folders.runs, &self.source).with_context(|| {
            format!(
                "{}: no interrupted training of {} was found; leave out --resume",
                folders.runs.display(),
                self.source.display()
            )
        })?;
        let run = RunFolder::describe(&folder)
            .with_context(|| format!("{}: this training cannot be read", folder.display()))?;
        Ok((Some(folder), self.over(run.options)))
    }
}

/// Trains and writes the space.
pub fn run(arguments: &TrainArguments) -> anyhow::Result<()> {
    check_target(&arguments.output)?;
    let mut folders = job_folders(arguments.outputs.as_ref())?;
    folders.cache_bytes = (f64::from(arguments.cache_gb).max(0.0) * 1e9) as u64;
    let (resume, options) = arguments.plan(&folders)?;
    let open = arguments.device.open();
    let mut printer = Printer::new();
    printer.device(&open);
    let (device, too_small) = training_device(open, &options);
    if let Some(sentence) = too_small {
        printer.line(&sentence);
    }
    let job = Job {
        source: &arguments.source,
        options,
        device: &device,
        folders: &folders,
        resume,
    };
    let trained = job.run(&mut printer)?;
    printer.ended(&trained.note);
    let precision = if arguments.half {
        WeightPrecision::F16
    } else {
        WeightPrecision::F32
    };
    let mut space = embed_recordings(
        Snapshot::clone(&trained.snapshot),
        arguments.originals,
        arguments.originals_from.as_deref(),
    );
    if let Some(name) = &arguments.name {
        space.meta.name.clone_from(name);
    }
    if let Some(root) = &arguments.corpus_root {
        space.meta.corpus_root.clone_from(root);
    }
    space
        .save(&arguments.output, precision)
        .map_err(|error| unsaved(&error, &trained, &arguments.source))?;
    if let Some(run) = &trained.finished_run
        && let Err(error) = RunFolder::mark_finished(run)
    {
        // The space is on disk: that --resume will find the run again does no harm.
        printer.line(&format!(
            "{}: the run is not marked as finished: {error}",
            run.display()
        ));
    }
    printer.line(&format!("wrote {}", arguments.output.display()));
    Ok(())
}

/// Where what was learned is, now that the space is not on disk, and how to get it there.
fn unsaved(error: &BundleError, trained: &Trained, source: &Path) -> anyhow::Error {
    match &trained.run {
        None => anyhow::anyhow!("{error}"),
        Some(run) => anyhow::anyhow!(
            "{error}. What was learned is kept in {}: `songspace train {} --resume --output OTHER.songspace` writes it elsewhere",
            run.display(),
            source.display()
        ),
    }
}
