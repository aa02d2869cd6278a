//! What a person keeps in a space: bookmarked sounds and pinned places. A file without any says nothing of them.

use super::layout_kind::LayoutKind;
use crate::values::{ChunkId, MapPoint};
use serde::{Deserialize, Serialize};

/// Programs that know nothing of it pass over it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Kept {
    /// Oldest first.
    pub bookmarks: Vec<KeptBookmark>,
    /// In the order they were set.
    pub pins: Vec<KeptPin>,
}

/// A sound with a name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeptBookmark {
    /// As its maker called it.
    pub name: String,
    /// The recipe as text, which names the version of the space that it was made with. A text that this program cannot read
    /// may be a newer one's.
    pub recipe: String,
}

/// A place of one layout.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeptPin {
    /// What it is called by; no other pin has it.
    pub number: u32,
    /// The layout that `point` is on.
    pub layout: LayoutKind,
    /// In that layout's own units.
    pub point: MapPoint,
    /// The chunk nearest to it: where it lies on other layouts.
    pub chunk: ChunkId,
}

impl KeptPin {
    /// What it is called.
    pub fn name(&self) -> String {
        format!("Pin {}", self.number)
    }
}

impl Kept {
    /// Whether nothing is kept.
    pub fn is_empty(&self) -> bool {
        self.bookmarks.is_empty() && self.pins.is_empty()
    }

    /// Without pins that lie nowhere in a space of `chunks` chunks.
    pub(super) fn within(mut self, chunks: usize) -> Self {
        let is_somewhere =
            |pin: &KeptPin| pin.point.x.is_finite() && pin.point.y.is_finite() && (pin.chunk.0 as usize) < chunks;
        self.pins.retain(is_somewhere);
        self
    }
}
