//! The Free Music Archive dataset (Defferrard et al., ISMIR 2017) as it is downloaded: `fma_*/NNN/NNNNNN.mp3` beside
//! `fma_metadata/tracks.csv`, whose columns have two levels and whose header takes three lines.
//!
//! Ids are six digits with leading zeros and the folder is the first three. Many tracks have no top genre: that stays
//! unknown. Some files of every subset hold no audio (099134, 108925 and 133297 of the small one): the import lists them.

use super::draft::{Draft, Drafts, GenreTrust};
use super::table::{Table, text};
use crate::corpus::decode::is_music;
use crate::corpus::paths::shown;
use crate::corpus::problem::ProblemLog;
use crate::corpus::scan::scan;
use crate::corpus::{CorpusError, OfficialSplit, Problem, ProblemKind, Progress};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// Entries of a folder that are looked at to tell what it is.
const SAMPLED_ENTRIES: usize = 5_000;
const SAMPLE_DEPTH: usize = 5;
/// Subsets from small to full; each holds the ones before it.
const SUBSETS: [&str; 4] = ["small", "medium", "large", "full"];

/// `tracks.csv` for `source`: inside it, in its `fma_metadata`, or in the `fma_metadata` beside it.
pub(super) fn find(source: &Path) -> Option<PathBuf> {
    let beside = source.parent().map(|parent| parent.join("fma_metadata"));
    let doubled = source.join("fma_metadata/fma_metadata");
    let folders = [
        Some(source.join("fma_metadata")),
        Some(source.to_path_buf()),
        beside,
        Some(doubled),
    ];
    folders
        .into_iter()
        .flatten()
        .map(|folder| folder.join("tracks.csv"))
        .find(|path| path.is_file())
}

/// Whether `source` holds tracks that its `tracks.csv` knows, named as the dataset names them.
pub(super) fn is_here(source: &Path) -> bool {
    let Some(path) = find(source) else { return false };
    let ids = sampled_ids(source);
    !ids.is_empty() && knows_any(&path, &ids)
}

/// Ids of the first files that lie as `NNN/NNNNNN.mp3`.
fn sampled_ids(source: &Path) -> HashSet<u32> {
    let as_published = |path: &Path| {
        let id = track_id(path)?;
        let folder = path.parent()?.file_name()?.to_str()?;
        (is_music(path) && folder == format!("{:03}", id / 1_000)).then_some(id)
    };
    let entries = WalkDir::new(source)
        .max_depth(SAMPLE_DEPTH)
        .follow_links(true)
        .sort_by_file_name();
    entries
        .into_iter()
        .filter_map(Result::ok)
        .take(SAMPLED_ENTRIES)
        .filter_map(|entry| as_published(entry.path()))
        .collect()
}

fn knows_any(path: &Path, ids: &HashSet<u32>) -> bool {
    let Ok(mut table) = Table::open_two_level(path) else {
        return false;
    };
    let known = |record: &csv::ByteRecord| text(record.get(0)?).parse().ok().filter(|id| ids.contains(id));
    table.any_row(|record| known(record).is_some())
}

/// What `tracks.csv` says of one track.
struct Track {
    draft: Draft,
    subset: Option<usize>,
}

/// Reads the dataset of `source`.
pub(super) fn read(source: &Path, log: &mut ProblemLog, progress: &dyn Progress) -> Result<Drafts, CorpusError> {
    let table = find(source).ok_or_else(|| CorpusError::Missing(source.join("fma_metadata/tracks.csv")))?;
    let mut tracks = tracks(&table, log)?;
    let found = scan(source, log, progress)?;
    let wanted = subset_of(&found.files, source);
    let mut drafts = Vec::new();
    for path in found.files {
        match track_id(&path).and_then(|id| tracks.remove(&id)) {
            Some(track) => drafts.push(Draft { path, ..track.draft }),
            None => {
                let reason = "tracks.csv does not know it; it is used without labels";
                log.push(Problem::new(&path, ProblemKind::BadLabel, reason));
                drafts.push(Draft {
                    path,
                    trust: GenreTrust::Table,
                    ..Draft::default()
                });
            }
        }
    }
    let mut missing: Vec<u32> = tracks
        .into_iter()
        .filter(|(_, track)| track.subset.zip(wanted).is_some_and(|(own, wanted)| own <= wanted))
        .map(|(id, _)| id)
        .collect();
    missing.sort_unstable();
    for id in missing {
        let path = source.join(format!("{:03}", id / 1_000)).join(format!("{id:06}.mp3"));
        log.push(Problem::new(
            &path,
            ProblemKind::Missing,
            "tracks.csv names it but the file is not there",
        ));
    }
    Ok(Drafts {
        drafts,
        notes: vec![format!(
            "the Free Music Archive dataset: genres, artists and the official split come from {}",
            shown(&table)
        )],
        others: found.others,
    })
}

/// The number in a name like `012345.mp3`.
pub(super) fn track_id(path: &Path) -> Option<u32> {
    let stem = path.file_stem()?.to_str()?;
    stem.chars().all(|c| c.is_ascii_digit()).then(|| stem.parse().ok())?
}

fn tracks(path: &Path, log: &mut ProblemLog) -> Result<HashMap<u32, Track>, CorpusError> {
    let mut table = Table::open_two_level(path)?;
    let genre = table
        .column(&["track.genre_top"])
        .ok_or_else(|| table.lacks("track, genre_top"))?;
    let [split, subset, artist_id, artist, album_id, album, title] = [
        "set.split",
        "set.subset",
        "artist.id",
        "artist.name",
        "album.id",
        "album.title",
        "track.title",
    ]
    .map(|name| table.column(&[name]));
    let titles = genre_titles(path, log);
    let mut tracks = HashMap::new();
    table.rows(log, |record| {
        let first = text(record.get(0).unwrap_or_default());
        let id: u32 = first
            .parse()
            .map_err(|_| (ProblemKind::BadLine, format!("\u{201c}{first}\u{201d} is no track id")))?;
        let field = |column: Option<usize>| column.and_then(|c| record.get(c)).map(text).filter(|t| !t.is_empty());
        let group = field(artist_id).map(|id| format!("fma artist {id}"));
        let draft = Draft {
            title: field(title),
            artist: field(artist).or_else(|| field(artist_id)),
            album: field(album).or_else(|| field(album_id)),
            group: group.or_else(|| field(album_id).map(|id| format!("fma album {id}"))),
            genre: field(Some(genre)).map(|genre| titles.get(&genre).cloned().unwrap_or(genre)),
            trust: GenreTrust::Table,
            official_split: field(split).and_then(|word| OfficialSplit::from_word(&word)),
            ..Draft::default()
        };
        let subset = field(subset).and_then(|name| SUBSETS.iter().position(|known| *known == name));
        tracks.insert(id, Track { draft, subset });
        Ok(())
    });
    Ok(tracks)
}

/// Titles by genre id from `genres.csv`, for tables that give ids instead of titles.
fn genre_titles(tracks: &Path, log: &mut ProblemLog) -> HashMap<String, String> {
    let mut titles = HashMap::new();
    let Ok(mut table) = Table::open(&tracks.with_file_name("genres.csv")) else {
        return titles;
    };
    if let (Some(id), Some(title)) = (table.column(&["genre_id"]), table.column(&["title"])) {
        table.rows(log, |record| {
            titles.insert(
                text(record.get(id).unwrap_or_default()),
                text(record.get(title).unwrap_or_default()),
            );
            Ok(())
        });
    }
    titles
}

/// The largest subset whose folder (`fma_small`, ...) is among the files' folders.
fn subset_of(files: &[PathBuf], source: &Path) -> Option<usize> {
    let folders: BTreeSet<&str> = files
        .iter()
        .filter_map(|file| file.parent()?.parent()?.file_name()?.to_str())
        .chain(source.file_name().and_then(|name| name.to_str()))
        .collect();
    (0..SUBSETS.len())
        .rev()
        .find(|index| folders.contains(format!("fma_{}", SUBSETS[*index]).as_str()))
}
