//! Lists the music files below a folder. Any thread; follows links, never twice round a circle; order is by name.

use super::decode::is_music;
use super::paths::shown;
use super::problem::ProblemLog;
use super::{CorpusError, ImportStage, Problem, ProblemKind, Progress};
use crate::files::in_words;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// What a walk found.
#[derive(Debug, Default)]
pub(super) struct Scan {
    /// Every file with an extension of music, in order of their names.
    pub files: Vec<PathBuf>,
    /// Files that are no music by their name.
    pub others: usize,
}

/// Walks `root`; what cannot be entered goes to `log`.
pub(super) fn scan(root: &Path, log: &mut ProblemLog, progress: &dyn Progress) -> Result<Scan, CorpusError> {
    let mut found = Scan::default();
    let entries = WalkDir::new(root).follow_links(true).sort_by_file_name().into_iter();
    for entry in entries.filter_entry(|entry| entry.depth() == 0 || !is_hidden(entry.file_name())) {
        if progress.is_cancelled() {
            return Err(CorpusError::Cancelled);
        }
        match entry {
            Ok(entry) if entry.file_type().is_file() => {
                if is_music(entry.path()) {
                    found.files.push(entry.into_path());
                    progress.advanced(ImportStage::Scanning, found.files.len() as u64, 0);
                } else {
                    found.others += 1;
                }
            }
            Ok(_) => {}
            Err(error) => log.push(walk_problem(root, &error)),
        }
    }
    Ok(found)
}

/// Dot files: among them the "._name" companions that macOS leaves on foreign disks. Music may be called "...And Justice for
/// All" or ".38 Special", hidden files are not.
fn is_hidden(name: &OsStr) -> bool {
    let [b'.', second, ..] = name.as_encoded_bytes() else {
        return false;
    };
    second.is_ascii_alphabetic() || *second == b'_'
}

fn walk_problem(root: &Path, error: &walkdir::Error) -> Problem {
    let path = error.path().unwrap_or(root);
    let reason = match (error.loop_ancestor(), error.io_error()) {
        (Some(ancestor), _) => format!("a link that leads back to {}; it was not followed", shown(ancestor)),
        (None, Some(io)) => format!("it cannot be opened: {}", in_words(io)),
        (None, None) => format!("it cannot be looked at (details: {error})"),
    };
    Problem::new(path, ProblemKind::Unreadable, reason)
}
