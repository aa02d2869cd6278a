//! One `.songspace` file and the immutable [`Snapshot`] it holds: weights, latents, labels, map.

mod snapshot;

pub use snapshot::{Chunk, Clip, LatentTable, Layout, LayoutKind, Snapshot, SpaceMeta};
