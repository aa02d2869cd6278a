//! `songspace train`: a folder of music to a `.songspace` file.

use super::device::DeviceArgument;
use super::progress::Printer;
use crate::corpus::DatasetFormat;
use crate::jobs::{Job, JobFolders, embed_recordings, training_device};
use crate::model::{CodecKind, Preset};
use crate::space::{Snapshot, WeightPrecision};
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
    /// Network size: s for two CPU cores, m for a GPU.
    #[arg(long, value_enum, default_value = "s")]
    preset: Preset,
    /// Minutes of training; 0 = the linear model only.
    #[arg(long, conflicts_with = "steps")]
    minutes: Option<f32>,
    /// Steps of training instead of minutes.
    #[arg(long)]
    steps: Option<u64>,
    #[command(flatten)]
    device: DeviceArgument,
    #[arg(long, value_enum, default_value = "spectral")]
    codec: CodecKind,
    /// EnCodec weights (safetensors), for --codec encodec.
    #[arg(long)]
    encodec: Option<PathBuf>,
    /// Continue the newest interrupted training of this source.
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
    #[arg(long)]
    lr: Option<f64>,
    /// Target of KL(g) in nats per chunk.
    #[arg(long)]
    kl_global: Option<f32>,
    /// Target of KL(l) in nats per chunk.
    #[arg(long)]
    kl_local: Option<f32>,
    /// Seconds per map point.
    #[arg(long)]
    chunk_secs: Option<f32>,
    /// Most points of the map: clips beyond it are learned from but not shown.
    #[arg(long)]
    map_points: Option<usize>,
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
    /// Push the labels out of g by an adversary.
    #[arg(long)]
    adversary: bool,
    /// Learn songs only as they are: not in other keys, at other tempi or two at once.
    #[arg(long, alias = "no-transpose")]
    no_variations: bool,
    /// Teach the decoder to please a listener when labels are swapped.
    #[arg(long)]
    swap: bool,
    /// Teach the network to find latents again in what they decode to under swapped labels.
    #[arg(long)]
    cycle: bool,
    /// Random start instead of the linear model (an ablation).
    #[arg(long)]
    from_scratch: bool,
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Where frames, checkpoints and curves go; `outputs` in a checkout, else the platform's data folder.
    #[arg(long)]
    outputs: Option<PathBuf>,
    /// Store weights at half precision.
    #[arg(long)]
    half: bool,
}

impl TrainArguments {
    fn options(&self) -> TrainOptions {
        let preset = TrainOptions::default();
        TrainOptions {
            preset: self.preset,
            codec: self.codec,
            minutes: self
                .minutes
                .or(if self.steps.is_some() { None } else { preset.minutes }),
            steps: self.steps,
            global_dims: self.latent_global.unwrap_or(preset.global_dims),
            local_dims: self.latent_local.unwrap_or(preset.local_dims),
            batch: self.batch.unwrap_or(preset.batch).clamp(1, 4_096),
            learning_rate: self.lr,
            kl_global_nats: self.kl_global.unwrap_or(preset.kl_global_nats),
            kl_local_nats: self.kl_local.unwrap_or(preset.kl_local_nats),
            chunk_secs: self.chunk_secs.unwrap_or(preset.chunk_secs),
            map_points: self.map_points,
            vary: !self.no_variations,
            adversary: self.adversary,
            swap: self.swap,
            cycle: self.cycle,
            linear_model: !self.from_scratch,
            seed: self.seed,
            encodec_weights: self.encodec.clone(),
            layout: self.layout,
            joined: self.joined.clone(),
        }
    }
}

/// Trains and writes the space.
pub fn run(arguments: &TrainArguments) -> anyhow::Result<()> {
    check_writable(&arguments.output)?;
    let open = arguments.device.open();
    let mut printer = Printer::new();
    printer.device(&open);
    let (device, too_small) = training_device(open, &arguments.options());
    if let Some(sentence) = too_small {
        printer.line(&sentence);
    }
    let folders = arguments
        .outputs
        .as_deref()
        .map_or_else(JobFolders::standard, JobFolders::below);
    let resume = match arguments.resume {
        false => None,
        true => Some(
            RunFolder::newest_for(&folders.runs, &arguments.source).with_context(|| {
                format!(
                    "{}: no interrupted training of {} was found; leave out --resume",
                    folders.runs.display(),
                    arguments.source.display()
                )
            })?,
        ),
    };
    let job = Job {
        source: &arguments.source,
        options: arguments.options(),
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
    space.save(&arguments.output, precision)?;
    if let Some(run) = &trained.finished_run {
        RunFolder::mark_finished(run)?;
    }
    printer.line(&format!("wrote {}", arguments.output.display()));
    Ok(())
}

/// Fails before an hour of training instead of after it.
fn check_writable(output: &Path) -> anyhow::Result<()> {
    let folder = output
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)
        .and_then(|()| tempfile::tempfile_in(folder).map(drop))
        .with_context(|| {
            format!(
                "{}: nothing can be written there; choose another --output",
                folder.display()
            )
        })
}
