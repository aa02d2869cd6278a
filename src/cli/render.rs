//! `songspace render`: a recipe to a sound file.

use super::piece::{PieceArguments, Wanted};
use super::progress::stop_on_signal;
use super::terminal::tell;
use crate::files::check_target;
use crate::jobs::{Limiting, SoundLength, export_sound, export_take};
use std::path::PathBuf;

/// What to render, under which condition, where to.
#[derive(Debug, clap::Args)]
pub struct RenderArguments {
    #[command(flatten)]
    piece: PieceArguments,
    /// The sound file to write.
    #[arg(short, long)]
    output: PathBuf,
    /// Write the raw sum, without the limiter that the live engine has; a WAV or FLAC file clips what exceeds full scale.
    #[arg(long, conflicts_with = "endless")]
    no_limiter: bool,
    /// Whole rounds, as many as fit into --seconds or one, whose end leads into the beginning; a WAV then holds loop points.
    #[arg(long = "loop", conflicts_with = "endless")]
    rounds: bool,
}

/// Renders to a file.
pub fn run(arguments: &RenderArguments) -> anyhow::Result<()> {
    let output = &arguments.output;
    check_target(output)?;
    let stop = stop_on_signal();
    let piece = arguments.piece.open(&stop)?;
    let (snapshot, roots) = (&piece.snapshot, &piece.roots);
    let device = arguments.piece.device().device;
    let unheard = match &piece.wanted {
        Wanted::Take((take, how)) => export_take(snapshot, take, *how, roots, output, &device, &stop)?,
        Wanted::Recipe(recipe) => export_sound(snapshot, recipe, arguments.how(), roots, output, &device, &stop)?,
    };
    if let Some(why) = unheard {
        tell(why);
    }
    tell(format_args!("wrote {}", output.display()));
    Ok(())
}

impl RenderArguments {
    fn how(&self) -> (Limiting, SoundLength) {
        let limiting = match self.no_limiter {
            true => Limiting::Off,
            false => Limiting::AsLive,
        };
        let length = match self.rounds {
            true => SoundLength::WholeRounds,
            false => SoundLength::AsAsked,
        };
        (limiting, length)
    }
}
