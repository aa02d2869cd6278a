//! Every job of the window without a window. Exit codes: 0 done, 1 failed with one sentence, 2 usage.

mod add;
mod device;
mod doctor;
mod eval;
mod generate;
mod inspect;
mod map;
mod measure;
mod mistyped;
mod number;
mod outputs;
mod piece;
mod play;
mod progress;
mod render;
mod sample;
mod select;
mod take;
mod terminal;
mod train;

use crate::app::{self, AppOptions};
use crate::device::DeviceChoice;
use crate::files::in_words;
use crate::session::program_version;
use clap::{CommandFactory, Parser, Subcommand};
use device::DeviceArgument;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use terminal::{Unread, tell};

/// Exit code of a command line that cannot be understood, as clap has it.
const USAGE: u8 = 2;

/// Learn a latent space from a folder of music, see it as a map, play the map.
#[derive(Debug, Parser)]
#[command(version = program_version(), about, args_conflicts_with_subcommands = true)]
struct Arguments {
    /// The space to open in the window; the demo space without one.
    file: Option<PathBuf>,
    #[command(flatten)]
    device: DeviceArgument,
    /// Never open a sound card.
    #[arg(long)]
    silent: bool,
    #[command(subcommand)]
    job: Option<Job>,
}

#[derive(Debug, Subcommand)]
enum Job {
    /// Examine a folder of music before training on it.
    Inspect(inspect::InspectArguments),
    /// Learn a space from a folder of music.
    Train(train::TrainArguments),
    /// Place new clips in a space that is there; no old point moves.
    Add(add::AddArguments),
    /// Draw the map of a space again, or as a picture.
    Map(map::MapArguments),
    /// Render a clip, a point or a path to a sound file.
    Render(render::RenderArguments),
    /// Render new sounds drawn from the prior under a condition.
    Sample(sample::SampleArguments),
    /// Play a clip, a point or a path through the sound card.
    Play(play::PlayArguments),
    /// Print every quality figure of a space as JSON.
    Eval(eval::EvalArguments),
    /// Say what this machine offers: devices, self-test, audio outputs.
    Doctor(doctor::DoctorArguments),
    /// Write man pages or shell completions, for a package.
    #[command(hide = true)]
    Generate(generate::GenerateArguments),
}

fn open_window(file: Option<PathBuf>, device: DeviceChoice, silent: bool) -> anyhow::Result<()> {
    let options = AppOptions {
        file,
        device,
        silent,
        ..AppOptions::default()
    };
    Ok(app::run(options)?)
}

/// An error with its causes, but for those that its own words quote already.
fn sentence(error: &anyhow::Error) -> String {
    error.chain().fold(String::new(), |said, cause| {
        let cause = cause.downcast_ref().map_or_else(|| cause.to_string(), in_words);
        match said.as_str() {
            "" => cause,
            said if said.contains(&cause) => said.to_owned(),
            said => format!("{said}: {cause}"),
        }
    })
}

/// What to say where `word` can only be a slip of the finger.
fn slip(word: &Path) -> Option<String> {
    let mut arguments = Arguments::command();
    // Adds `help`.
    arguments.build();
    let commands: Vec<&str> = arguments.get_subcommands().map(clap::Command::get_name).collect();
    mistyped::complaint(word, &commands)
}

/// The command line as it is, or the complaint about it.
fn read() -> Result<Arguments, String> {
    let (read, word) = match Arguments::try_parse() {
        Ok(arguments) if arguments.job.is_none() => {
            let word = arguments.file.clone();
            (Ok(arguments), word)
        }
        Err(error) if error.use_stderr() => {
            let first = std::env::args_os().nth(1).map(PathBuf::from);
            let word = first.filter(|word| !word.as_os_str().as_encoded_bytes().starts_with(b"-"));
            (Err(error), word)
        }
        read => (read, None),
    };
    match (word.as_deref().and_then(slip), read) {
        (Some(complaint), _) => Err(complaint),
        (None, Ok(arguments)) => Ok(arguments),
        (None, Err(error)) => error.exit(),
    }
}

/// Reads the command line, runs the job, reports.
pub fn main() -> ExitCode {
    let arguments = match read() {
        Ok(arguments) => arguments,
        Err(complaint) => {
            tell(format_args!("songspace: {complaint}"));
            return ExitCode::from(USAGE);
        }
    };
    let outcome = match arguments.job {
        Some(Job::Inspect(job)) => inspect::run(&job),
        Some(Job::Train(job)) => train::run(&job),
        Some(Job::Add(job)) => add::run(&job),
        Some(Job::Map(job)) => map::run(&job),
        Some(Job::Render(job)) => render::run(&job),
        Some(Job::Sample(job)) => sample::run(&job),
        Some(Job::Play(job)) => play::run(&job),
        Some(Job::Eval(job)) => eval::run(&job),
        Some(Job::Doctor(job)) => doctor::run(&job),
        Some(Job::Generate(job)) => generate::run(&job, Arguments::command()),
        None => open_window(arguments.file, arguments.device.choice, arguments.silent),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        // `| head` has seen what it wanted.
        Err(error) if error.is::<Unread>() => ExitCode::SUCCESS,
        Err(error) => {
            tell(format_args!("songspace: {}", sentence(&error)));
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::Context;

    #[test]
    fn a_cause_is_told_once() {
        let full = || std::io::Error::other("no space left");
        let quoting: anyhow::Error = crate::files::WriteError::Failed {
            path: "out.songspace".into(),
            source: full(),
        }
        .into();
        assert_eq!(sentence(&quoting).matches("no space left").count(), 1);
        let wrapped = Err::<(), _>(full()).context("the map cannot be written").unwrap_err();
        assert_eq!(sentence(&wrapped), "the map cannot be written: no space left");
    }

    #[test]
    fn man_pages_and_completions_know_every_job() {
        let folder = tempfile::tempdir().unwrap();
        for what in ["man", "completions"] {
            let line = ["songspace", "generate", what].map(std::ffi::OsString::from);
            let line = line.into_iter().chain([folder.path().as_os_str().to_owned()]);
            let Some(Job::Generate(job)) = Arguments::parse_from(line).job else {
                panic!("generate is a job");
            };
            generate::run(&job, Arguments::command()).unwrap();
        }
        let text = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
        let (bash, program) = (text("songspace.bash"), text("songspace.1"));
        for job in Arguments::command().get_subcommands().filter(|job| !job.is_hide_set()) {
            let name = job.get_name();
            assert!(bash.contains(name) && program.contains(name), "{name}");
            assert!(text(&format!("songspace-{name}.1")).contains("SYNOPSIS"));
        }
        assert!(bash.contains("--strength"));
    }
}
