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
    #[error("the judge could not be trained: {0}")]
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
    /// How many clips the space has, and the folder they were looked for in.
    #[error("none of the {0} recordings of this space could be read from {1}: put them back or relink them")]
    NoRecordings(usize, String),
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
