//! Audio to frames and back. The model sees only frames; what a frame is stays in here.

mod analysing;
pub mod encodec;
pub mod spectral;
mod stats;

pub use spectral::SpectralCodec;
pub use stats::{BandStats, StatsFit, StdFloor};
