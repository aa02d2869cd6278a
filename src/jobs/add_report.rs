//! What adding clips to a space found and did, for the terminal, the window's banner and JSON. Plain values.

use crate::corpus::Problem;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::{Display, Formatter, Result};

/// Files of the source and of the space, by what happened to them.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct AddReport {
    /// Clips that are new on the map.
    pub added: Vec<String>,
    /// Points they brought.
    pub points: usize,
    /// Files the space knows, as they were.
    pub unchanged: usize,
    /// Other bytes under a known path: the space keeps what it learned from the old ones.
    pub changed: Vec<String>,
    /// (from, to): the space follows them.
    pub moved: Vec<(String, String)>,
    /// Known files of this source that are gone: their points stay and play, their recordings cannot be heard.
    pub removed: Vec<String>,
    /// Genres the space has no fader for, with the number of clips: those count as unknown there.
    pub unknown_genres: BTreeMap<String, usize>,
    /// Files that were skipped or used in part.
    pub problems: Vec<Problem>,
}

impl AddReport {
    /// Whether the space is another one than before.
    pub fn changes_the_space(&self) -> bool {
        !self.added.is_empty() || !self.moved.is_empty()
    }

    /// Everything in one line.
    pub fn sentence(&self) -> String {
        let mut parts = vec![match self.added.len() {
            0 => "No clip is new".to_owned(),
            1 => format!("1 clip was added with {} points", self.points),
            n => format!("{n} clips were added with {} points", self.points),
        }];
        let skipped = self
            .problems
            .iter()
            .filter(|problem| !problem.kind.keeps_the_clip())
            .count();
        let counts = [
            (self.changed.len(), "changed on disk (train again to learn them)"),
            (self.moved.len(), "moved"),
            (self.removed.len(), "gone from disk"),
            (skipped, "skipped"),
        ];
        parts.extend(
            counts
                .iter()
                .filter(|(count, _)| *count > 0)
                .map(|(count, what)| format!("{count} {what}")),
        );
        let unknown: Vec<&str> = self.unknown_genres.keys().map(String::as_str).collect();
        if !unknown.is_empty() {
            parts.push(format!("the space has no genre {}", unknown.join(", ")));
        }
        format!("{}.", parts.join("; "))
    }
}

impl Display for AddReport {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        writeln!(f, "{}", self.sentence())?;
        let lists = [
            ("added", &self.added),
            ("changed", &self.changed),
            ("removed", &self.removed),
        ];
        for (title, paths) in lists {
            paths.iter().try_for_each(|path| writeln!(f, "  {title:<8} {path}"))?;
        }
        self.moved
            .iter()
            .try_for_each(|(from, to)| writeln!(f, "  moved    {from} -> {to}"))?;
        self.problems
            .iter()
            .try_for_each(|problem| writeln!(f, "  problem  {problem}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_sentence_names_everything_that_happened_and_nothing_else() {
        let quiet = AddReport {
            unchanged: 7,
            ..AddReport::default()
        };
        assert_eq!(quiet.sentence(), "No clip is new.");
        assert!(!quiet.changes_the_space());
        let busy = AddReport {
            added: vec!["a".into(), "b".into()],
            points: 9,
            changed: vec!["c".into()],
            removed: vec!["d".into()],
            unknown_genres: [("Polka".to_owned(), 2)].into(),
            ..AddReport::default()
        };
        let text = busy.sentence();
        for part in ["2 clips", "9 points", "1 changed", "1 gone", "Polka"] {
            assert!(text.contains(part), "{part} is missing in {text}");
        }
        assert!(!text.contains("moved") && busy.changes_the_space());
        assert_eq!(busy.to_string().lines().count(), 5);
    }
}
