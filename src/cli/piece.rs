//! What `render` and `play` sound: a space, what of it, and under which condition.

use super::select::{
    ConditionArguments, SoundArguments, SourceArguments, SpaceArguments, WayArguments, recipe, with_beats,
};
use super::take::{MeantTake, TakeArguments};
use crate::device::{OpenDevice, open_device};
use crate::render::Recipe;
use crate::space::Snapshot;
use crate::sync::StopFlag;
use std::path::PathBuf;
use std::sync::Arc;

/// Which space, what of it, and how it is asked to be.
#[derive(Debug, clap::Args)]
pub struct PieceArguments {
    #[command(flatten)]
    space: SpaceArguments,
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
}

/// What the arguments stand for.
pub struct Piece {
    pub snapshot: Arc<Snapshot>,
    /// Where recordings may lie, the likeliest first.
    pub roots: Vec<PathBuf>,
    pub wanted: Wanted,
}

/// What sounds.
pub enum Wanted {
    Recipe(Recipe),
    Take(MeantTake),
}

impl PieceArguments {
    /// Opens the space and whatever of it is meant, with the beats that it needs.
    pub fn open(&self, stop: &StopFlag) -> anyhow::Result<Piece> {
        let snapshot = with_beats(self.space.open()?, &self.space, &self.way, stop);
        let wanted = match self.part.open(&self.source)? {
            Some(take) => Wanted::Take(take),
            None => Wanted::Recipe(recipe(
                &snapshot,
                &self.source,
                &self.condition,
                &self.way,
                &self.sound,
            )?),
        };
        Ok(Piece {
            roots: self.space.recording_roots(&snapshot),
            snapshot,
            wanted,
        })
    }

    /// The device that computes it.
    pub fn device(&self) -> OpenDevice {
        open_device(&self.sound.device)
    }
}
