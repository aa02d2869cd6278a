//! Pieces of recordings in memory, those used last; and what was found out about files, so that it is found out once.
//!
//! Shared between threads. Nothing is read from the disk while it is locked.

use crate::files::Stamp;
use crate::values::{Recording, RecordingKey};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Bytes of pieces that are kept.
const DEFAULT_BYTES: usize = 200_000_000;

/// A bounded cache of pieces, and a memory of files.
#[derive(Debug)]
pub struct RecordingShelf {
    most_bytes: usize,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    pieces: HashMap<PieceKey, Piece>,
    bytes: usize,
    /// Rises with every use.
    clock: u64,
    /// Content hashes of files that looked so.
    hashes: HashMap<PathBuf, (Stamp, String)>,
    /// Gains in dB of clips by content hash and the rate at which they were measured.
    gains: HashMap<(String, u32), f32>,
}

/// The same stretch is another piece at another loudness.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct PieceKey(RecordingKey, u32);

#[derive(Debug)]
struct Piece {
    samples: Arc<Recording>,
    used: u64,
}

impl Default for RecordingShelf {
    /// Keeps 200 MB.
    fn default() -> Self {
        Self::new(DEFAULT_BYTES)
    }
}

impl RecordingShelf {
    /// Keeps at most `most_bytes` of pieces.
    pub fn new(most_bytes: usize) -> Self {
        Self {
            most_bytes,
            kept: Mutex::default(),
        }
    }

    /// Bytes of pieces that it keeps at most.
    pub fn most_bytes(&self) -> usize {
        self.most_bytes
    }

    /// Bytes of the pieces that it keeps.
    pub fn bytes(&self) -> usize {
        self.lock().bytes
    }

    /// The piece of `key` at `gain_db`, if it is there; it then counts as used.
    pub(super) fn get(&self, key: &RecordingKey, gain_db: f32) -> Option<Arc<Recording>> {
        let mut kept = self.lock();
        kept.clock += 1;
        let now = kept.clock;
        let piece = kept.pieces.get_mut(&PieceKey(key.clone(), gain_db.to_bits()))?;
        piece.used = now;
        Some(Arc::clone(&piece.samples))
    }

    /// Keeps `piece`, which was made at `gain_db`, and forgets what was not used for the longest time.
    pub(super) fn put(&self, piece: &Arc<Recording>, gain_db: f32) {
        if piece.bytes() > self.most_bytes {
            return;
        }
        let mut kept = self.lock();
        kept.clock += 1;
        let piece = Piece {
            samples: Arc::clone(piece),
            used: kept.clock,
        };
        kept.bytes += piece.samples.bytes();
        let key = PieceKey(piece.samples.key().clone(), gain_db.to_bits());
        let replaced = kept.pieces.insert(key, piece);
        kept.bytes -= replaced.map_or(0, |old| old.samples.bytes());
        while kept.bytes > self.most_bytes {
            let oldest = kept.pieces.iter().min_by_key(|(_, piece)| piece.used);
            let Some(oldest) = oldest.map(|(key, _)| key.clone()) else {
                break;
            };
            let gone = kept.pieces.remove(&oldest);
            kept.bytes -= gone.map_or(0, |old| old.samples.bytes());
        }
    }

    /// The content hash of the file at `path`, which looks like `stamp`, if it is known.
    pub(super) fn hash(&self, path: &Path, stamp: &Stamp) -> Option<String> {
        let kept = self.lock();
        let (known, hash) = kept.hashes.get(path)?;
        (known == stamp).then(|| hash.clone())
    }

    pub(super) fn remember_hash(&self, path: &Path, stamp: Stamp, hash: &str) {
        self.lock().hashes.insert(path.to_owned(), (stamp, hash.to_owned()));
    }

    /// The gain of the clip of this content hash at this rate, if it was measured.
    pub(super) fn gain_db(&self, content_hash: &str, rate_hz: u32) -> Option<f32> {
        self.lock().gains.get(&(content_hash.to_owned(), rate_hz)).copied()
    }

    pub(super) fn remember_gain(&self, content_hash: &str, rate_hz: u32, gain_db: f32) {
        self.lock().gains.insert((content_hash.to_owned(), rate_hz), gain_db);
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        // Its counts are right between any two of the statements above, so a panicking holder leaves nothing half done.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(start: u64, len: usize) -> Arc<Recording> {
        let key = RecordingKey {
            clip: "a".into(),
            start,
            len,
        };
        Arc::new(Recording::new(key, vec![[0.0; 2]; len + 2 * Recording::MARGIN]).unwrap())
    }

    #[test]
    fn it_keeps_what_was_used_last_within_its_bound() {
        let bytes = piece(0, 1_000).bytes();
        let shelf = RecordingShelf::new(3 * bytes + 1);
        let keys: Vec<RecordingKey> = (0..5).map(|i| piece(i * 1_000, 1_000).key().clone()).collect();
        for (i, key) in keys.iter().enumerate() {
            shelf.put(&piece(key.start, 1_000), 0.0);
            assert!(shelf.bytes() <= shelf.most_bytes());
            // The first is used again and again.
            assert!(shelf.get(&keys[0], 0.0).is_some(), "after {i}");
        }
        let there: Vec<bool> = keys.iter().map(|key| shelf.get(key, 0.0).is_some()).collect();
        assert_eq!(there, [true, false, false, true, true]);
        assert_eq!(shelf.get(&keys[4], 1.0), None, "another loudness is another piece");
        shelf.put(&piece(keys[4].start, 1_000), 0.0);
        assert_eq!(shelf.bytes(), 3 * bytes, "a piece that comes again takes no more room");
        shelf.put(&piece(9_000, 100_000), 0.0);
        assert_eq!(shelf.bytes(), 3 * bytes, "what can never fit pushes nothing out");
    }
}
