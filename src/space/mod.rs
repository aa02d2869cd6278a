//! One `.songspace` file and the immutable [`Snapshot`] it holds: weights, latents, labels, map.

mod container;
mod error;
mod file;
mod intact;
mod kept;
mod latents;
mod layout_kind;
mod local_values;
mod paged;
mod reading;
mod snapshot;
mod tables;

pub use container::{Entry, container_bytes};
pub use error::{BundleError, FORMAT_VERSION};
pub use file::WeightPrecision;
pub use kept::{Kept, KeptBookmark, KeptPin};
pub use latents::LatentTable;
pub use layout_kind::LayoutKind;
pub use snapshot::{Chunk, Clip, CodecWeights, Layout, Snapshot, SpaceMeta};
