//! Folders named after genres, flat folders and nested libraries: the first folder below the source may be a genre.

use super::draft::{Draft, Drafts, GenreTrust};
use crate::corpus::genre::is_known_genre;
use crate::corpus::problem::ProblemLog;
use crate::corpus::scan::scan;
use crate::corpus::{CorpusError, Progress};
use std::collections::BTreeSet;
use std::path::{Component, Path};

/// Lists `source`. Unless it is said to be a `library`, the folder names win over the tags - but not where the tree is deeper than
/// `genre/file` and its top folders are no genres: then it is a library and the tags win.
pub(super) fn read(
    source: &Path,
    library: bool,
    log: &mut ProblemLog,
    progress: &dyn Progress,
) -> Result<Drafts, CorpusError> {
    let found = scan(source, log, progress)?;
    let tops: BTreeSet<String> = found.files.iter().filter_map(|file| top_folder(source, file)).collect();
    let known = tops.iter().filter(|top| is_known_genre(top)).count();
    let nested = found.files.iter().any(|file| depth(source, file) > 2);
    let library = library || (nested && known * 2 < tops.len());
    let trust = if library { GenreTrust::Tags } else { GenreTrust::Folder };
    let drafts = found.files.into_iter().map(|path| Draft {
        folder: top_folder(source, &path),
        trust,
        path,
        ..Draft::default()
    });
    Ok(Drafts {
        drafts: drafts.collect(),
        notes: vec![match (library, tops.is_empty()) {
            (_, true) => "a flat folder: genres come from the files' tags".into(),
            (true, false) => "a music library: genres come from the files' tags, else from the top folder".into(),
            (false, false) => "genres come from the folders' names".into(),
        }],
        others: found.others,
    })
}

fn top_folder(source: &Path, file: &Path) -> Option<String> {
    let relative = file.strip_prefix(source).ok()?;
    match relative.components().next()? {
        Component::Normal(name) if depth(source, file) > 1 => Some(name.to_string_lossy().into_owned()),
        _ => None,
    }
}

fn depth(source: &Path, file: &Path) -> usize {
    file.strip_prefix(source)
        .map_or(0, |relative| relative.components().count())
}
