//! What can end an import, and what can end the reading of one file. Any thread.

use super::paths::shown;
use std::path::PathBuf;

/// Ends a whole import; one bad file never does.
#[derive(Debug, thiserror::Error)]
pub enum CorpusError {
    #[error("{} does not exist: choose a folder of music or a CSV manifest", shown(.0))]
    Missing(PathBuf),
    #[error("{} cannot be read ({source}): check its permissions", shown(path))]
    Unreadable { path: PathBuf, source: std::io::Error },
    #[error("no music was found in {}: {hint}", shown(path))]
    Empty { path: PathBuf, hint: String },
    #[error("the table {} cannot be used: {reason}", shown(path))]
    Table { path: PathBuf, reason: String },
    #[error(
        "the frame cache in {} cannot be written ({source}): free some space or choose another folder",
        shown(path)
    )]
    Cache { path: PathBuf, source: std::io::Error },
    #[error("the import was cancelled")]
    Cancelled,
}

/// Ends the reading of one file.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    #[error("the file cannot be read: {0}")]
    Io(#[from] std::io::Error),
    #[error("the file is empty")]
    Empty,
    #[error("{0} is not supported: convert it to FLAC, WAV, Ogg Vorbis or MP3")]
    Unsupported(String),
    #[error("this is no audio file, or its header is damaged: {0}")]
    Format(String),
    #[error("the file holds no audio that can be decoded: {0}")]
    NoAudio(String),
    #[error("a sample rate of {0} Hz is outside 1,000 to 768,000 Hz")]
    Rate(u32),
    #[error("the decoder failed on this file: {0}")]
    Panic(String),
}
