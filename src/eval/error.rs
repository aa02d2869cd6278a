//! Why a space cannot be judged.

use crate::codec::encodec::EncodecError;
use crate::decode::DecodeError;
use std::path::PathBuf;

/// What ends an evaluation; a figure that alone cannot be had is null with a reason instead.
#[derive(Debug, thiserror::Error)]
pub enum EvalError {
    /// Not enough readable audio to train the judge.
    #[error("the evaluation needs at least {needed} {what}, and there are {found}")]
    TooLittle {
        /// What is in short supply, in the plural.
        what: &'static str,
        /// The least that is accepted.
        needed: usize,
        /// How many there were.
        found: usize,
    },
    /// The linear algebra of its kernel regression failed, with the solver's message.
    #[error("the judge could not be trained on these recordings (details: {0})")]
    Probe(String),
    /// The space under test failed to encode or decode.
    #[error("the space failed: {0}")]
    Decode(#[from] DecodeError),
    /// The EnCodec checkpoint behind the space cannot be used.
    #[error(transparent)]
    Codec(#[from] EncodecError),
    /// What the space answered cannot be judged.
    #[error("the space failed: {0}")]
    Space(String),
    /// Not one recording that a space is judged by can be read.
    #[error(
        "none of the {judged} recordings that this space is judged by is in the space or in {root} ({missing} of {wanted} wanted \
         ones are missing): put them back, or name their folder with --corpus"
    )]
    NoRecordings {
        /// Recordings to be judged by.
        judged: usize,
        /// Recordings that could not be read, of all.
        missing: usize,
        /// Recordings that were wanted: those to learn from, and those to be judged by.
        wanted: usize,
        /// The folder they were looked for in.
        root: String,
    },
    /// An audio file to be read by the judge cannot be decoded or is too short.
    #[error("{path}: the judge cannot hear it: {reason}")]
    File {
        /// The audio file.
        path: PathBuf,
        /// The decoder's message, or how long it would have to be.
        reason: String,
    },
    /// The caller's stop flag was set before the end.
    #[error("the evaluation was cancelled")]
    Cancelled,
}
