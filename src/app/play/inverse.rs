//! Where a click is: the map's inverse for the layout on screen, with the exact remainder where the layout is linear.

use crate::atlas::{Content, Located, MapInverse, PlaneInverse};
use crate::space::{LayoutKind, Snapshot};
use crate::values::MapPoint;
use std::sync::Arc;

/// Answers for one layout of one snapshot. Made on the UI thread in milliseconds, asked in microseconds.
pub struct Inverse {
    kind: LayoutKind,
    snapshot: Arc<Snapshot>,
    neighbours: MapInverse,
    /// Only PCA is linear.
    plane: Option<PlaneInverse>,
}

impl Inverse {
    /// Indexes the layout of `kind`; `None` when there is nothing to find.
    pub fn new(snapshot: Arc<Snapshot>, kind: LayoutKind) -> Option<Self> {
        let neighbours = MapInverse::new(Arc::clone(&snapshot), kind)?;
        let plane = (kind == LayoutKind::Pca)
            .then(|| PlaneInverse::new(&snapshot, kind))
            .flatten();
        Some(Self {
            kind,
            snapshot,
            neighbours,
            plane,
        })
    }

    /// The layout it answers for.
    pub fn kind(&self) -> LayoutKind {
        self.kind
    }

    /// The latent at `at`, and whether it lies exactly there.
    pub fn locate(&self, at: MapPoint, content: Content) -> Option<(Located, bool)> {
        let mut located = self.neighbours.locate(at, content)?;
        let plane = self.plane.as_ref().zip(self.snapshot.layout(self.kind));
        if let Some((plane, layout)) = plane {
            plane.settle(&mut located, at, layout);
        }
        Some((located, plane.is_some()))
    }
}
