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
    /// The folders of this run. Installed, recordings go where people look for music.
    pub fn standard() -> Self {
        if is_checkout() {
            return Self::below(Path::new("outputs"));
        }
        let data = directories::ProjectDirs::from("org", "songspace", "songspace");
        let data = data.map_or_else(
            || PathBuf::from("songspace-outputs"),
            |folders| folders.data_dir().to_owned(),
        );
        let mut folders = Self::below(&data);
        if let Some(music) = music_folder() {
            folders.recordings = music.join("Songspace");
        }
        folders
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

fn is_checkout() -> bool {
    let manifest = std::fs::read_to_string("Cargo.toml").unwrap_or_default();
    manifest.contains("name = \"songspace\"")
}

/// The user's folder for music, or a folder of that name where the desktop names none.
fn music_folder() -> Option<PathBuf> {
    let user = directories::UserDirs::new()?;
    let named = user.audio_dir().map(Path::to_owned);
    Some(named.unwrap_or_else(|| user.home_dir().join("Music")))
}
