//! `songspace render`: a recipe to a sound file.

use super::select::{ConditionArguments, SourceArguments, SpaceArguments, recipe};
use crate::decode::SpaceDecoder;
use crate::device::{DeviceChoice, open_device};
use crate::render::{render, write_audio};
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
    /// As everywhere; the CPU by default, where equal input gives equal bytes.
    #[arg(long, default_value = "cpu", value_name = "DEVICE")]
    device: DeviceChoice,
}

/// Renders to a file.
pub fn run(arguments: &RenderArguments) -> anyhow::Result<()> {
    let snapshot = Arc::new(arguments.space.open()?);
    let decoder = SpaceDecoder::new(&snapshot, &open_device(&arguments.device).device)?;
    let mut recipe = recipe(&snapshot, &arguments.source, &arguments.condition)?;
    recipe.seconds = arguments.seconds.or(recipe.seconds);
    if arguments.source.recipe.is_none() {
        recipe.seed = arguments.seed;
    }
    let rendered = render(&snapshot, &decoder, &recipe)?;
    write_audio(&arguments.output, &rendered)?;
    eprintln!("wrote {}", arguments.output.display());
    Ok(())
}
