//! What a user decided about a folder of music, kept beside the music: every later import of it - window, command line,
//! another machine - follows. Any thread.
//!
//! `songspace-exclude.txt`: one path (as shown) or content hash per line. `songspace-genres.csv`: spelling, name.

use super::ImportOptions;
use crate::files::write_whole;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Result};
use std::path::{Path, PathBuf};

const EXCLUDE_FILE: &str = "songspace-exclude.txt";
const GENRES_FILE: &str = "songspace-genres.csv";
/// More is no list that a person made.
const MOST_BYTES: u64 = 64 << 20;

/// Files left out and genres renamed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    /// Files left out, each by its path (as shown) or its content hash.
    pub exclude: BTreeSet<String>,
    /// Spelling -> name; an empty name means unknown.
    pub genre_names: BTreeMap<String, String>,
}

impl Overrides {
    /// The choices kept for `source` (a folder, or a file in one); none where nothing can be read.
    pub fn read(source: &Path) -> Self {
        let folder = folder_of(source);
        let exclude = text(&folder.join(EXCLUDE_FILE)).unwrap_or_default();
        Self {
            exclude: exclude
                .lines()
                .map(str::trim)
                .filter(|line| !line.is_empty())
                .map(str::to_owned)
                .collect(),
            genre_names: Self::genre_table(&folder.join(GENRES_FILE)).unwrap_or_default(),
        }
    }

    /// A table of spellings and names, without a header; lines of one column are passed over.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn genre_table(path: &Path) -> Result<BTreeMap<String, String>> {
        let table = text(path)?;
        let mut rows = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(table.as_bytes());
        let renamed = |row: csv::StringRecord| Some((row.get(0)?.trim().to_owned(), row.get(1)?.trim().to_owned()));
        Ok(rows.records().filter_map(|row| renamed(row.ok()?)).collect())
    }

    /// Keeps these choices for `source`, whole or not at all.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn write(&self, source: &Path) -> Result<()> {
        let folder = folder_of(source);
        let lines: String = self.exclude.iter().map(|line| format!("{line}\n")).collect();
        persist(&folder, EXCLUDE_FILE, lines.as_bytes())?;
        let mut table = csv::WriterBuilder::new().has_headers(false).from_writer(Vec::new());
        for (spelling, name) in &self.genre_names {
            table.write_record([spelling, name]).map_err(std::io::Error::other)?;
        }
        persist(
            &folder,
            GENRES_FILE,
            &table.into_inner().map_err(csv::IntoInnerError::into_error)?,
        )
    }

    /// Adds these choices, kept for `source`, to `options`; what the options say themselves wins.
    pub(super) fn add_to(self, options: &mut ImportOptions, source: &Path) {
        let folder = folder_of(source);
        for line in self.exclude {
            // Joined with other sources, the file is shown by a longer path.
            options
                .exclude
                .insert(folder.join(&line).to_string_lossy().into_owned());
            options.exclude.insert(line);
        }
        for (spelling, name) in self.genre_names {
            options.genre_names.entry(spelling).or_insert(name);
        }
    }
}

fn folder_of(source: &Path) -> PathBuf {
    let folder = if source.is_dir() { Some(source) } else { source.parent() };
    folder.unwrap_or(Path::new("")).to_path_buf()
}

fn text(path: &Path) -> Result<String> {
    let mut bytes = Vec::new();
    std::fs::File::open(path)?.take(MOST_BYTES).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Writes `bytes` as `folder/name`; an empty list removes the file.
fn persist(folder: &Path, name: &str, bytes: &[u8]) -> Result<()> {
    let path = folder.join(name);
    if bytes.is_empty() {
        return if path.exists() {
            std::fs::remove_file(path)
        } else {
            Ok(())
        };
    }
    Ok(write_whole(&path, bytes)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_survive_the_disk_and_yield_to_the_command_line() {
        let folder = tempfile::tempdir().unwrap();
        let choices = Overrides {
            exclude: ["Jazz/a, b.mp3".into()].into(),
            genre_names: [("Hip Hop, Rap".into(), "Rap".into()), ("Noise".into(), String::new())].into(),
        };
        choices.write(folder.path()).unwrap();
        assert_eq!(Overrides::read(folder.path()), choices);
        assert_eq!(
            Overrides::read(&folder.path().join("manifest.csv")),
            choices,
            "a table stands for its folder"
        );
        let mut all = ImportOptions {
            genre_names: [("Noise".into(), "Drone".into())].into(),
            ..ImportOptions::default()
        };
        choices.add_to(&mut all, folder.path());
        assert_eq!(
            (
                all.genre_names["Noise"].as_str(),
                all.genre_names["Hip Hop, Rap"].as_str()
            ),
            ("Drone", "Rap")
        );
        Overrides::default().write(folder.path()).unwrap();
        assert_eq!(Overrides::read(folder.path()), Overrides::default());
        assert_eq!(
            std::fs::read_dir(folder.path()).unwrap().count(),
            0,
            "no empty lists lie about"
        );
    }
}
