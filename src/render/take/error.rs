//! Why a take cannot be read or rendered.

use crate::decode::DecodeError;
use crate::files::{WriteError, in_words};
use std::path::PathBuf;

/// A sentence each, with the path and what to do.
#[derive(Debug, thiserror::Error)]
pub enum TakeError {
    /// The file cannot be opened, or not to its end.
    #[error("{path}: the take cannot be read: {}", in_words(source))]
    Read {
        /// The take.
        path: PathBuf,
        /// What the disk said.
        source: std::io::Error,
    },
    /// The file cannot be made or written on.
    #[error(
        "{path}: the take's score cannot be written: {}; the recording goes on without it",
        in_words(source)
    )]
    Append {
        /// The take.
        path: PathBuf,
        /// What the disk said.
        source: std::io::Error,
    },
    /// The file cannot be written anew.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// It is another kind of file.
    #[error("{0}: this is no take; takes end in .songspace-take and lie beside their recordings")]
    NoTake(PathBuf),
    /// A newer program has written it.
    #[error(
        "{path}: this take was written by a newer Songspace (format {found}, this one reads up to {known}); update Songspace"
    )]
    Newer {
        /// The take.
        path: PathBuf,
        /// Its format.
        found: u32,
        /// The newest that is known.
        known: u32,
    },
    /// A line within it is not what was written.
    #[error("{path}: the take is damaged in line {line}; restore it from a backup (details: {reason})")]
    Damaged {
        /// The take.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        /// In the words of the reader.
        reason: String,
    },
    /// It was played with another space.
    #[error(
        "the take was played with the space \"{asked}\", or with another version of it: open that one; with the space \"{open}\" \
         it would be other music"
    )]
    OtherSpace {
        /// The space's name in the take.
        asked: String,
        /// The name of the one that is there.
        open: String,
    },
    /// What is left between its handles is nothing.
    #[error("between second {from:.2} and second {to:.2} there is nothing of this take, which lasts {secs:.2} s")]
    Empty {
        /// Where it was to begin.
        from: f64,
        /// Where it was to end.
        to: f64,
        /// How long the take is.
        secs: f64,
    },
    /// The space could not be decoded, or has no voice.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// The caller asked for it: no fault to report.
    #[error("stopped")]
    Stopped,
}
