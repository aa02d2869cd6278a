//! Which level of folders names the genres: the first below the source, unless that only wraps (a doubled folder of an unpacked
//! archive, `data`) or splits (`train`, `test`). Pure.

use crate::corpus::OfficialSplit;
use crate::corpus::genre::is_known_genre;
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Component, Path};

/// Names of folders that say nothing of their content.
const WRAPPERS: [&str; 12] = [
    "data",
    "dataset",
    "audio",
    "audios",
    "music",
    "songs",
    "tracks",
    "clips",
    "files",
    "genres",
    "genres_original",
    "wav",
];

/// Where one file lies.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Place {
    /// The folder that may name the genre.
    pub(super) folder: Option<String>,
    /// The side on which its dataset put it.
    pub(super) split: Option<OfficialSplit>,
    /// Folders from the genre's level on down to the file.
    pub(super) depth: usize,
}

/// The place of every one of `files` below `source`.
pub(super) fn places(source: &Path, files: &[impl AsRef<Path>]) -> Vec<Place> {
    let folders: Vec<Vec<String>> = files.iter().map(|file| folders_of(source, file.as_ref())).collect();
    let (mut level, mut split_level) = (0, None);
    loop {
        let names: BTreeSet<&str> = folders
            .iter()
            .filter_map(|path| Some(path.get(level)?.as_str()))
            .collect();
        let all_deeper = folders.iter().all(|path| path.len() > level + 1);
        if names.is_empty() || !all_deeper {
            break;
        }
        let below = first_choice(&folders, level + 1);
        if names.iter().all(|name| OfficialSplit::from_word(name).is_some()) {
            split_level = Some(level);
        } else if !wraps(source, &names, &below) {
            break;
        }
        level += 1;
    }
    folders
        .iter()
        .map(|path| Place {
            folder: path.get(level).cloned(),
            split: split_level.and_then(|level| OfficialSplit::from_word(path.get(level)?)),
            depth: path.len().saturating_sub(level),
        })
        .collect()
}

/// The names of the first level from `level` on that has several.
fn first_choice(folders: &[Vec<String>], level: usize) -> BTreeSet<&str> {
    let deepest = folders.iter().map(Vec::len).min().unwrap_or(0);
    let names = |level: usize| folders.iter().filter_map(move |path| Some(path.get(level)?.as_str()));
    let levels = (level..deepest).map(|level| names(level).collect::<BTreeSet<&str>>());
    levels
        .into_iter()
        .find(|names| names.len() > 1)
        .unwrap_or_else(|| names(level).collect())
}

/// Whether the folders called `names`, which hold nothing but folders and in the end those called `below`, mean nothing
/// themselves.
fn wraps(source: &Path, names: &BTreeSet<&str>, below: &BTreeSet<&str>) -> bool {
    let is_wrapper = |name: &str| WRAPPERS.contains(&name.to_lowercase().as_str());
    let mut each = names.iter();
    let (Some(only), None) = (each.next(), each.next()) else {
        return false;
    };
    let doubled = source.file_name().and_then(OsStr::to_str) == Some(only);
    let known = below.iter().filter(|name| is_known_genre(name)).count();
    let splits = below.iter().all(|name| OfficialSplit::from_word(name).is_some());
    !is_known_genre(only) && (is_wrapper(only) || doubled || splits || known * 2 >= below.len())
}

fn folders_of(source: &Path, file: &Path) -> Vec<String> {
    let folder = file
        .strip_prefix(source)
        .ok()
        .and_then(Path::parent)
        .unwrap_or(Path::new(""));
    folder
        .components()
        .filter_map(|part| match part {
            Component::Normal(name) => Some(crate::corpus::paths::shown(Path::new(name))),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn genres(source: &str, files: &[&str]) -> Vec<String> {
        let files: Vec<_> = files.iter().map(|file| Path::new(source).join(file)).collect();
        let places = places(Path::new(source), &files);
        places
            .into_iter()
            .map(|place| place.folder.unwrap_or_default())
            .collect()
    }

    #[test]
    fn wrapping_folders_are_no_genres() {
        assert_eq!(genres("/m", &["Rock/a.mp3", "Gabber/b.mp3"]), ["Rock", "Gabber"]);
        assert_eq!(
            genres("/m/gabber set", &["gabber set/x/a.mp3", "gabber set/y/b.mp3"]),
            ["x", "y"],
            "doubled"
        );
        assert_eq!(genres("/m", &["data/x/a.mp3", "data/y/b.mp3"]), ["x", "y"]);
        assert_eq!(
            genres("/m", &["archive/Rock/a.mp3", "archive/Pop/b.mp3"]),
            ["Rock", "Pop"]
        );
        assert_eq!(
            genres("/m", &["archive/train/x/a.mp3", "archive/test/y/b.mp3"]),
            ["x", "y"]
        );
        assert_eq!(
            genres("/m", &["Rock/live/a.mp3", "Rock/studio/b.mp3"]),
            ["Rock", "Rock"],
            "a genre with albums"
        );
        assert_eq!(
            genres("/m", &["Trio/One/a.mp3", "Trio/Two/b.mp3"]),
            ["Trio", "Trio"],
            "an artist with albums"
        );
        assert_eq!(
            genres("/m", &["data/x/a.mp3", "b.mp3"]),
            ["data", ""],
            "not all of it is wrapped"
        );
    }

    #[test]
    fn splits_are_kept_as_splits() {
        let files = ["/m/train/Rock/a.mp3", "/m/test/Rock/b.mp3"];
        let found = places(Path::new("/m"), &files);
        let split = found.iter().map(|place| place.split).collect::<Vec<_>>();
        assert_eq!(split, [Some(OfficialSplit::Training), Some(OfficialSplit::Test)]);
        assert!(
            found
                .iter()
                .all(|place| place.folder.as_deref() == Some("Rock") && place.depth == 1)
        );
        assert_eq!(
            genres("/m", &["train/a.mp3", "test/b.mp3"]),
            ["train", "test"],
            "there is no other level"
        );
    }
}
