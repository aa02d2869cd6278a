//! A table that names files: columns path (or file, filename, file_name, ...), genre, valence, arousal; optionally title, artist,
//! album, group and split. Other columns are ignored. Paths are relative to the table's folder.
//!
//! Valence and arousal are -1..1; a column that only fits 1..9 (the usual rating scale) is rescaled, and said so.

use super::draft::{Draft, Drafts, GenreTrust};
use super::locate::Locator;
use super::scale;
use super::table::{Table, number, text};
use crate::corpus::paths::shown;
use crate::corpus::problem::ProblemLog;
use crate::corpus::{CorpusError, ImportStage, OfficialSplit, ProblemKind, Progress};
use std::collections::HashSet;
use std::path::{Path, PathBuf};

const PATH_COLUMNS: [&str; 10] = [
    "path",
    "file",
    "filename",
    "file_name",
    "filepath",
    "file_path",
    "file name",
    "file path",
    "audio",
    "audio_path",
];
/// Names under which a table in a folder is looked for: ours, and that of Hugging Face's audio folders.
const NAMES: [&str; 2] = ["manifest.csv", "metadata.csv"];
/// Lines looked at to see whether a table names files that are there.
const SAMPLED_LINES: usize = 2_000;

/// The manifest that `source` is, or holds; a table that names nothing is none.
pub(super) fn find(source: &Path) -> Option<PathBuf> {
    if is_table(source) {
        return Some(source.to_path_buf());
    }
    tables_in(source).find(|table| examine(table).is_ok())
}

/// What is wrong with tables in the folder `source` that look like manifests and are none.
pub(super) fn passed_over(source: &Path) -> Vec<String> {
    let sentence = |table: PathBuf| {
        let reason = examine(&table).err()?;
        Some(format!(
            "{} is passed over: {reason}; the folder is read without it",
            shown(&table)
        ))
    };
    if is_table(source) {
        Vec::new()
    } else {
        tables_in(source).filter_map(sentence).collect()
    }
}

fn is_table(source: &Path) -> bool {
    let named = |extension: &std::ffi::OsStr| ["csv", "tsv"].iter().any(|known| extension.eq_ignore_ascii_case(known));
    source.extension().is_some_and(named) && source.is_file()
}

fn tables_in(folder: &Path) -> impl Iterator<Item = PathBuf> {
    NAMES
        .iter()
        .map(|name| folder.join(name))
        .filter(|table| table.is_file())
}

/// Why `table` names no music, if it names none.
fn examine(path: &Path) -> Result<(), String> {
    let mut table = Table::open(path).map_err(|error| error.to_string())?;
    let Some(file) = table.column(&PATH_COLUMNS) else {
        return Err("it has no column that names files (path, file or filename)".into());
    };
    let mut locator = Locator::new(path.parent().unwrap_or(Path::new("")));
    let (mut lines, mut found) = (0, false);
    table.first_rows(SAMPLED_LINES, |record| {
        lines += 1;
        found = found || record.get(file).is_some_and(|named| locator.find(named).is_some());
    });
    match (found, lines) {
        (true, _) => Ok(()),
        (false, 0) => Err("it has a header and no lines".into()),
        (false, _) => Err("none of the files that it names is there".into()),
    }
}

/// Reads the manifest of `source`.
pub(super) fn read(source: &Path, log: &mut ProblemLog, progress: &dyn Progress) -> Result<Drafts, CorpusError> {
    let path = find(source).ok_or_else(|| CorpusError::Missing(source.join("manifest.csv")))?;
    let folder = path.parent().unwrap_or(Path::new("")).to_path_buf();
    let mut table = Table::open(&path)?;
    let file = table
        .column(&PATH_COLUMNS)
        .ok_or_else(|| table.lacks("path, file or filename"))?;
    let genre = table.column(&["genre", "genres"]);
    let [valence, arousal] = [["valence"], ["arousal"]].map(|names| table.column(&names));
    let [title, artist, album, group, split] =
        [["title"], ["artist"], ["album"], ["group"], ["split"]].map(|names| table.column(&names));
    let (mut seen, mut seen_files) = (HashSet::new(), HashSet::new());
    let mut locator = Locator::new(&folder);
    let mut drafts: Vec<Draft> = Vec::new();
    table.rows(log, |record| {
        let named = record.get(file).unwrap_or_default();
        if text(named).is_empty() {
            return Err((ProblemKind::BadLine, "it names no file".into()));
        }
        if !seen.insert(blake3::hash(named)) {
            return Err((
                ProblemKind::BadLine,
                format!("{} was named before; the first line counts", text(named)),
            ));
        }
        let path = locator
            .find(named)
            .ok_or_else(|| (ProblemKind::Missing, format!("there is no file {}", text(named))))?;
        if !seen_files.insert(identity(&path)) {
            let reason = format!(
                "{} was named before in another spelling; the first line counts",
                text(named)
            );
            return Err((ProblemKind::BadLine, reason));
        }
        let field = |column: Option<usize>| column.and_then(|c| record.get(c)).map(text).filter(|t| !t.is_empty());
        let score = |column: Option<usize>| number(column.and_then(|c| record.get(c)));
        let (valence, arousal) = (score(valence), score(arousal));
        drafts.push(Draft {
            path,
            title: field(title),
            artist: field(artist),
            album: field(album),
            group: field(group),
            genre: field(genre),
            trust: if genre.is_some() {
                GenreTrust::Table
            } else {
                GenreTrust::Tags
            },
            valence: valence.clone().ok().flatten(),
            arousal: arousal.clone().ok().flatten(),
            official_split: field(split).and_then(|word| OfficialSplit::from_word(&word)),
            ..Draft::default()
        });
        progress.advanced(ImportStage::Scanning, drafts.len() as u64, 0);
        let bad = |error: String| {
            (
                ProblemKind::BadLabel,
                format!("{error}; the file is used without that label"),
            )
        };
        valence.and(arousal).map(|_| ()).map_err(bad)
    });
    let mut notes = vec![format!("labels come from {}", shown(&path))];
    notes.extend(scale::bring_to_range(&mut drafts, &path, log));
    Ok(Drafts {
        drafts,
        notes,
        others: 0,
    })
}

/// The same for every path to one file.
fn identity(path: &Path) -> blake3::Hash {
    let real = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    blake3::hash(real.as_os_str().as_encoded_bytes())
}
