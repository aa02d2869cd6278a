//! Not real-time: the handle's part that hands out a take's score as it comes into being.

use super::call::{Call, Opening};
use super::lane::ScoreShared;
use super::note::Note;
use crossbeam_channel::Receiver;
use std::sync::{Arc, Mutex, PoisonError};

/// What has become of a take since it was last asked.
#[derive(Clone, Debug, Default)]
pub struct ScoreNews {
    /// Calls, in order; each before any note that names it.
    pub calls: Vec<Call>,
    /// Notes, in order.
    pub notes: Vec<Note>,
    /// Notes that were lost because nobody read them for seconds.
    pub lost: u64,
}

/// A score that comes into being.
pub struct ScoreFeed {
    pub(in crate::audio) opening: Opening,
    pub(in crate::audio) calls: Receiver<Call>,
    pub(in crate::audio) notes: Arc<Mutex<rtrb::Consumer<Note>>>,
    pub(in crate::audio) shared: Arc<ScoreShared>,
}

impl ScoreFeed {
    /// What was there when it began.
    pub fn opening(&self) -> &Opening {
        &self.opening
    }

    /// What has come since the last call.
    pub fn read(&self) -> ScoreNews {
        let mut notes = Vec::new();
        {
            // Notes are whole at any moment.
            let mut lane = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
            while let Ok(note) = lane.pop() {
                notes.push(note);
            }
        }
        // After the notes: what they name was left before.
        ScoreNews {
            calls: self.calls.try_iter().collect(),
            notes,
            lost: self.shared.lost(),
        }
    }
}
