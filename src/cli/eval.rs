//! `songspace eval`: every quality figure of a space as one JSON object on standard output.

use super::select::SpaceArguments;
use crate::compute::{DeviceChoice, evaluate_space, open_device};
use crate::sync::StopFlag;
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
    #[arg(long, value_enum, default_value = "auto")]
    device: DeviceChoice,
}

/// Prints the figures.
pub fn run(arguments: &EvalArguments) -> anyhow::Result<()> {
    let snapshot = arguments.space.open()?;
    let root = arguments
        .corpus
        .clone()
        .unwrap_or_else(|| PathBuf::from(&snapshot.meta.corpus_root));
    let device = open_device(arguments.device);
    let mut progress = |stage: &'static str| eprintln!("{stage}");
    let report = evaluate_space(&snapshot, &root, &device, &mut progress, &StopFlag::default()).with_context(|| {
        format!(
            "{}: no figures with the recordings in {}",
            arguments.space.space.display(),
            root.display()
        )
    })?;
    println!("{}", serde_json::to_string_pretty(&report)?);
    Ok(())
}
