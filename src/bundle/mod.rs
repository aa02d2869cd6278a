//! One `.songspace` file and the immutable [`Snapshot`] it holds: weights, latents, labels, map.

mod file;
mod snapshot;
mod tables;

pub use file::{BundleError, FORMAT_VERSION, WeightPrecision};
pub use snapshot::{Chunk, Clip, LatentTable, Layout, LayoutKind, Snapshot, SpaceMeta};
