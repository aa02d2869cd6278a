//! GTZAN (Tzanetakis & Cook, 2002): `genres_original/<genre>/<genre>.NNNNN.wav`, or `genres/` with `.au` files.
//!
//! `jazz.00054` of the common copy is unreadable, and some recordings are there twice (Sturm, "The GTZAN dataset: its
//! contents, its faults", 2013). The import lists the first; the second are found by their sound when the clips are
//! decoded, and then never cross the split.

use super::{Draft, Drafts, GenreTrust};
use crate::corpus::problem::ProblemLog;
use crate::corpus::scan::scan;
use crate::corpus::{CorpusError, Progress};
use std::path::{Path, PathBuf};

const FOLDERS: [&str; 4] = ["genres_original", "genres", "Data/genres_original", "Data/genres"];
/// The folder with the genres' folders, if `source` is or holds GTZAN.
pub(super) fn find(source: &Path) -> Option<PathBuf> {
    let inside = FOLDERS.iter().map(|folder| source.join(folder));
    inside.chain([source.to_path_buf()]).find(|folder| {
        // Two genres with the dataset's own way of naming prove it.
        [
            "blues",
            "classical",
            "country",
            "disco",
            "hiphop",
            "jazz",
            "metal",
            "pop",
            "reggae",
            "rock",
        ]
        .iter()
        .filter(|genre| holds_numbered(&folder.join(genre), genre))
        .nth(1)
        .is_some()
    })
}

fn holds_numbered(folder: &Path, genre: &str) -> bool {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return false;
    };
    entries
        .filter_map(Result::ok)
        .any(|entry| is_numbered(&entry.path(), genre))
}

/// Whether `path` is named like `jazz.00054.wav`.
fn is_numbered(path: &Path, genre: &str) -> bool {
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let digits = stem.strip_prefix(genre).and_then(|rest| rest.strip_prefix('.'));
    digits.is_some_and(|digits| digits.len() == 5 && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Reads the dataset of `source`.
pub(super) fn read(source: &Path, log: &mut ProblemLog, progress: &dyn Progress) -> Result<Drafts, CorpusError> {
    let folder = find(source).ok_or_else(|| CorpusError::Missing(source.join(FOLDERS[0])))?;
    let found = scan(&folder, log, progress)?;
    let drafts = found.files.into_iter().map(|path| {
        let genre = path
            .parent()
            .and_then(Path::file_name)
            .map(|name| name.to_string_lossy().into_owned());
        Draft {
            genre,
            path,
            trust: GenreTrust::Table,
            ..Draft::default()
        }
    });
    Ok(Drafts {
        drafts: drafts.collect(),
        notes: vec!["the GTZAN dataset: genres come from its folders".into()],
        others: found.others,
    })
}
