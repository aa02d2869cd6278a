//! Which shape a collection has, and reading it so. Any thread.

use super::draft::Drafts;
use super::{deam, fma, folders, gtzan, label_files, manifest};
use crate::corpus::decode::is_music;
use crate::corpus::problem::ProblemLog;
use crate::corpus::{CorpusError, Progress};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// Folders round a collection that are looked through.
const MOST_WRAPPERS: usize = 3;

/// A shape that a collection can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum DatasetFormat {
    /// A folder whose sub-folders are named after genres, or one flat folder.
    Folders,
    /// A music library: genres from tags, else from the top folder.
    Library,
    /// A CSV table (path, genre, valence, arousal), alone or as `manifest.csv` in its folder.
    Manifest,
    /// The Free Music Archive dataset with `fma_metadata/tracks.csv`.
    Fma,
    /// FMA audio with a `,track_id,genre_top` table.
    LabelFiles,
    /// GTZAN, `genres_original/` or `genres/`.
    Gtzan,
    /// DEAM, audio with valence and arousal annotations.
    Deam,
}

impl DatasetFormat {
    /// Every layout, for menus.
    pub const ALL: [Self; 7] = [
        Self::Folders,
        Self::Library,
        Self::Manifest,
        Self::Fma,
        Self::LabelFiles,
        Self::Gtzan,
        Self::Deam,
    ];

    /// What `source` looks like.
    pub fn detect(source: &Path) -> Self {
        let special = [Self::Manifest, Self::Deam, Self::Fma, Self::LabelFiles, Self::Gtzan];
        special
            .into_iter()
            .find(|layout| layout.fits(source))
            .unwrap_or(Self::Folders)
    }

    /// What `source` looks like, and what in it looks like a manifest and is none.
    pub(in crate::corpus) fn detect_with_remarks(source: &Path) -> (Self, Vec<String>) {
        let found = Self::detect(source);
        let remarks = if found == Self::Manifest {
            Vec::new()
        } else {
            manifest::passed_over(source)
        };
        (found, remarks)
    }

    /// Whether `source` can be read so; any folder can be read as folders or as a library.
    pub fn fits(self, source: &Path) -> bool {
        self.home(source).is_some()
    }

    /// Where below `source` such a collection lies: there itself, or in the one folder that wraps it.
    fn home(self, source: &Path) -> Option<PathBuf> {
        let is_here: fn(&Path) -> bool = match self {
            Self::Folders | Self::Library => return Some(source.to_path_buf()),
            Self::Manifest => |source| manifest::find(source).is_some(),
            Self::Deam => deam::is_here,
            Self::Fma => fma::is_here,
            Self::LabelFiles => |source| label_files::find(source).is_some(),
            Self::Gtzan => |source| gtzan::find(source).is_some(),
        };
        let mut here = source.to_path_buf();
        for _ in 0..=MOST_WRAPPERS {
            if is_here(&here) {
                return Some(here);
            }
            here = only_folder_in(&here)?;
        }
        None
    }

    /// Its name in a sentence.
    pub fn name(self) -> &'static str {
        match self {
            Self::Folders => "folders named after genres",
            Self::Library => "a music library",
            Self::Manifest => "a manifest",
            Self::Fma => "the Free Music Archive dataset",
            Self::LabelFiles => "audio with a genre table",
            Self::Gtzan => "the GTZAN dataset",
            Self::Deam => "the DEAM dataset",
        }
    }

    pub(in crate::corpus) fn read(
        self,
        source: &Path,
        log: &mut ProblemLog,
        progress: &dyn Progress,
    ) -> Result<Drafts, CorpusError> {
        let home = self.home(source);
        let home = home.as_deref().unwrap_or(source);
        match self {
            Self::Folders => folders::read(source, false, log, progress),
            Self::Library => folders::read(source, true, log, progress),
            Self::Manifest => manifest::read(home, log, progress),
            Self::Fma => fma::read(home, log, progress),
            Self::LabelFiles => label_files::read(home, log, progress),
            Self::Gtzan => gtzan::read(home, log, progress),
            Self::Deam => deam::read(home, log, progress),
        }
    }
}

/// The folder in `folder`, if there is one and no music beside it.
fn only_folder_in(folder: &Path) -> Option<PathBuf> {
    let mut only = None;
    for entry in std::fs::read_dir(folder).ok()?.filter_map(Result::ok) {
        let path = entry.path();
        if path.is_dir() {
            let hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
            if !hidden && only.replace(path).is_some() {
                return None;
            }
        } else if is_music(&path) {
            return None;
        }
    }
    only
}
