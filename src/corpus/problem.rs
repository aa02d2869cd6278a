//! One sentence about one file: what was wrong and what was done. Plain values, any thread.

use super::{DecodeError, paths};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// Something a user should know about one file or one line of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The music file or folder, or the table that a line belongs to.
    #[serde(serialize_with = "paths::serialize")]
    pub path: PathBuf,
    /// For counting; `reason` says it in words.
    pub kind: ProblemKind,
    /// A sentence without the path.
    pub reason: String,
}

/// What kind of trouble it is, for counting and sorting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemKind {
    /// The file or folder could not be opened.
    Unreadable,
    /// Nothing in the file could be decoded.
    Undecodable,
    /// Decoded in part; the part is used.
    Damaged,
    /// A codec or container that no decoder here reads.
    Unsupported,
    /// A table names a file that is not there.
    Missing,
    /// A line of a table could not be understood.
    BadLine,
    /// A label lies outside its scale and was dropped.
    BadLabel,
    /// Shorter than can be used, or silent throughout.
    Unusable,
    /// Longer than the limit; the beginning is used.
    TooLong,
    /// A part of its sound is beyond the decoder; the rest is used.
    PartOnly,
    /// The file's name says another format than its bytes.
    WrongExtension,
    /// Published as a copy of another file of its dataset.
    Repeat,
    /// Left out because the user said so.
    Excluded,
}

impl ProblemKind {
    /// Whether the file is still part of the corpus.
    pub fn keeps_the_clip(self) -> bool {
        matches!(
            self,
            Self::Damaged | Self::PartOnly | Self::BadLabel | Self::TooLong | Self::WrongExtension | Self::Repeat
        )
    }
}

impl From<&DecodeError> for ProblemKind {
    /// How an error that ended the reading of a file is counted.
    fn from(error: &DecodeError) -> Self {
        match error {
            DecodeError::Io(_) => Self::Unreadable,
            DecodeError::Unsupported(_) => Self::Unsupported,
            _ => Self::Undecodable,
        }
    }
}

impl Problem {
    /// A problem with the file at `path`.
    pub fn new(path: &Path, kind: ProblemKind, reason: impl Into<String>) -> Self {
        Self {
            path: path.to_path_buf(),
            kind,
            reason: reason.into(),
        }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", paths::shown(&self.path), self.reason)
    }
}

/// Collects problems with bounded memory: beyond `LISTED` of one kind they are only counted.
#[derive(Debug, Default)]
pub(super) struct ProblemLog {
    problems: Vec<Problem>,
    unlisted: std::collections::BTreeMap<ProblemKind, (usize, PathBuf)>,
    listed: std::collections::BTreeMap<ProblemKind, usize>,
}

impl ProblemLog {
    /// Problems of one kind kept one by one; a table of ten million wrong lines must not fill the memory.
    const LISTED: usize = 200_000;

    pub(super) fn push(&mut self, problem: Problem) {
        let listed = self.listed.entry(problem.kind).or_default();
        if *listed < Self::LISTED {
            *listed += 1;
            self.problems.push(problem);
        } else {
            self.unlisted.entry(problem.kind).or_insert((0, problem.path)).0 += 1;
        }
    }

    /// All listed problems, then one line for what was only counted.
    pub(super) fn finish(mut self) -> Vec<Problem> {
        for (kind, (count, path)) in self.unlisted {
            let reason = format!("and {count} more problems of the same kind");
            self.problems.push(Problem::new(&path, kind, reason));
        }
        self.problems
    }
}
