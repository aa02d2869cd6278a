//! The folder of a frame cache and where in it each entry lies. Any thread, any process.

use crate::corpus::CorpusError;
use std::path::{Path, PathBuf};

/// Where the frames of all corpora lie.
#[derive(Clone, Debug)]
pub struct FrameCache {
    pub(super) folder: PathBuf,
    pub(super) budget_bytes: u64,
}

impl FrameCache {
    /// Bytes kept by default: about 3,500 clips of 30 s.
    pub const DEFAULT_BUDGET_BYTES: u64 = 4_000_000_000;

    /// A cache in `folder`, made if missing, that forgets its longest unused entries beyond `budget_bytes`.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn open(folder: &Path, budget_bytes: u64) -> Result<Self, CorpusError> {
        std::fs::create_dir_all(folder).map_err(|source| CorpusError::Cache {
            path: folder.into(),
            source,
        })?;
        Ok(Self {
            folder: folder.into(),
            budget_bytes,
        })
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn frames_path(&self, codec_key: &str, content_hash: &str) -> PathBuf {
        let shelf = content_hash.get(..2).unwrap_or("00");
        self.folder
            .join("frames")
            .join(codec_key)
            .join(shelf)
            .join(format!("{content_hash}.frames"))
    }

    pub(super) fn measurements_path(&self, measurements_key: &str, content_hash: &str) -> PathBuf {
        let shelf = content_hash.get(..2).unwrap_or("00");
        self.folder
            .join("measurements")
            .join(measurements_key)
            .join(shelf)
            .join(format!("{content_hash}.json"))
    }
}
