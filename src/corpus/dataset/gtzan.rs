//! GTZAN (Tzanetakis & Cook, 2002): `genres_original/<genre>/<genre>.NNNNN.wav`, or `genres/` with `.au` files.
//!
//! `jazz.00054` of the common copy is unreadable, and some recordings are there twice: the import lists both. Repeats
//! share one recording from the start, so that a split never parts them; the doctor finds them by their sound as well.

use super::draft::{Draft, Drafts, GenreTrust};
use super::gtzan_repeats::first_of;
use crate::corpus::problem::ProblemLog;
use crate::corpus::scan::scan;
use crate::corpus::{CorpusError, Problem, ProblemKind, Progress};
use std::collections::HashSet;
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
    number_in(path, genre).is_some()
}

/// The number in `jazz.00054.wav`.
fn number_in(path: &Path, genre: &str) -> Option<u32> {
    let digits = path.file_stem()?.to_str()?.strip_prefix(genre)?.strip_prefix('.')?;
    let five = digits.len() == 5 && digits.bytes().all(|byte| byte.is_ascii_digit());
    five.then(|| digits.parse().ok())?
}

/// Reads the dataset of `source`.
pub(super) fn read(source: &Path, log: &mut ProblemLog, progress: &dyn Progress) -> Result<Drafts, CorpusError> {
    let folder = find(source).ok_or_else(|| CorpusError::Missing(source.join(FOLDERS[0])))?;
    let found = scan(&folder, log, progress)?;
    let mut drafts: Vec<Draft> = found.files.into_iter().map(draft).collect();
    flag_repeats(&mut drafts, log);
    Ok(Drafts {
        drafts,
        notes: vec!["the GTZAN dataset: genres come from its folders".into()],
        others: found.others,
    })
}

fn draft(path: PathBuf) -> Draft {
    let genre = path
        .parent()
        .and_then(Path::file_name)
        .map(|name| name.to_string_lossy().into_owned());
    let number = genre.as_ref().and_then(|genre| number_in(&path, genre));
    Draft {
        recording: genre
            .as_deref()
            .zip(number)
            .and_then(|(genre, number)| first_of(genre, number)),
        genre,
        path,
        trust: GenreTrust::Table,
        ..Draft::default()
    }
}

/// Lists every clip whose recording came before it.
fn flag_repeats(drafts: &mut [Draft], log: &mut ProblemLog) {
    let mut heard = HashSet::new();
    for draft in drafts {
        let Some(recording) = &draft.recording else { continue };
        draft.group = Some(format!("recording {recording}"));
        if !heard.insert(recording.clone()) {
            let reason = format!("known to be the same recording as {recording}; both stay on one side of the split");
            log.push(Problem::new(&draft.path, ProblemKind::Repeat, reason));
        }
    }
}
