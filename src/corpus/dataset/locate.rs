//! The file that a table means, however it spells the path: with Windows' separators, from another machine's disk, with other
//! accents or in other case. Any thread.

use super::encoding::text_of;
use std::collections::HashMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use unicode_normalization::UnicodeNormalization;

/// Finds files below one folder; remembers what lies in the folders that it had to look into.
pub(super) struct Locator {
    folder: PathBuf,
    listings: HashMap<PathBuf, HashMap<String, OsString>>,
}

impl Locator {
    pub(super) fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_path_buf(),
            listings: HashMap::new(),
        }
    }

    /// The file that a table calls `named`. Of an absolute path from elsewhere the longest end counts that is there.
    pub(super) fn find(&mut self, named: &[u8]) -> Option<PathBuf> {
        let exact = self.folder.join(system_path(named.trim_ascii()));
        if exact.is_file() {
            return Some(exact);
        }
        let text = text_of(named).trim().replace('\\', "/");
        let parts: Vec<&str> = text
            .split('/')
            .filter(|part| !part.is_empty() && *part != ".")
            .collect();
        let is_foreign = text.starts_with('/') || text.get(1..3) == Some(":/") || text.starts_with("file:");
        let starts = if is_foreign { 0..parts.len() } else { 0..1 };
        starts
            .into_iter()
            .find_map(|start| self.below(&parts[start.min(parts.len())..]))
    }

    fn below(&mut self, parts: &[&str]) -> Option<PathBuf> {
        if parts.is_empty() {
            return None;
        }
        let direct = parts.iter().fold(self.folder.clone(), |path, part| path.join(part));
        if direct.is_file() {
            return Some(direct);
        }
        let mut path = self.folder.clone();
        for part in parts {
            let next = path.join(part);
            path = if *part == ".." || next.exists() {
                next
            } else {
                let name = self.listing(&path).get(&folded(part))?.clone();
                path.join(name)
            };
        }
        path.is_file().then_some(path)
    }

    fn listing(&mut self, folder: &Path) -> &HashMap<String, OsString> {
        self.listings.entry(folder.to_path_buf()).or_insert_with(|| {
            let entries = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
            let mut names: Vec<OsString> = entries.map(|entry| entry.file_name()).collect();
            // Of names that differ in case alone the first in order is meant.
            names.sort_by(|a, b| b.cmp(a));
            names
                .into_iter()
                .map(|name| (folded(&text_of(name.as_encoded_bytes())), name))
                .collect()
        })
    }
}

/// What spellings of one name have in common: composed accents, lower case.
fn folded(name: &str) -> String {
    name.nfc().flat_map(char::to_lowercase).collect()
}

#[cfg(unix)]
fn system_path(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    std::ffi::OsStr::from_bytes(bytes).into()
}

#[cfg(not(unix))]
fn system_path(bytes: &[u8]) -> PathBuf {
    text_of(bytes).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_file_has_many_spellings() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("Rock/Cafe\u{301}.mp3");
        std::fs::create_dir(folder.path().join("Rock")).unwrap();
        std::fs::write(&path, "x").unwrap();
        let mut locator = Locator::new(folder.path());
        for named in [
            "Rock/Cafe\u{301}.mp3".as_bytes(),
            "Rock\\Caf\u{e9}.mp3".as_bytes(),
            "./rock/CAF\u{c9}.MP3".as_bytes(),
            "C:\\Users\\me\\Music\\Rock\\caf\u{e9}.mp3".as_bytes(),
            "/home/me/music/Rock/Caf\u{e9}.mp3".as_bytes(),
            b"Rock\\Caf\xe9.mp3",
        ] {
            assert_eq!(locator.find(named), Some(path.clone()), "{}", text_of(named));
        }
        for named in ["Jazz/caf\u{e9}.mp3", "", "Rock", "C:\\", "/"] {
            assert_eq!(locator.find(named.as_bytes()), None, "{named}");
        }
    }
}
