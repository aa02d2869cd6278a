//! How an import speaks to whoever waits for it: called from worker threads, so it must be `Sync` and quick.

use super::Problem;

/// The long parts of an import, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportStage {
    /// Listing files; the total is not known yet (0).
    Scanning,
    /// Reading headers, tags and hashes.
    Reading,
    /// Decoding and analysing.
    Decoding,
}

/// Listens to an import and may end it.
pub trait Progress: Sync {
    /// `done` of `total` files of `stage` are finished.
    fn advanced(&self, stage: ImportStage, done: u64, total: u64);

    /// A file was skipped or used in part.
    fn found(&self, _problem: &Problem) {}

    /// Whether the import should end now; polled once per file.
    fn is_cancelled(&self) -> bool {
        false
    }
}

/// Nobody listens.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {
    fn advanced(&self, _stage: ImportStage, _done: u64, _total: u64) {}
}
