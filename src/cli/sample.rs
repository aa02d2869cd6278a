//! `songspace sample`: new sounds from the prior under a condition.

use super::progress::stop_on_signal;
use super::select::{ConditionArguments, SpaceArguments, with_sliders};
use crate::decode::SpaceDecoder;
use crate::device::{DeviceChoice, open_device};
use crate::files::write_whole;
use crate::render::{Recipe, RecipeSource, render, write_audio};
use std::path::PathBuf;
use std::sync::Arc;

/// How many, under which condition, where to.
#[derive(Debug, clap::Args)]
pub struct SampleArguments {
    #[command(flatten)]
    space: SpaceArguments,
    /// Number of sounds.
    #[arg(short = 'n', long, default_value_t = 8)]
    count: u64,
    /// Folder to write them to.
    #[arg(short, long)]
    output: PathBuf,
    #[command(flatten)]
    condition: ConditionArguments,
    /// Length of each; one chunk without it.
    #[arg(long)]
    seconds: Option<f32>,
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// As everywhere; the CPU by default, where equal input gives equal bytes.
    #[arg(long, default_value = "cpu", value_name = "DEVICE")]
    device: DeviceChoice,
}

/// Renders the samples and a text file of their recipes.
pub fn run(arguments: &SampleArguments) -> anyhow::Result<()> {
    let snapshot = Arc::new(arguments.space.open()?);
    let decoder = SpaceDecoder::new(&snapshot, &open_device(&arguments.device).device)?;
    let condition = arguments.condition.parse(&snapshot)?;
    std::fs::create_dir_all(&arguments.output)?;
    let (stop, mut recipes) = (stop_on_signal(), String::new());
    for index in 0..arguments.count {
        let recipe = Recipe {
            snapshot: snapshot.hash.clone(),
            condition: condition.clone(),
            seconds: arguments.seconds,
            seed: arguments.seed,
            ..with_sliders(Recipe::new(RecipeSource::Prior { index }), &arguments.condition)
        };
        let path = arguments.output.join(format!("sample-{index:03}.wav"));
        write_audio(&path, &render(&snapshot, &decoder, &recipe, &stop)?, &stop)?;
        recipes.push_str(&recipe.to_text());
        recipes.push('\n');
        eprintln!("wrote {}", path.display());
    }
    write_whole(&arguments.output.join("recipes.txt"), recipes.as_bytes())?;
    Ok(())
}
