//! Which chunks are on the map where some are hidden: the others neither sound nor are found.

use crate::values::ChunkId;
use std::sync::Arc;

/// A choice among the chunks of one space.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// [`SpaceView::version`](super::SpaceView::version) of the space that it was made for.
    pub space: u64,
    chunks: Arc<[bool]>,
}

impl Shown {
    /// Shows the chunks that are true, one for every chunk of the space; `None` where that is all of them.
    pub fn new(space: u64, chunks: Arc<[bool]>) -> Option<Self> {
        chunks.contains(&false).then_some(Self { space, chunks })
    }

    /// Whether `chunk` is on the map.
    pub fn has(&self, chunk: ChunkId) -> bool {
        self.chunks.get(chunk.0 as usize).copied().unwrap_or(false)
    }
}

/// Whether `chunk` is on the map where `shown` says which are; all are where nothing does.
pub fn is_shown(shown: Option<&Shown>, chunk: ChunkId) -> bool {
    shown.is_none_or(|shown| shown.has(chunk))
}
