//! A folder of made files, and what an import says of it.

use crate::made::{RATE_HZ, Wav, tone};
use songspace::corpus::{Corpus, ImportOptions, ProblemKind, Silent, import};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A folder being filled with files.
pub struct Tree(TempDir);

impl Tree {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn at(&self, to: impl AsRef<Path>) -> PathBuf {
        self.0.path().join(to)
    }

    pub fn write(&self, to: impl AsRef<Path>, bytes: impl AsRef<[u8]>) -> &Self {
        let path = self.at(to);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
        self
    }

    /// A second of music with nothing but a name.
    pub fn music(&self, to: impl AsRef<Path>) -> &Self {
        let wav = Wav::default().of(&tone(1.0, RATE_HZ));
        self.write(to, wav)
    }

    pub fn import(&self) -> Corpus {
        import(self.0.path(), &ImportOptions::default(), &Silent).unwrap()
    }
}

/// Names of the genres of the clip shown as `path`.
pub fn genres_of<'a>(corpus: &'a Corpus, path: &str) -> Vec<&'a str> {
    let clip = corpus.clips.iter().find(|clip| clip.path.display == path);
    let clip = clip.unwrap_or_else(|| panic!("{path} is missing: {:?}", corpus.problems));
    let shares = clip.genre.iter().zip(&corpus.genres).filter(|(share, _)| **share > 0.0);
    shares.map(|(_, name)| name.as_str()).collect()
}

pub fn noted(corpus: &Corpus, text: &str) -> bool {
    corpus.notes.iter().any(|note| note.contains(text))
}

pub fn has_problem(corpus: &Corpus, kind: ProblemKind, text: &str) -> bool {
    let mut problems = corpus.problems.iter();
    problems.any(|problem| problem.kind == kind && problem.to_string().contains(text))
}
