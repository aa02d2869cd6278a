//! Folders named after genres, flat folders and nested libraries: the first folder below the source may be a genre.

use super::draft::{Draft, Drafts, GenreTrust};
use super::levels::places;
use crate::corpus::genre::is_known_genre;
use crate::corpus::problem::ProblemLog;
use crate::corpus::scan::scan;
use crate::corpus::{CorpusError, OfficialSplit, Progress};
use std::collections::BTreeSet;
use std::path::Path;

/// Lists `source`. Unless it is said to be a `library`, the folder names win over the tags - but not where the tree is deeper than
/// `genre/file` and its top folders are no genres: then it is a library and the tags win.
pub(super) fn read(
    source: &Path,
    library: bool,
    log: &mut ProblemLog,
    progress: &dyn Progress,
) -> Result<Drafts, CorpusError> {
    let found = scan(source, log, progress)?;
    let places = places(source, &found.files);
    let tops: BTreeSet<&String> = places.iter().filter_map(|place| place.folder.as_ref()).collect();
    let known = tops.iter().filter(|top| is_known_genre(top)).count();
    let nested = places.iter().any(|place| place.depth > 1);
    let library = library || (nested && known * 2 < tops.len());
    let trust = if library { GenreTrust::Tags } else { GenreTrust::Folder };
    let note = match (library, tops.is_empty()) {
        (_, true) => "a flat folder: genres come from the files' tags",
        (true, false) => "a music library: genres come from the files' tags, else from the top folder",
        (false, false) => "genres come from the folders' names",
    };
    let drafts = found.files.into_iter().zip(places).map(|(path, place)| Draft {
        folder: place.folder.filter(|folder| OfficialSplit::from_word(folder).is_none()),
        official_split: place.split,
        trust,
        path,
        ..Draft::default()
    });
    Ok(Drafts {
        drafts: drafts.collect(),
        notes: vec![note.into()],
        others: found.others,
    })
}
