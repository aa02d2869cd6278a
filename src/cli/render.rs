//! `songspace render`: a recipe to a sound file.

use super::select::{ConditionArguments, SourceArguments, SpaceArguments, recipe};
use crate::decode::SpaceDecoder;
use crate::device::{DeviceChoice, open_device};
use crate::render::{render, render_unlimited, write_audio};
use std::path::PathBuf;
use std::sync::Arc;

/// What to render, under which condition, where to.
#[derive(Debug, clap::Args)]
pub struct RenderArguments {
    #[command(flatten)]
    space: SpaceArguments,
    /// The sound file to write.
    #[arg(short, long)]
    output: PathBuf,
    #[command(flatten)]
    source: SourceArguments,
    #[command(flatten)]
    condition: ConditionArguments,
    /// Length; the source's own without it.
    #[arg(long)]
    seconds: Option<f32>,
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Write the raw sum, without the limiter that the live engine has; a WAV or FLAC file clips what exceeds full scale.
    #[arg(long)]
    no_limiter: bool,
    #[arg(long, value_enum, default_value = "cpu")]
    device: DeviceChoice,
}

/// Renders to a file.
pub fn run(arguments: &RenderArguments) -> anyhow::Result<()> {
    let snapshot = Arc::new(arguments.space.open()?);
    let decoder = SpaceDecoder::new(&snapshot, &open_device(arguments.device).device)?;
    let mut recipe = recipe(&snapshot, &arguments.source, &arguments.condition)?;
    recipe.seconds = arguments.seconds.or(recipe.seconds);
    if arguments.source.recipe.is_none() {
        recipe.seed = arguments.seed;
    }
    let render = if arguments.no_limiter { render_unlimited } else { render };
    let rendered = render(&snapshot, &decoder, &recipe)?;
    write_audio(&arguments.output, &rendered)?;
    eprintln!("wrote {}", arguments.output.display());
    Ok(())
}
