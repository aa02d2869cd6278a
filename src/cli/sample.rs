//! `songspace sample`: new sounds under a condition.

use super::progress::stop_on_signal;
use super::select::{ConditionArguments, SoundArguments, SpaceArguments, with_sliders};
use super::terminal::tell;
use crate::decode::SpaceDecoder;
use crate::device::open_device;
use crate::files::{make_folder, write_whole};
use crate::jobs::{Limiting, SoundLength, render_sound};
use crate::render::{Recipe, RecipeSource, write_audio};
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
    #[command(flatten)]
    sound: SoundArguments,
}

/// Renders the samples and a text file of their recipes.
pub fn run(arguments: &SampleArguments) -> anyhow::Result<()> {
    let snapshot = Arc::new(arguments.space.open()?);
    let decoder = SpaceDecoder::new(&snapshot, &open_device(&arguments.sound.device).device)?;
    let roots = arguments.space.recording_roots(&snapshot);
    let condition = arguments.condition.parse(&snapshot)?;
    make_folder(&arguments.output)?;
    let (stop, mut recipes) = (stop_on_signal(), String::new());
    for index in 0..arguments.count {
        let recipe = Recipe {
            snapshot: snapshot.hash.clone(),
            condition: condition.clone(),
            seconds: arguments.sound.seconds,
            seed: arguments.sound.seed,
            ..with_sliders(Recipe::new(RecipeSource::Prior { index }), &arguments.condition)
        };
        let path = arguments.output.join(format!("sample-{index:03}.wav"));
        let how = (Limiting::AsLive, SoundLength::AsAsked);
        let (rendered, _) = render_sound(&snapshot, &decoder, &recipe, how, &roots, &stop)?;
        write_audio(&path, &rendered, &stop)?;
        recipes.push_str(&recipe.to_text());
        recipes.push('\n');
        tell(format_args!("wrote {}", path.display()));
    }
    write_whole(&arguments.output.join("recipes.txt"), recipes.as_bytes())?;
    Ok(())
}
