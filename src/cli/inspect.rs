//! `songspace inspect`: the dataset doctor. Decodes every file once; changes nothing but the cache of measurements.

use super::outputs::job_folders;
use super::progress::stop_on_signal;
use super::terminal::{print, print_json, tell};
use crate::corpus::audit::{moments, write_png};
use crate::corpus::{DatasetFormat, ImportOptions, ImportStage, Overrides, Problem, Progress};
use crate::dsp::BandAxis;
use crate::files::{check_folder, check_target};
use crate::jobs::{Audit, JobError, JobFolders, audit, codec_plots};
use crate::sync::StopFlag;
use crate::train::TrainOptions;
use anyhow::Context;
use indicatif::{ProgressBar, ProgressStyle};
use std::collections::{BTreeMap, BTreeSet};
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

/// Moments of the sound on the picture, and their length.
const MOMENTS: usize = 5;
const MOMENT_SECS: f32 = 5.0;

/// What to look at and how to say it.
#[derive(Debug, clap::Args)]
pub struct InspectArguments {
    /// Folders of music, datasets or CSV manifests; several are joined.
    #[arg(required = true)]
    sources: Vec<PathBuf>,
    /// Everything as JSON on standard output.
    #[arg(long)]
    json: bool,
    /// What the sources are, where a look at them is not enough.
    #[arg(long, value_enum)]
    layout: Option<DatasetFormat>,
    /// Rename a genre: SPELLING=NAME; an empty name means unknown. May be given several times.
    #[arg(long = "genre", value_parser = renaming)]
    genres: Vec<(String, String)>,
    /// Rename genres by a table of spelling,name lines, the form that --keep-genres writes.
    #[arg(long)]
    genres_csv: Option<PathBuf>,
    /// A text file with one path or content hash per line: these files are left out.
    #[arg(long)]
    exclude: Option<PathBuf>,
    /// Leave out second copies and silent files from now on: keeps the list beside the music, where every import finds it.
    #[arg(long)]
    exclude_suggested: bool,
    /// Keep the renamings of --genre beside the music too.
    #[arg(long)]
    keep_genres: bool,
    /// Draw moods, their distributions and a few moments of the sound to this PNG.
    #[arg(long, alias = "plot")]
    png: Option<PathBuf>,
    /// EnCodec weights (safetensors): encode the music with them and draw what it looks like to that codec, see --plots.
    #[arg(long, requires = "plots")]
    encodec: Option<PathBuf>,
    /// Folder for the pictures of --encodec: latents over time, clips by their latents, codebook usage.
    #[arg(long, requires = "encodec")]
    plots: Option<PathBuf>,
    /// Where measurements are kept; `outputs` in a checkout, else the platform's data folder.
    #[arg(long)]
    outputs: Option<PathBuf>,
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Imports, decodes, measures, reports.
pub fn run(arguments: &InspectArguments) -> anyhow::Result<()> {
    let options = ImportOptions {
        layout: arguments.layout,
        genre_names: renamings(arguments)?,
        exclude: exclusions(arguments)?,
    };
    if let Some(path) = &arguments.png {
        check_target(path)?;
    }
    if let Some(folder) = &arguments.plots {
        check_folder(folder)?;
    }
    let folders = job_folders(arguments.outputs.as_ref())?;
    let stop = stop_on_signal();
    let bar = Bar::new(&stop);
    let split = (TrainOptions::default().chunk_secs, arguments.seed);
    let found = audit(&arguments.sources, &options, &folders, split, &bar);
    bar.bar.finish_and_clear();
    let Audit { corpus, report } = found?;
    let said = match arguments.json {
        true => print_json(&report),
        false => print(&report),
    };
    keep_choices(arguments, &report.suggested_exclusions)?;
    if let Some(path) = &arguments.png {
        let rate_hz = BandAxis::standard().sample_rate_hz();
        let seen = moments(&corpus, MOMENTS, MOMENT_SECS, rate_hz, &|| stop.is_stopped());
        anyhow::ensure!(!stop.is_stopped(), JobError::Stopped);
        write_png(&corpus, &seen, path).map_err(anyhow::Error::msg)?;
        tell(format_args!("wrote {}", path.display()));
    }
    if let (Some(weights), Some(folder)) = (&arguments.encodec, &arguments.plots) {
        plot_codec(arguments, (weights, folder), &folders, &stop)?;
    }
    said
}

/// Draws what the first source looks like to EnCodec.
fn plot_codec(
    arguments: &InspectArguments,
    (weights, folder): (&Path, &Path),
    folders: &JobFolders,
    stop: &StopFlag,
) -> anyhow::Result<()> {
    let source = arguments.sources.first().context("a folder of music is needed")?;
    let bar = Bar::new(stop);
    let plots = codec_plots((source, weights), folder, arguments.seed, folders, &bar, stop);
    bar.bar.finish_and_clear();
    for plot in plots? {
        tell(format_args!("wrote {}", plot.path.display()));
    }
    Ok(())
}

/// Writes what was decided beside the music of the first source.
fn keep_choices(arguments: &InspectArguments, suggested: &BTreeSet<String>) -> anyhow::Result<()> {
    let (Some(source), true) = (
        arguments.sources.first(),
        arguments.exclude_suggested || arguments.keep_genres,
    ) else {
        return Ok(());
    };
    let mut choices = Overrides::read(source);
    if arguments.exclude_suggested {
        choices.exclude.extend(suggested.iter().cloned());
    }
    if arguments.keep_genres {
        choices.genre_names.extend(renamings(arguments)?);
    }
    choices
        .write(source)
        .with_context(|| format!("{}: the choices cannot be kept there", source.display()))?;
    tell(format_args!("{} files are left out from now on", choices.exclude.len()));
    Ok(())
}

/// The table of --genres-csv, and --genre over it.
fn renamings(arguments: &InspectArguments) -> anyhow::Result<BTreeMap<String, String>> {
    let mut names = match &arguments.genres_csv {
        Some(path) => Overrides::genre_table(path)
            .with_context(|| format!("{}: the table of genres cannot be read", path.display()))?,
        None => BTreeMap::new(),
    };
    names.extend(arguments.genres.iter().cloned());
    Ok(names)
}

fn exclusions(arguments: &InspectArguments) -> anyhow::Result<BTreeSet<String>> {
    let Some(path) = &arguments.exclude else {
        return Ok(BTreeSet::new());
    };
    let text = std::fs::read_to_string(path).with_context(|| format!("{}: the list cannot be read", path.display()))?;
    Ok(text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect())
}

/// `SPELLING=NAME` of an option.
pub(super) fn renaming(text: &str) -> Result<(String, String), String> {
    let (from, to) = text.split_once('=').ok_or("write SPELLING=NAME")?;
    Ok((from.trim().to_owned(), to.trim().to_owned()))
}

/// A bar on a terminal, silence elsewhere (problems are in the report).
struct Bar<'a> {
    bar: ProgressBar,
    stop: &'a StopFlag,
}

impl<'a> Bar<'a> {
    fn new(stop: &'a StopFlag) -> Self {
        if !std::io::stderr().is_terminal() {
            let bar = ProgressBar::hidden();
            return Self { bar, stop };
        }
        let bar = ProgressBar::new(0);
        if let Ok(style) = ProgressStyle::with_template("{prefix:>10} {bar:40} {pos}/{len} {eta}") {
            bar.set_style(style);
        }
        Self { bar, stop }
    }
}

impl Progress for Bar<'_> {
    fn advanced(&self, stage: ImportStage, done: u64, total: u64) {
        self.bar.set_prefix(match stage {
            ImportStage::Scanning => "scanning",
            ImportStage::Reading => "reading",
            ImportStage::Decoding => "decoding",
        });
        self.bar.set_length(total.max(done));
        self.bar.set_position(done);
    }

    fn found(&self, problem: &Problem) {
        log::debug!("{problem}");
    }

    fn is_cancelled(&self) -> bool {
        self.stop.is_stopped()
    }
}
