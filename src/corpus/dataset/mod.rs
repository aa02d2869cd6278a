//! The shapes in which collections of music come, each read into [`Draft`]s. Any thread; one file per shape.
//!
//! A layout only says where the files are and what tables and folder names say about them. Headers, tags, hashes
//! and the settling of genre names are the import's business and the same for all.

mod deam;
mod draft;
mod encoding;
mod fma;
mod folders;
mod format;
mod gtzan;
mod gtzan_repeats;
mod label_files;
mod levels;
mod locate;
mod manifest;
mod scale;
mod table;

pub(super) use draft::{Draft, GenreTrust};
pub use format::DatasetFormat;
