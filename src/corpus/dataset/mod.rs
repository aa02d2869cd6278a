//! The shapes in which collections of music come, each read into [`Draft`]s. Any thread; one file per shape.
//!
//! A layout only says where the files are and what tables and folder names say about them. Headers, tags, hashes
//! and the settling of genre names are the import's business and the same for all.

mod deam;
mod fma;
mod folders;
mod gtzan;
mod gtzan_repeats;
mod label_files;
mod manifest;
mod table;

use crate::corpus::problem::ProblemLog;
use crate::corpus::{CorpusError, OfficialSplit, Progress, VaTrack};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

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

    pub(super) fn read(
        self,
        source: &Path,
        log: &mut ProblemLog,
        progress: &dyn Progress,
    ) -> Result<Drafts, CorpusError> {
        match self {
            Self::Folders | Self::Library => folders::read(source, self, log, progress),
            Self::Manifest => manifest::read(source, log, progress),
            Self::Fma => fma::read(source, log, progress),
            Self::LabelFiles => label_files::read(source, log, progress),
            Self::Gtzan => gtzan::read(source, log, progress),
            Self::Deam => deam::read(source, log, progress),
        }
    }
}

/// What a layout found.
#[derive(Debug, Default)]
pub(super) struct Drafts {
    pub drafts: Vec<Draft>,
    pub notes: Vec<String>,
    /// Files that are no music, for the message when there is none at all.
    pub others: usize,
}

/// One file with what its surroundings say about it.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    pub path: PathBuf,
    pub title: Option<String>,
    pub artist: Option<String>,
    pub album: Option<String>,
    /// Overrules the groups made from artist and album.
    pub group: Option<String>,
    /// What its dataset calls the recording, where it is known to be there more than once.
    pub recording: Option<String>,
    /// Spelling of its genre (or genres) in a table: beats folder and tags.
    pub genre: Option<String>,
    /// Name of the folder that may mean a genre.
    pub folder: Option<String>,
    pub trust: GenreTrust,
    pub valence: Option<f32>,
    pub arousal: Option<f32>,
    pub va_track: Option<VaTrack>,
    pub official_split: Option<OfficialSplit>,
}

/// Who names the genre when no table does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum GenreTrust {
    /// The folder's name, else the tags.
    #[default]
    Folder,
    /// The tags, else the folder's name.
    Tags,
    /// The table alone: unknown there is unknown.
    Table,
}
