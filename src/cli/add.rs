//! `songspace add`: new clips into a space that is there, without moving an old point.

use super::device::DeviceArgument;
use super::outputs::job_folders;
use super::progress::Printer;
use super::terminal::{print, print_json};
use crate::corpus::{DatasetFormat, ImportOptions};
use crate::files::{Stamp, check_target};
use crate::jobs::Addition;
use crate::space::Snapshot;
use std::path::PathBuf;

/// Which music, and which space it is to join.
#[derive(Debug, clap::Args)]
pub struct AddArguments {
    /// A folder of music, a dataset or a CSV manifest: the space's own, grown since, or any other.
    source: PathBuf,
    /// The space that grows.
    space: PathBuf,
    /// Write the grown space here instead of over the old one.
    #[arg(short, long)]
    output: Option<PathBuf>,
    /// What was found as JSON on standard output.
    #[arg(long)]
    json: bool,
    /// Say what is new, changed and gone, and write nothing.
    #[arg(long)]
    dry_run: bool,
    /// What the source is, where a look at it is not enough.
    #[arg(long, value_enum)]
    layout: Option<DatasetFormat>,
    /// Rename a genre: SPELLING=NAME; an empty name means unknown. May be given several times.
    #[arg(long = "genre", value_parser = super::inspect::renaming)]
    genres: Vec<(String, String)>,
    #[command(flatten)]
    device: DeviceArgument,
    /// Where frames are kept; `outputs` in a checkout, else the platform's data folder.
    #[arg(long)]
    outputs: Option<PathBuf>,
}

/// Adds, reports, and writes the space where it has changed.
pub fn run(arguments: &AddArguments) -> anyhow::Result<()> {
    let output = arguments.output.as_ref().unwrap_or(&arguments.space);
    if !arguments.dry_run {
        check_target(output)?;
    }
    let read = Stamp::of(&arguments.space);
    let space = Snapshot::open(&arguments.space)?;
    let device = arguments.device.open();
    let folders = job_folders(arguments.outputs.as_ref())?;
    let mut printer = Printer::new();
    let addition = Addition {
        space: &space,
        source: &arguments.source,
        options: ImportOptions {
            layout: arguments.layout,
            genre_names: arguments.genres.iter().cloned().collect(),
            ..ImportOptions::default()
        },
        device: &device.device,
        folders: &folders,
    };
    let (grown, report) = addition.run(&mut printer)?;
    let said = match arguments.json {
        true => print_json(&report),
        false => print(report.to_string().trim_end()),
    };
    if !arguments.dry_run && (report.changes_the_space() || arguments.output.is_some()) {
        match (&arguments.output, read) {
            (None, Ok(read)) => grown.save_over(output, &read, grown.stored_precision())?,
            _ => grown.save(output, grown.stored_precision())?,
        }
        printer.line(&format!("wrote {}", output.display()));
    }
    said
}
