//! Recordings in whatever order they are asked for: for takes, whose hand went to and fro.

use super::find::Search;
use super::shelf::RecordingShelf;
use super::source::Folders;
use super::unheard::Unheard;
use crate::space::Snapshot;
use crate::sync::StopFlag;
use crate::values::{ChunkId, Recording, RecordingKey};
use std::collections::{HashMap, VecDeque};
use std::path::PathBuf;
use std::sync::Arc;

/// Recordings held, 1 MB each.
const HELD: usize = 256;

/// Reads recordings when they are asked for, with those of the same clip that will be asked for too.
pub struct AnyRecordings<'a> {
    snapshot: &'a Snapshot,
    roots: &'a [PathBuf],
    stop: &'a StopFlag,
    chunk_of: HashMap<RecordingKey, ChunkId>,
    /// What will be asked for, by clip.
    expected: HashMap<Arc<str>, Vec<RecordingKey>>,
    shelf: RecordingShelf,
    folders: Folders,
    /// The newest at the end.
    held: VecDeque<Arc<Recording>>,
    unheard: Vec<(RecordingKey, Unheard)>,
}

impl<'a> AnyRecordings<'a> {
    /// Those of `snapshot`, in the space itself or below `roots`; `expected` will be asked for.
    pub fn new(
        snapshot: &'a Snapshot,
        expected: impl Iterator<Item = RecordingKey>,
        roots: &'a [PathBuf],
        stop: &'a StopFlag,
    ) -> Self {
        let chunks = (0..snapshot.chunks.len() as u32).map(ChunkId);
        let mut by_clip: HashMap<Arc<str>, Vec<RecordingKey>> = HashMap::new();
        for key in expected {
            let of_clip = by_clip.entry(Arc::clone(&key.clip)).or_default();
            if !of_clip.contains(&key) {
                of_clip.push(key);
            }
        }
        Self {
            snapshot,
            roots,
            stop,
            chunk_of: chunks.map(|chunk| (snapshot.recording_key(chunk), chunk)).collect(),
            expected: by_clip,
            shelf: RecordingShelf::default(),
            folders: Folders::default(),
            held: VecDeque::new(),
            unheard: Vec::new(),
        }
    }

    /// The recording of `key`; `None` where it cannot be had.
    pub fn read(&mut self, key: &RecordingKey) -> Option<Arc<Recording>> {
        if let Some(held) = self.held.iter().find(|held| held.key() == key) {
            return Some(Arc::clone(held));
        }
        if self.unheard.iter().any(|(known, _)| known == key) {
            return None;
        }
        let others = self.expected.get(&key.clip).into_iter().flatten();
        let mut keys: Vec<&RecordingKey> = vec![key];
        keys.extend(others.filter(|other| *other != key));
        keys.truncate(HELD / 2);
        let known = keys
            .iter()
            .filter_map(|key| self.chunk_of.get(*key).map(|chunk| (*key, *chunk)));
        let (keys, chunks): (Vec<RecordingKey>, Vec<ChunkId>) = known.map(|(key, chunk)| (key.clone(), chunk)).unzip();
        let search = Search {
            snapshot: self.snapshot,
            roots: self.roots,
            shelf: &self.shelf,
            stop: self.stop,
        };
        let (held, unheard) = (&mut self.held, &mut self.unheard);
        search.each(&chunks, &mut self.folders, &mut |place, outcome| match outcome {
            Ok(recording) => {
                held.retain(|other| other.key() != recording.key());
                if held.len() == HELD {
                    held.pop_front();
                }
                held.push_back(recording);
            }
            Err(why) => unheard.push((keys[place].clone(), why)),
        });
        self.held.iter().find(|held| held.key() == key).cloned()
    }

    /// Why the first of those that could not be had cannot be heard.
    pub fn unheard(&self) -> Option<&Unheard> {
        self.unheard
            .iter()
            .map(|(_, why)| why)
            .find(|why| **why != Unheard::Stopped)
    }
}
