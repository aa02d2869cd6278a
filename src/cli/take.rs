//! A take as a source of sound: which part of it, and with which recordings.

use super::number::finite;
use super::select::SourceArguments;
use super::terminal::tell;
use crate::audio::Detail;
use crate::render::{Take, Trim};
use anyhow::bail;

/// Which part of a take sounds, and how.
#[derive(Debug, clap::Args)]
pub struct TakeArguments {
    /// Begin the take at this second, instead of where it was trimmed to.
    #[arg(long, requires = "take", value_parser = finite, value_name = "SECONDS")]
    pub from: Option<f32>,
    /// End the take at this second.
    #[arg(long, requires = "take", value_parser = finite, value_name = "SECONDS")]
    pub to: Option<f32>,
    /// Hear each recording of the take only from when it had come from the disk while it was played.
    #[arg(long, requires = "take")]
    pub as_played: bool,
}

/// A take and what is meant of it.
pub type MeantTake = (Take, (Detail, Option<Trim>));

impl TakeArguments {
    /// The take that is named, if one is, and what is meant of it.
    pub fn open(&self, source: &SourceArguments) -> anyhow::Result<Option<MeantTake>> {
        let Some(path) = &source.take else { return Ok(None) };
        let take = Take::open(path)?;
        if take.score.notes.is_empty() {
            bail!("{}: nothing was played in this take", path.display());
        }
        if take.lost > 0 {
            tell(
                "this take has gaps: the machine was too busy to write all of it, and it sounds otherwise than it did",
            );
        }
        let detail = if self.as_played { Detail::AsPlayed } else { Detail::Full };
        let own = take.trim.unwrap_or(Trim {
            from: 0.0,
            to: take.secs(),
        });
        let trim = Trim {
            from: self.from.map_or(own.from, f64::from),
            to: self.to.map_or(own.to, f64::from),
        };
        Ok(Some((take, (detail, Some(trim)))))
    }
}
