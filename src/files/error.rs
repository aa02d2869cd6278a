//! Why a file was not written.

use std::path::PathBuf;

/// Nothing was changed on disk; the sentence names the path and what to do.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// Writing would replace a folder.
    #[error("{0}: this is a folder; give the name of a file")]
    Folder(PathBuf),
    /// The file is write-protected, and that is respected even where a rename could get round it.
    #[error("{0}: the file is read-only; allow writing to it or choose another name")]
    ReadOnly(PathBuf),
    /// The file on disk is no longer the one that was read.
    #[error(
        "{0}: another program has changed this file since it was read, so it was left alone; open it again and repeat"
    )]
    Changed(PathBuf),
    /// The system refused, for want of space or permission for example.
    #[error("{path}: could not be written: {source}. Nothing was changed; choose another folder or free some space")]
    Failed {
        /// As the caller gave it.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
}

impl From<WriteError> for std::io::Error {
    /// The system's own reason, for callers that name the path themselves.
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Failed { source, .. } => source,
            other => Self::other(other),
        }
    }
}
