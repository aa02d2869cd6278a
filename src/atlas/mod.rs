//! Latents to two dimensions and back: the map, its quality, and what a point of it stands for.
//!
//! The only room that imports crates for clustering and t-SNE. Pure computation on host values: no device, no thread of its
//! own; the long jobs block their caller, report progress and obey a stop flag.

mod canvas;
mod category;
mod cluster;
mod codec_plots;
mod distance;
mod error;
mod features;
mod grid;
mod inverse;
mod layouts;
mod neighbours;
mod pca;
mod picture;
mod place;
mod plane;
pub mod procrustes;
pub mod quality;
#[cfg(test)]
mod samples;
mod spread;
mod tsne;

pub use canvas::Picture;
pub use category::{Mark, category_mark, category_rgb, unknown_grey};
pub use cluster::{Agreement, agreement, clusters};
pub use codec_plots::{CodecClip, CodecCorpus, Excerpt, codec_pictures};
pub use error::AtlasError;
pub use features::{FeatureWeights, Features};
pub use grid::{Neighbour, PointGrid};
pub use inverse::{Content, Located, MapInverse};
pub use layouts::{AtlasMaps, MapEvent, compute_layouts, pca_layout};
pub use neighbours::{EXACT_ROWS, Neighbours, nearest_rows};
pub use pca::Pca;
pub use picture::{PictureOptions, write_png};
pub use place::place;
pub use plane::PlaneInverse;
pub use procrustes::Similarity;
pub use spread::spread_over_labels;
pub use tsne::{SMALL_MAP, TsneEngine, TsneOptions, TsneProgress, TsneStep, tsne};
