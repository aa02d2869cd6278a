//! The recordings behind a space's chunks: where they lie, whether they are still the ones that were learned from, and their
//! stretches, left and right, as loud as the space holds them.
//!
//! A file is always decoded from its very beginning, so that a stretch holds the same samples whoever asks for it: encoders'
//! delays, resamplers and the noise of some codecs depend on what came before. No recording is ever whole in memory.

mod any_order;
mod clip;
mod cut;
mod find;
mod grooves;
mod original;
mod places;
mod reader;
mod row;
mod shelf;
mod source;
mod unheard;

pub use any_order::AnyRecordings;
pub use find::find_recordings;
pub use grooves::{lacking_grooves, with_grooves};
pub use original::{Wanted, load_original};
pub use places::count_recordings;
pub use reader::RecordingReader;
pub use row::{Lane, RecordingRow, RowListener};
pub use shelf::RecordingShelf;
pub use source::Folders;
pub use unheard::Unheard;
