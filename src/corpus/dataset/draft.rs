//! Files with what their surroundings say about them, before any is opened. Plain values.

use crate::corpus::{OfficialSplit, VaTrack};
use std::path::PathBuf;

/// What a layout found.
#[derive(Debug, Default)]
pub(in crate::corpus) struct Drafts {
    pub drafts: Vec<Draft>,
    pub notes: Vec<String>,
    /// Files that are no music, for the message when there is none at all.
    pub others: usize,
}

/// One file with what its surroundings say about it.
#[derive(Clone, Debug, Default)]
pub(in crate::corpus) struct Draft {
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
pub(in crate::corpus) enum GenreTrust {
    /// The folder's name, else the tags.
    #[default]
    Folder,
    /// The tags, else the folder's name.
    Tags,
    /// The table alone: unknown there is unknown.
    Table,
}
