//! Where a click is: the map's inverse for one layout, with the exact remainder where the layout is linear.

use super::formula::Formula;
use crate::atlas::{Content, Located, MapInverse, PlaneInverse};
use crate::space::{LayoutKind, Snapshot};
use crate::values::{ChunkId, MapPoint};
use std::sync::Arc;

/// Answers for one layout of one snapshot. Made in milliseconds, asked in microseconds.
pub(super) struct MapIndex {
    asked_kind: LayoutKind,
    snapshot: Arc<Snapshot>,
    neighbours: MapInverse,
    /// Only PCA is linear.
    plane: Option<PlaneInverse>,
}

impl MapIndex {
    /// Indexes the layout of `kind` (or the first there is); `None` when there is nothing to find.
    pub fn new(snapshot: Arc<Snapshot>, kind: LayoutKind, formula: Formula) -> Option<Self> {
        let neighbours = MapInverse::new(Arc::clone(&snapshot), kind)?;
        let is_linear = snapshot
            .layout(kind)
            .is_some_and(|layout| layout.kind == LayoutKind::Pca);
        let plane = (is_linear && formula.settles_on_the_plane())
            .then(|| PlaneInverse::new(&snapshot, LayoutKind::Pca))
            .flatten();
        Some(Self {
            asked_kind: kind,
            snapshot,
            neighbours,
            plane,
        })
    }

    /// The layout it was made for.
    pub fn asked_kind(&self) -> LayoutKind {
        self.asked_kind
    }

    /// The latent at `at`, and whether it lies exactly there; `None` for a point that is not finite.
    pub fn locate(&self, at: MapPoint, content: Content) -> Option<(Located, bool)> {
        self.locate_among(at, content, |_| true)
    }

    /// The same as if there were only the chunks that `keep` lets pass.
    pub fn locate_among(
        &self,
        at: MapPoint,
        content: Content,
        keep: impl Fn(ChunkId) -> bool,
    ) -> Option<(Located, bool)> {
        let mut located = self.neighbours.locate_among(at, content, keep)?;
        let plane = self.plane.as_ref().zip(self.snapshot.layout(LayoutKind::Pca));
        if let Some((plane, layout)) = plane {
            plane.settle(&mut located, at, layout);
        }
        Some((located, plane.is_some()))
    }
}
