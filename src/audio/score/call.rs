//! Not real-time: what was left for the synth while a take was scored, by the numbers of the calls that left it.

use crate::values::{Course, DecodeOrder, DecodedChunk, RecordingKey};
use std::sync::Arc;

/// One chunk of a row, as what it can be made again of.
#[derive(Clone, Debug, PartialEq)]
pub struct SoundedPart {
    /// `None` for a sound that came from elsewhere and cannot be made again.
    pub order: Option<Arc<DecodeOrder>>,
    /// Its place in a row without end.
    pub course: Option<Course>,
    /// Whether it came with what steers its recording: chunks of samples come without at first.
    pub is_steered: bool,
}

impl SoundedPart {
    /// What `chunk` can be made again of.
    pub fn of(chunk: &DecodedChunk) -> Self {
        Self {
            order: chunk.made_of.clone(),
            course: chunk.course,
            is_steered: chunk.steering.is_some(),
        }
    }
}

/// What was there when the score began.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Opening {
    /// Seed of the engine's texture and phases.
    pub seed: u64,
    /// Number of the newest call.
    pub serial: u64,
    /// The request that the row answers.
    pub request: u64,
    /// Hops of its beginning that were let go of.
    pub lead: usize,
    /// The row left last.
    pub row: Vec<SoundedPart>,
    /// The recordings at hand, the newest at the end.
    pub recordings: Vec<RecordingKey>,
    /// Whether recordings are to sound at all.
    pub wants_detail: bool,
    /// Whether notes were to begin at the attack.
    pub wants_attack: bool,
    /// Whether there was an original to compare with.
    pub has_original: bool,
}

/// One call, by its number.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// Calls are counted from the engine's start.
    pub serial: u64,
    /// What it left.
    pub kind: CallKind,
}

/// What a call can leave.
#[derive(Clone, Debug, PartialEq)]
pub enum CallKind {
    /// A row, or more of it.
    Row {
        /// The request that it answers.
        request: u64,
        /// How many parts of the row before it begins with.
        kept: usize,
        /// What comes after those.
        parts: Vec<SoundedPart>,
    },
    /// A recording came.
    Recording(RecordingKey),
    /// Recordings are to sound, or not.
    Detail(bool),
    /// Notes are to begin at the attack, or not.
    Attack(bool),
    /// An original to compare with came, or went.
    Original(bool),
}
