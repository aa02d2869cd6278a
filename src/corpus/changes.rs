//! What is different since a space was made: new, changed, moved and removed files. Pure; any thread.
//!
//! A file is known by its shown path and its content. The same content under another path has moved and keeps its
//! points; other content under the same path has changed.

use super::Corpus;
use std::collections::{HashMap, HashSet};

/// A file as a space remembers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownFile {
    /// Relative to the corpus root, forward slashes.
    pub path: String,
    /// Hex BLAKE3 of its bytes.
    pub content_hash: String,
}

/// Indices into the known files and into the clips of the corpus they were compared with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Clips that the space does not have.
    pub new: Vec<usize>,
    /// (known, clip): other bytes under the old path.
    pub changed: Vec<(usize, usize)>,
    /// (known, clip): the old bytes under another path.
    pub moved: Vec<(usize, usize)>,
    /// Known files that are gone.
    pub removed: Vec<usize>,
    /// (known, clip): nothing happened.
    pub unchanged: Vec<(usize, usize)>,
}

impl Changes {
    /// Compares what a space knows with what an import found.
    pub fn between(known: &[KnownFile], corpus: &Corpus) -> Self {
        let by_path: HashMap<&str, usize> = corpus
            .clips
            .iter()
            .enumerate()
            .map(|(clip, file)| (file.path.display.as_str(), clip))
            .collect();
        let mut changes = Self::default();
        let mut taken = HashSet::new();
        let mut homeless = Vec::new();
        // Paths first: a file that lies where it lay is never taken for a moved one.
        for (index, file) in known.iter().enumerate() {
            match by_path.get(file.path.as_str()) {
                Some(clip) if corpus.clips[*clip].content_hash == file.content_hash => {
                    taken.insert(*clip);
                    changes.unchanged.push((index, *clip));
                }
                _ => homeless.push(index),
            }
        }
        let mut by_content: HashMap<&str, Vec<usize>> = HashMap::new();
        for clip in (0..corpus.clips.len()).rev().filter(|clip| !taken.contains(clip)) {
            by_content
                .entry(corpus.clips[clip].content_hash.as_str())
                .or_default()
                .push(clip);
        }
        homeless.retain(|index| {
            let clip = by_content
                .get_mut(known[*index].content_hash.as_str())
                .and_then(Vec::pop);
            if let Some(clip) = clip {
                taken.insert(clip);
                changes.moved.push((*index, clip));
            }
            clip.is_none()
        });
        for index in homeless {
            match by_path.get(known[index].path.as_str()) {
                Some(clip) if taken.insert(*clip) => changes.changed.push((index, *clip)),
                _ => changes.removed.push(index),
            }
        }
        changes.new = (0..corpus.clips.len()).filter(|clip| !taken.contains(clip)).collect();
        changes
    }

    /// Whether the space still fits the folder.
    pub fn is_empty(&self) -> bool {
        self.new.is_empty() && self.changed.is_empty() && self.moved.is_empty() && self.removed.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::super::clip::tests::corpus_of;
    use super::*;
    use proptest::prelude::*;

    fn known_of(corpus: &Corpus) -> Vec<KnownFile> {
        let known = |clip: &super::super::CorpusClip| KnownFile {
            path: clip.path.display.clone(),
            content_hash: clip.content_hash.clone(),
        };
        corpus.clips.iter().map(known).collect()
    }

    #[test]
    fn every_kind_of_change_is_told_apart() {
        let mut corpus = corpus_of(1, &[(0, 0), (0, 1), (0, 2), (0, 3), (0, 4)]);
        let known = known_of(&corpus);
        corpus.clips[1].content_hash = "edited".into();
        corpus.clips[2].path.display = "elsewhere/2.wav".into();
        corpus.clips[3].path.display = "new.wav".into();
        corpus.clips[3].content_hash = "new".into();
        let changes = Changes::between(&known, &corpus);
        assert_eq!(changes.unchanged, [(0, 0), (4, 4)]);
        assert_eq!(changes.changed, [(1, 1)]);
        assert_eq!(changes.moved, [(2, 2)]);
        assert_eq!(changes.removed, [3]);
        assert_eq!(changes.new, [3]);
    }

    #[test]
    fn two_files_that_swapped_names_have_moved() {
        let mut corpus = corpus_of(1, &[(0, 0), (0, 1)]);
        let known = known_of(&corpus);
        corpus.clips.swap(0, 1);
        let names = [known[0].path.clone(), known[1].path.clone()];
        corpus
            .clips
            .iter_mut()
            .zip(names)
            .for_each(|(clip, name)| clip.path.display = name);
        let changes = Changes::between(&known, &corpus);
        assert_eq!(changes.moved, [(0, 1), (1, 0)]);
        assert!(changes.new.is_empty() && changes.removed.is_empty());
    }

    proptest! {
        #[test]
        fn every_file_is_accounted_for_once(now in prop::collection::vec((0u8..6, 0u8..6), 0..8), then in prop::collection::vec((0u8..6, 0u8..6), 0..8)) {
            let mut corpus = corpus_of(1, &vec![(0, 0); now.len()]);
            for ((clip, (path, content)), index) in corpus.clips.iter_mut().zip(&now).zip(0..) {
                // Paths are unique in a folder; contents need not be.
                clip.path.display = if now[..index].iter().any(|(p, _)| p == path) { format!("x{index}") } else { path.to_string() };
                clip.content_hash = content.to_string();
            }
            let known: Vec<KnownFile> = then.iter().map(|(path, content)| KnownFile { path: path.to_string(), content_hash: content.to_string() }).collect();
            let changes = Changes::between(&known, &corpus);
            let mut clips: Vec<usize> = [&changes.changed, &changes.moved].into_iter().flatten().map(|(_, clip)| *clip).chain(changes.new.clone()).collect();
            let mut old: Vec<usize> = [&changes.changed, &changes.moved].into_iter().flatten().map(|(index, _)| *index).chain(changes.removed.clone()).collect();
            let mut same: Vec<usize> = changes.unchanged.iter().map(|(_, clip)| *clip).collect();
            old.extend(changes.unchanged.iter().map(|(index, _)| *index));
            same.sort_unstable();
            same.dedup();
            clips.extend(same);
            clips.sort_unstable();
            old.sort_unstable();
            prop_assert_eq!(clips, (0..corpus.clips.len()).collect::<Vec<_>>());
            prop_assert_eq!(old, (0..known.len()).collect::<Vec<_>>());
        }
    }
}
