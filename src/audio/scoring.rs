//! Not real-time: the handle's part that has a take scored.

use super::AudioEngine;
use super::monitor::lock;
use super::score::ScoreFeed;
use crossbeam_channel::unbounded;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Takes are numbered, so that one that follows at once is another one.
static TAKES: AtomicU64 = AtomicU64::new(1);

impl AudioEngine {
    /// Has everything scored that decides what is heard, from the next block on until [`end_score`](Self::end_score). A score
    /// that is still written ends. What sounds goes over to voices without a past within .4 s.
    pub fn begin_score(&self) -> ScoreFeed {
        let (calls_tx, calls) = unbounded();
        let mut sender = lock(&self.inner.source_sender);
        let opening = sender.open_score(self.inner.seed, calls_tx);
        {
            // What nobody has read of an earlier score.
            let mut notes = lock(&self.inner.notes);
            while notes.pop().is_ok() {}
        }
        self.inner.score.want(TAKES.fetch_add(1, Relaxed));
        ScoreFeed {
            opening,
            calls,
            notes: Arc::clone(&self.inner.notes),
            shared: Arc::clone(&self.inner.score),
        }
    }

    /// Ends the score with the next block, after which nothing more comes.
    pub fn end_score(&self) {
        self.inner.score.want(0);
        lock(&self.inner.source_sender).close_score();
    }

    /// Samples, at the engine's rate, of the take that is scored.
    pub fn score_clock(&self) -> u64 {
        self.inner.score.clock()
    }
}
