//! A chunk as it was recorded, to steer its recording by.

use crate::space::Snapshot;
use crate::values::{Anchor, ChunkId};

/// `chunk`, which the snapshot must have, as it was recorded.
pub(super) fn anchor(snapshot: &Snapshot, chunk: ChunkId) -> Anchor {
    Anchor {
        recording: snapshot.recording_key(chunk),
        global: snapshot.latents.get(chunk).global,
        labels: snapshot.labels(chunk),
    }
}
