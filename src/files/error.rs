//! Why a file was not written, and the system's reasons in words of ours.

use std::io::ErrorKind;
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
    /// The folder that it was to lie in is not there, nor the one above: more likely a slip in the path than a wish.
    #[error("{path}: could not be written: there is no folder {missing}; check the path, or make that folder first")]
    NoFolder {
        /// As the caller gave it.
        path: PathBuf,
        /// The first part of the path that is no folder.
        missing: PathBuf,
    },
    /// The system refused, for want of space or permission for example.
    #[error(
        "{path}: could not be written: {}. Nothing was changed; choose another folder or free some space",
        in_words(source)
    )]
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

/// Why the system refused, as a clause; its own words stand behind it as details where they say more.
pub fn in_words(error: &std::io::Error) -> String {
    let meaning = match error.kind() {
        ErrorKind::NotFound => "it is not there",
        ErrorKind::PermissionDenied => "the system does not allow it",
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "the disk is full",
        ErrorKind::ReadOnlyFilesystem => "the disk is read-only",
        ErrorKind::NotADirectory => "a part of its path is no folder",
        ErrorKind::IsADirectory => "it is a folder",
        ErrorKind::UnexpectedEof => "it ends too early",
        ErrorKind::InvalidFilename => "the system does not take such a name",
        ErrorKind::TimedOut => "the disk does not answer",
        // Said by this program itself.
        _ if error.get_ref().is_some() => return error.to_string(),
        _ => return format!("the system refused (details: {error})"),
    };
    log::debug!("the system refused: {error}");
    meaning.to_owned()
}

#[cfg(test)]
mod tests {
    use super::in_words;
    use std::io::{Error, ErrorKind};

    #[test]
    fn a_reason_of_the_system_is_said_in_our_words() {
        assert_eq!(in_words(&ErrorKind::NotFound.into()), "it is not there");
        let rare = in_words(&ErrorKind::Deadlock.into());
        assert!(rare.starts_with("the system refused (details: "), "{rare}");
        assert_eq!(
            in_words(&Error::other("its links lead round in a circle")),
            "its links lead round in a circle"
        );
    }
}
