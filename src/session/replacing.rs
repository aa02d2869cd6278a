//! A question that is open: may a file be replaced?

use super::FileAsk;
use std::path::PathBuf;

/// A file that stands where another one is to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacing {
    /// What is to be written.
    pub ask: FileAsk,
    /// Where; with its ending.
    pub path: PathBuf,
}
