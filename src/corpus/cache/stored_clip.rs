//! One clip as the cache knows it: where its frames are or what they are made of.

use std::path::PathBuf;

/// A clip of a corpus, with its frames on disk or not.
#[derive(Clone, Debug)]
pub(super) struct StoredClip {
    pub path: PathBuf,
    pub frames: usize,
    /// Whether its frames are on disk.
    pub is_kept: bool,
    pub source: Source,
}

/// The file behind a clip, as it was at the import.
#[derive(Clone, Debug)]
pub(super) struct Source {
    pub path: PathBuf,
    pub bytes: u64,
    pub modified_ms: Option<i64>,
}
