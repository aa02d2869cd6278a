//! `songspace map`: draws the layouts again and writes them back, or the map as a picture.

use super::number::finite;
use super::progress::Printer;
use super::select::best_layout;
use super::terminal::{print, tell};
use crate::files::{Stamp, check_target};
use crate::jobs::{export_map, layouts};
use crate::space::{Snapshot, WeightPrecision};
use std::path::PathBuf;

/// Which space, and what becomes of its map.
#[derive(Debug, clap::Args)]
pub struct MapArguments {
    space: PathBuf,
    /// Write the map as a picture; the space is drawn again only if it has no map or --redraw is given.
    #[arg(long)]
    png: Option<PathBuf>,
    /// Draw the layouts again although there are some.
    #[arg(long)]
    redraw: bool,
    /// How much genre and emotion count beside the sound; 0 = by sound only.
    #[arg(long, default_value_t = 0.5, value_parser = finite)]
    condition_weight: f32,
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Store weights at half precision; without it they stay as they are.
    #[arg(long)]
    half: bool,
}

/// Draws and writes.
pub fn run(arguments: &MapArguments) -> anyhow::Result<()> {
    if let Some(path) = &arguments.png {
        check_target(path)?;
    }
    let read = Stamp::of(&arguments.space);
    let mut snapshot = Snapshot::open(&arguments.space)?;
    if arguments.redraw || arguments.png.is_none() || snapshot.layouts.is_empty() {
        check_target(&arguments.space)?;
        (snapshot.layouts, snapshot.clusters) = layouts(
            &snapshot,
            arguments.condition_weight,
            arguments.seed,
            &mut Printer::new(),
        )?;
        let precision = match arguments.half {
            true => WeightPrecision::F16,
            false => snapshot.stored_precision(),
        };
        match read {
            Ok(read) => snapshot.save_over(&arguments.space, &read, precision)?,
            Err(_) => snapshot.save(&arguments.space, precision)?,
        }
        tell(format_args!("wrote {}", arguments.space.display()));
    }
    if let Some(path) = &arguments.png {
        export_map(&snapshot, best_layout(&snapshot), path)?;
        tell(format_args!("wrote {}", path.display()));
    }
    for layout in &snapshot.layouts {
        let figures: Vec<String> = layout
            .quality
            .iter()
            .map(|(name, value)| format!("{name} {value:.3}"))
            .collect();
        print(format_args!("{:?}: {}", layout.kind, figures.join(", ")))?;
    }
    Ok(())
}
