//! All the recordings of some chunks, one after the other: for rendering, for A/B and for reading ahead.

use super::clip::{ClipPass, known_gain_db};
use super::cut::{Admit, Audience};
use super::shelf::RecordingShelf;
use super::source::Folders;
use super::unheard::Unheard;
use crate::space::Snapshot;
use crate::sync::StopFlag;
use crate::values::{ChunkId, Recording, RecordingKey};
use std::path::PathBuf;
use std::sync::Arc;

/// What recordings are wanted of, and where they may lie.
#[derive(Clone, Copy)]
pub(super) struct Search<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) roots: &'a [PathBuf],
    pub(super) shelf: &'a RecordingShelf,
    pub(super) stop: &'a StopFlag,
}

/// The recordings of `chunks`, each with why it cannot be heard where it cannot. They are looked for in the space itself, then
/// below `roots`; each file is read once, clip after clip in the order in which `chunks` names them.
pub fn find_recordings(
    snapshot: &Snapshot,
    chunks: &[ChunkId],
    roots: &[PathBuf],
    shelf: &RecordingShelf,
    stop: &StopFlag,
) -> Vec<Result<Arc<Recording>, Unheard>> {
    let search = Search {
        snapshot,
        roots,
        shelf,
        stop,
    };
    let mut found: Vec<Result<Arc<Recording>, Unheard>> = vec![Err(Unheard::Stopped); chunks.len()];
    search.each(chunks, &mut Folders::default(), &mut |place, outcome| {
        found[place] = outcome;
    });
    found
}

impl Search<'_> {
    /// Hands the recording of each of `chunks` to `take`, with its place among them, in the order in which they are read. What
    /// nobody waits for any more is left out.
    pub(super) fn each(
        &self,
        chunks: &[ChunkId],
        folders: &mut Folders,
        take: &mut dyn FnMut(usize, Result<Arc<Recording>, Unheard>),
    ) {
        let mut missing: Vec<(usize, u32, RecordingKey)> = Vec::new();
        for (place, chunk) in chunks.iter().enumerate() {
            let Some(row) = self.snapshot.chunks.get(chunk.0 as usize) else {
                take(place, Err(Unheard::no_clip()));
                continue;
            };
            let key = self.snapshot.recording_key(*chunk);
            let gain_db = known_gain_db(self.snapshot, row.clip.0, self.shelf);
            match gain_db.and_then(|gain_db| self.shelf.get(&key, gain_db)) {
                Some(piece) => take(place, Ok(piece)),
                None => missing.push((place, row.clip.0, key)),
            }
        }
        while let Some(clip) = missing.first().map(|(_, clip, _)| *clip)
            && !self.stop.is_stopped()
        {
            let of_clip: Vec<(usize, RecordingKey)> = missing
                .extract_if(.., |(_, other, _)| *other == clip)
                .map(|(place, _, key)| (place, key))
                .collect();
            self.clip(clip, of_clip, folders, take);
        }
    }

    fn clip(
        &self,
        clip: u32,
        wanted: Vec<(usize, RecordingKey)>,
        folders: &mut Folders,
        take: &mut dyn FnMut(usize, Result<Arc<Recording>, Unheard>),
    ) {
        let keys = wanted.iter().map(|(_, key)| key.clone()).collect();
        let mut everyone = Everyone { wanted, take };
        let pass = ClipPass {
            snapshot: self.snapshot,
            clip,
            roots: self.roots,
            shelf: self.shelf,
            stop: self.stop,
        };
        match pass.read(folders, keys, &mut everyone) {
            Ok(()) | Err(Unheard::Stopped) => {}
            Err(unheard) => {
                for (place, _) in everyone.wanted {
                    (everyone.take)(place, Err(unheard.clone()));
                }
            }
        }
    }
}

/// Takes every stretch of a clip for the places that it is wanted at.
struct Everyone<'a> {
    wanted: Vec<(usize, RecordingKey)>,
    take: &'a mut dyn FnMut(usize, Result<Arc<Recording>, Unheard>),
}

impl Everyone<'_> {
    fn answer(&mut self, key: &RecordingKey, outcome: &Result<Arc<Recording>, Unheard>) {
        for (place, _) in self.wanted.extract_if(.., |(_, other)| other == key) {
            (self.take)(place, outcome.clone());
        }
    }
}

impl Audience for Everyone<'_> {
    fn admit(&mut self, _: &RecordingKey, _: bool) -> Admit {
        Admit::Take
    }

    fn deliver(&mut self, piece: Arc<Recording>) {
        let key = piece.key().clone();
        self.answer(&key, &Ok(piece));
    }

    fn lacks(&mut self, key: &RecordingKey) {
        self.answer(key, &Err(Unheard::too_short()));
    }
}
