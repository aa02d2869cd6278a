//! What can end an import, and what can end the reading of one file. Any thread.

use super::paths::shown;
use crate::files::in_words;
use std::path::PathBuf;

/// Ends a whole import; one bad file never does.
#[derive(Debug, thiserror::Error)]
pub enum CorpusError {
    /// A source, or a file or folder that its dataset's layout needs, is not there.
    #[error("{} does not exist: choose a folder of music or a CSV manifest", shown(.0))]
    Missing(PathBuf),
    /// A table cannot be opened or read.
    #[error("{} cannot be read, for {}: check its permissions", shown(path), in_words(source))]
    Unreadable {
        /// That of the table.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// No clip can be used.
    #[error("no music was found in {}: {hint}", shown(path))]
    Empty {
        /// The first source, or the root of a corpus whose clips all failed.
        path: PathBuf,
        /// A clause with the likely reason; empty when none is known.
        hint: String,
    },
    /// A table lacks a header or a column.
    #[error("the table {} cannot be used: {reason}", shown(path))]
    Table {
        /// Absolute, or relative to the working directory.
        path: PathBuf,
        /// A clause without the path, such as "it has no column genre".
        reason: String,
    },
    /// The frame cache cannot be written, perhaps because the disk is full.
    #[error(
        "the frame cache in {} cannot be written, for {}: free some space or choose another folder",
        shown(path),
        in_words(source)
    )]
    Cache {
        /// A file of the cache, or its folder.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The caller's [`Progress`](super::Progress) asked for it.
    #[error("the import was cancelled")]
    Cancelled,
}

/// Ends the reading of one file.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// The file cannot be opened or read; with the system's reason.
    #[error("the file cannot be read: {}", in_words(.0))]
    Io(#[from] std::io::Error),
    /// The file is zero bytes long.
    #[error("the file is empty")]
    Empty,
    /// Recognised, but of a format that no decoder here reads; with the format's name.
    #[error("{0} is not supported: convert it to FLAC, WAV, Ogg Vorbis or MP3")]
    Unsupported(String),
    /// The bytes cannot be understood; with the reason of the reader that gave up.
    #[error("this is no audio file, or its header is damaged: {0}")]
    Format(String),
    /// No audio track, or one that gives no sample; with the reason.
    #[error("the file holds no audio that can be decoded: {0}")]
    NoAudio(String),
    /// Stated by the header or met while decoding, in Hz.
    #[error("a sample rate of {0} Hz is outside 1,000 to 768,000 Hz")]
    Rate(u32),
    /// A bug in the decoder that this file brought out; with the panic's message.
    #[error("the decoder failed on this file; convert it to FLAC or WAV (details: {0})")]
    Panic(String),
    /// The caller asked for it: no fault of the file.
    #[error("stopped")]
    Stopped,
}
