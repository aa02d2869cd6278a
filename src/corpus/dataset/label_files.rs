//! Label files of an earlier study on FMA audio: a table with the header `,track_id,genre_top`, and one with the header
//! `,0` that numbers the genres ("Hip-Hop,0" ... "Easy Listening,16"). The audio lies below as `NNNNNN.mp3`.
//!
//! The genre column may hold names or those numbers.

use super::draft::{Draft, Drafts, GenreTrust};
use super::fma::track_id;
use super::table::{Table, text};
use crate::corpus::paths::shown;
use crate::corpus::problem::ProblemLog;
use crate::corpus::scan::scan;
use crate::corpus::{CorpusError, Problem, ProblemKind, Progress};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// The label table in `source`, if it has one.
pub(super) fn find(source: &Path) -> Option<PathBuf> {
    find_header(source, &["", "track_id", "genre_top"])
}

fn find_header(source: &Path, header: &[&str]) -> Option<PathBuf> {
    let mut tables: Vec<PathBuf> = std::fs::read_dir(source)
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension.eq_ignore_ascii_case("csv"))
                && path.is_file()
        })
        .collect();
    tables.sort();
    tables
        .into_iter()
        .find(|path| Table::open(path).is_ok_and(|table| table.columns == header))
}

/// Reads the labels and the audio of `source`.
pub(super) fn read(source: &Path, log: &mut ProblemLog, progress: &dyn Progress) -> Result<Drafts, CorpusError> {
    let path = find(source).ok_or_else(|| CorpusError::Missing(source.join("labels.csv")))?;
    let names = numbered_genres(source, log);
    let mut genres: HashMap<u32, String> = HashMap::new();
    Table::open(&path)?.rows(log, |record| {
        let id = text(record.get(1).unwrap_or_default());
        let id: u32 = id
            .parse()
            .map_err(|_| (ProblemKind::BadLine, format!("\u{201c}{id}\u{201d} is no track id")))?;
        let genre = text(record.get(2).unwrap_or_default());
        let genre = names.get(genre.trim_end_matches(".0")).cloned().unwrap_or(genre);
        genres.insert(id, genre);
        Ok(())
    });
    let found = scan(source, log, progress)?;
    let mut drafts = Vec::new();
    for path in found.files {
        let genre = track_id(&path).and_then(|id| genres.remove(&id));
        drafts.push(Draft {
            path,
            genre,
            trust: GenreTrust::Table,
            ..Draft::default()
        });
    }
    let mut missing: Vec<u32> = genres.into_keys().collect();
    missing.sort_unstable();
    for id in missing {
        let reason = format!("it labels track {id:06} but there is no such file");
        log.push(Problem::new(&path, ProblemKind::Missing, reason));
    }
    let notes = vec![format!("genres come from {}", shown(&path))];
    Ok(Drafts {
        drafts,
        notes,
        others: found.others,
    })
}

/// Genre by number, from the table with the header `,0`.
fn numbered_genres(source: &Path, log: &mut ProblemLog) -> HashMap<String, String> {
    let mut names = HashMap::new();
    if let Some(mut table) = find_header(source, &["", "0"]).and_then(|path| Table::open(&path).ok()) {
        table.rows(log, |record| {
            let [name, number] = [0, 1].map(|column| text(record.get(column).unwrap_or_default()));
            names.insert(number, name);
            Ok(())
        });
    }
    names
}
