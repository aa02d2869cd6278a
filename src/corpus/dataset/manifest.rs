//! A table that names files: columns path (or file, filename), genre, valence, arousal; optionally title, artist,
//! album, group and split. Other columns are ignored. Paths are relative to the table's folder.
//!
//! Valence and arousal are -1..1; a column that only fits 1..9 (the usual rating scale) is rescaled, and said so.

use super::draft::{Draft, Drafts, GenreTrust};
use super::table::{Table, number, text};
use crate::corpus::problem::ProblemLog;
use crate::corpus::{CorpusError, ImportStage, OfficialSplit, Problem, ProblemKind, Progress};
use std::collections::HashSet;
use std::path::{Path, PathBuf};

const PATH_COLUMNS: [&str; 3] = ["path", "file", "filename"];

/// The manifest that `source` is, or holds.
pub(super) fn find(source: &Path) -> Option<PathBuf> {
    let inside = source.join("manifest.csv");
    if inside.is_file() {
        return Some(inside);
    }
    let is_table = source
        .extension()
        .is_some_and(|e| ["csv", "tsv"].iter().any(|known| e.eq_ignore_ascii_case(known)));
    (is_table && source.is_file()).then(|| source.to_path_buf())
}

/// Reads the manifest of `source`.
pub(super) fn read(source: &Path, log: &mut ProblemLog, progress: &dyn Progress) -> Result<Drafts, CorpusError> {
    let path = find(source).ok_or_else(|| CorpusError::Missing(source.join("manifest.csv")))?;
    let folder = path.parent().unwrap_or(Path::new("")).to_path_buf();
    let mut table = Table::open(&path)?;
    let file = table
        .column(&PATH_COLUMNS)
        .ok_or_else(|| table.lacks("path, file or filename"))?;
    let [genre, valence, arousal] = [["genre"], ["valence"], ["arousal"]].map(|names| table.column(&names));
    let [title, artist, album, group, split] =
        [["title"], ["artist"], ["album"], ["group"], ["split"]].map(|names| table.column(&names));
    let mut seen = HashSet::new();
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
        let path = locate(&folder, named)
            .ok_or_else(|| (ProblemKind::Missing, format!("there is no file {}", text(named))))?;
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
    let mut notes = vec![format!("labels come from {}", path.display())];
    for (name, get) in [
        ("valence", valence_of as fn(&mut Draft) -> &mut Option<f32>),
        ("arousal", arousal_of),
    ] {
        notes.extend(rescale(&mut drafts, name, get, &path, log));
    }
    Ok(Drafts {
        drafts,
        notes,
        others: 0,
    })
}

fn valence_of(draft: &mut Draft) -> &mut Option<f32> {
    &mut draft.valence
}

fn arousal_of(draft: &mut Draft) -> &mut Option<f32> {
    &mut draft.arousal
}

/// Brings one label of all drafts to -1..1; returns a note when a 1..9 scale was recognised.
fn rescale(
    drafts: &mut [Draft],
    name: &str,
    get: fn(&mut Draft) -> &mut Option<f32>,
    table: &Path,
    log: &mut ProblemLog,
) -> Option<String> {
    let values: Vec<f32> = drafts.iter_mut().filter_map(|draft| *get(draft)).collect();
    let rating = values.iter().any(|v| v.abs() > 1.0) && values.iter().all(|v| (1.0..=9.0).contains(v));
    for draft in drafts.iter_mut() {
        let path = draft.path.clone();
        let label = get(draft);
        if let (Some(value), true) = (*label, rating) {
            *label = Some((value - 5.0) / 4.0);
        } else if label.is_some_and(|value| value.abs() > 1.0) {
            let reason = format!("its {name} in {} lies outside -1..1; used without it", table.display());
            log.push(Problem::new(&path, ProblemKind::BadLabel, reason));
            *label = None;
        }
    }
    rating.then(|| format!("{name} looked like ratings from 1 to 9 and was brought to -1..1"))
}

/// The file that a table means by `named`: as written, or with Windows' separators.
fn locate(folder: &Path, named: &[u8]) -> Option<PathBuf> {
    let exact = folder.join(system_path(named.trim_ascii()));
    let candidates = [exact, folder.join(text(named).replace('\\', "/"))];
    candidates.into_iter().find(|path| path.is_file())
}

#[cfg(unix)]
fn system_path(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    std::ffi::OsStr::from_bytes(bytes).into()
}

#[cfg(not(unix))]
fn system_path(bytes: &[u8]) -> PathBuf {
    text(bytes).into()
}
