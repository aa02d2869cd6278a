//! Audio to frames and back. The model sees only frames; what a frame is stays in here.

mod stats;

pub use stats::{BandStats, StatsFit};
