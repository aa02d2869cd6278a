//! `songspace generate`: man pages and shell completions, for whoever makes a package. Not listed by --help.

use crate::files::make_folder;
use anyhow::Context;
use clap::{Command, ValueEnum};
use clap_complete::Shell;
use std::path::PathBuf;

/// What to write, and where to.
#[derive(Debug, clap::Args)]
pub struct GenerateArguments {
    /// Which files.
    #[arg(value_enum)]
    what: What,
    /// The folder to write them to.
    folder: PathBuf,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum What {
    /// One page for the program and one for each job.
    Man,
    /// One file for each shell that can be had.
    Completions,
}

/// Writes what `command`, the whole command line, is made of.
pub fn run(arguments: &GenerateArguments, mut command: Command) -> anyhow::Result<()> {
    let folder = &arguments.folder;
    let unwritten = || format!("{}: the files cannot be written there", folder.display());
    make_folder(folder)?;
    match arguments.what {
        What::Man => clap_mangen::generate_to(command, folder).with_context(unwritten),
        What::Completions => Shell::value_variants().iter().try_for_each(|shell| {
            clap_complete::generate_to(*shell, &mut command, "songspace", folder).with_context(unwritten)?;
            Ok(())
        }),
    }
}
