//! One `.songspace` file and the immutable [`Snapshot`] it holds: weights, latents, labels, map.

mod container;
mod file;
mod snapshot;
mod tables;

pub use container::{Entry, container_bytes};
pub use file::{BundleError, FORMAT_VERSION, WeightPrecision};
pub use snapshot::{Chunk, Clip, CodecWeights, LatentTable, Layout, LayoutKind, Snapshot, SpaceMeta};
