//! Which shape a collection has, and reading it so. Any thread.

use super::draft::Drafts;
use super::{deam, fma, folders, gtzan, label_files, manifest};
use crate::corpus::problem::ProblemLog;
use crate::corpus::{CorpusError, Progress};
use serde::{Deserialize, Serialize};
use std::path::Path;

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

    /// Whether `source` can be read so; any folder can be read as folders or as a library.
    pub fn fits(self, source: &Path) -> bool {
        match self {
            Self::Manifest => manifest::find(source).is_some(),
            Self::Deam => deam::find(source).is_some(),
            Self::Fma => fma::find(source).is_some(),
            Self::LabelFiles => label_files::find(source).is_some(),
            Self::Gtzan => gtzan::find(source).is_some(),
            Self::Folders | Self::Library => true,
        }
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
        match self {
            Self::Folders => folders::read(source, false, log, progress),
            Self::Library => folders::read(source, true, log, progress),
            Self::Manifest => manifest::read(source, log, progress),
            Self::Fma => fma::read(source, log, progress),
            Self::LabelFiles => label_files::read(source, log, progress),
            Self::Gtzan => gtzan::read(source, log, progress),
            Self::Deam => deam::read(source, log, progress),
        }
    }
}
