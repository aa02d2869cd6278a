//! One `.songspace` file and the immutable [`Snapshot`] it holds: weights, latents, labels, map.

mod container;
mod error;
mod file;
mod intact;
mod latents;
mod snapshot;
mod tables;

pub use container::{Entry, container_bytes};
pub use error::{BundleError, FORMAT_VERSION};
pub use file::WeightPrecision;
pub use latents::LatentTable;
pub use snapshot::{Chunk, Clip, CodecWeights, Layout, LayoutKind, Snapshot, SpaceMeta};
