//! `songspace eval`: every quality figure as JSON.

use anyhow::bail;
use std::path::PathBuf;

/// Which space.
#[derive(Debug, clap::Args)]
pub struct EvalArguments {
    space: PathBuf,
}

/// Prints the figures.
pub fn run(arguments: &EvalArguments) -> anyhow::Result<()> {
    bail!("{}: the judges are not wired in", arguments.space.display())
}
