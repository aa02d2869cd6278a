//! `songspace eval`: every quality figure of a space as one JSON object on standard output.

use super::device::DeviceArgument;
use super::progress::stop_on_signal;
use super::select::SpaceArguments;
use super::terminal::{print_json, tell};
use crate::eval::Depth;
use crate::jobs::{evaluate_space, judge_files};
use anyhow::Context;
use std::path::PathBuf;

/// Which space, and where its recordings are.
#[derive(Debug, clap::Args)]
pub struct EvalArguments {
    #[command(flatten)]
    space: SpaceArguments,
    /// Folder of the recordings, where it has moved since the training.
    #[arg(long)]
    corpus: Option<PathBuf>,
    /// Also what labels do at every strength, by the model alone and by recordings: a quarter of an hour more.
    #[arg(long, conflicts_with = "listen")]
    full: bool,
    /// Also whether relatives are as asked and minutes of Endless sound like real ones: some minutes more; part of --full.
    #[arg(long)]
    ways: bool,
    /// Instead of the figures: what the judge hears in these audio files.
    #[arg(long, num_args = 1.., value_name = "FILE")]
    listen: Vec<PathBuf>,
    #[command(flatten)]
    device: DeviceArgument,
}

/// Prints the figures.
pub fn run(arguments: &EvalArguments) -> anyhow::Result<()> {
    let snapshot = arguments.space.open()?;
    let root = arguments
        .corpus
        .clone()
        .unwrap_or_else(|| PathBuf::from(&snapshot.meta.corpus_root));
    let stop = stop_on_signal();
    let why = || {
        format!(
            "{}: no figures with the recordings in {}",
            arguments.space.space.display(),
            root.display()
        )
    };
    let mut progress = |stage: &str| tell(stage);
    if arguments.listen.is_empty() {
        let device = arguments.device.open();
        let depth = match (arguments.full, arguments.ways) {
            (true, _) => Depth::Full,
            (false, true) => Depth::Ways,
            (false, false) => Depth::Quick,
        };
        let report = evaluate_space(&snapshot, &root, &device, depth, &mut progress, &stop).with_context(why)?;
        print_json(&report)
    } else {
        let readings = judge_files(&snapshot, &root, &arguments.listen, &mut progress, &stop).with_context(why)?;
        print_json(&readings)
    }
}
