//! Why a space could not be read or written. Sentences with the path and what to do.

use crate::files::{WriteError, in_words};
use std::path::PathBuf;

/// Rises when older programs could not read the file any more.
pub const FORMAT_VERSION: u32 = 3;

/// Why a `.songspace` file could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// The file is missing or the system would not read it.
    #[error(
        "{path}: could not be read: {}; check the path and its permissions",
        in_words(source)
    )]
    Read {
        /// The space to be opened.
        path: PathBuf,
        /// What the system reported.
        source: std::io::Error,
    },
    /// Saving failed; the file that was there before is unchanged.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// Not a safetensors file, or one without a Songspace header.
    #[error("{path}: this is not a Songspace file ({reason}); choose one that ends in .songspace")]
    Foreign {
        /// The file to be opened.
        path: PathBuf,
        /// What gave it away, as a clause.
        reason: String,
    },
    /// Its format version is above [`FORMAT_VERSION`].
    #[error(
        "{path}: made by a newer Songspace (format {found}, this program reads up to {FORMAT_VERSION}); update the program"
    )]
    TooNew {
        /// The space to be opened.
        path: PathBuf,
        /// The version its header names.
        found: u32,
    },
    /// It ends before its contents do.
    #[error("{path}: the space is half-copied: {there} of {written} bytes are there. Copy it again or open a backup")]
    HalfCopied {
        /// The space to be opened.
        path: PathBuf,
        /// Bytes of the file.
        there: u64,
        /// Bytes that it had when it was written, at least.
        written: u64,
    },
    /// The header is Songspace's, but its contents contradict each other.
    #[error("{path}: the file is damaged: {reason}. Open a backup or train again")]
    Damaged {
        /// The space to be opened.
        path: PathBuf,
        /// The first contradiction found, as a clause.
        reason: String,
    },
}
