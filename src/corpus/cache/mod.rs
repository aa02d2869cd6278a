//! Analysed frames on disk: decoded once, read by position for ever after.
//!
//! A cache folder holds `frames/<codec key>/<hh>/<content hash>.frames` (8 bits a value, `[frames x bands]`) and
//! `measurements/<hh>/<content hash>.json` (what was measured while decoding). Where a corpus needs more than the budget, a share
//! of its clips, drawn by their content, keeps its frames; of the others it is known how many there are, and they are made again
//! from the files when they are wanted. Keys are content and settings, so a moved or
//! renamed file is a hit and an edited one is not. Entries appear by rename, whole or not at all; nothing is mapped,
//! and memory is bounded by the clips in work. Safe to share between threads and between processes.

mod analyser;
mod entry;
mod estimate;
mod evict;
mod fill;
mod frame_cache;
mod guests;
mod keys;
mod remaking;
mod store;
mod stored_clip;

pub use analyser::Analyser;
pub use estimate::CacheEstimate;
pub use fill::{Filled, Measured};
pub use frame_cache::FrameCache;
pub use keys::FillOptions;
pub use store::FrameStore;
