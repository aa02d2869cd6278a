//! `songspace render`: a recipe to a sound file.

use super::progress::stop_on_signal;
use super::select::{
    ConditionArguments, SoundArguments, SourceArguments, SpaceArguments, WayArguments, recipe, with_beats,
};
use super::take::TakeArguments;
use super::terminal::tell;
use crate::device::open_device;
use crate::files::check_target;
use crate::jobs::{Limiting, SoundLength, Unheard, export_sound, export_take};
use std::path::PathBuf;

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
    part: TakeArguments,
    #[command(flatten)]
    condition: ConditionArguments,
    #[command(flatten)]
    way: WayArguments,
    #[command(flatten)]
    sound: SoundArguments,
    /// Write the raw sum, without the limiter that the live engine has; a WAV or FLAC file clips what exceeds full scale.
    #[arg(long, conflicts_with = "endless")]
    no_limiter: bool,
    /// Whole rounds, as many as fit into --seconds or one, whose end leads into the beginning; a WAV then holds loop points.
    #[arg(long = "loop", conflicts_with = "endless")]
    rounds: bool,
}

/// Renders to a file.
pub fn run(arguments: &RenderArguments) -> anyhow::Result<()> {
    check_target(&arguments.output)?;
    let stop = stop_on_signal();
    let snapshot = with_beats(arguments.space.open()?, &arguments.space, &arguments.way, &stop);
    let take = arguments.part.open(&arguments.source)?;
    if let Some((take, how)) = take {
        let device = open_device(&arguments.sound.device).device;
        let roots = arguments.space.recording_roots(&snapshot);
        let unheard = export_take(&snapshot, &take, how, &roots, &arguments.output, &device, &stop)?;
        return written(arguments, unheard);
    }
    let recipe = recipe(
        &snapshot,
        &arguments.source,
        &arguments.condition,
        &arguments.way,
        &arguments.sound,
    )?;
    let limiting = if arguments.no_limiter {
        Limiting::Off
    } else {
        Limiting::AsLive
    };
    let length = match arguments.rounds {
        true => SoundLength::WholeRounds,
        false => SoundLength::AsAsked,
    };
    let device = open_device(&arguments.sound.device);
    let unheard = export_sound(
        &snapshot,
        &recipe,
        (limiting, length),
        &arguments.space.recording_roots(&snapshot),
        &arguments.output,
        &device.device,
        &stop,
    )?;
    written(arguments, unheard)
}

fn written(arguments: &RenderArguments, unheard: Option<Unheard>) -> anyhow::Result<()> {
    if let Some(why) = unheard {
        tell(why);
    }
    tell(format_args!("wrote {}", arguments.output.display()));
    Ok(())
}
