//! Where files go: `outputs/` when run from a checkout, the platform's data folder when installed.

use crate::corpus::FrameCache;
use std::path::{Path, PathBuf};

/// Where jobs keep their files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobFolders {
    /// Frames of all corpora.
    pub cache: PathBuf,
    /// Bytes that the frames may take.
    pub cache_bytes: u64,
    /// One sub-folder a training.
    pub runs: PathBuf,
    /// Recordings and exports.
    pub recordings: PathBuf,
}

impl JobFolders {
    /// The folders of this run.
    pub fn standard() -> Self {
        Self::below(&outputs_folder())
    }

    /// The folders below `outputs`.
    pub fn below(outputs: &Path) -> Self {
        Self {
            cache: outputs.join("cache"),
            cache_bytes: FrameCache::DEFAULT_BUDGET_BYTES,
            runs: outputs.join("runs"),
            recordings: outputs.join("recordings"),
        }
    }
}

/// `outputs` of the checkout the program is run in, else the platform's data folder, else `songspace-outputs` here.
fn outputs_folder() -> PathBuf {
    let manifest = std::fs::read_to_string("Cargo.toml").unwrap_or_default();
    if manifest.contains("name = \"songspace\"") {
        return PathBuf::from("outputs");
    }
    directories::ProjectDirs::from("org", "songspace", "songspace").map_or_else(
        || PathBuf::from("songspace-outputs"),
        |folders| folders.data_dir().to_owned(),
    )
}
