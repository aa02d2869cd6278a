//! Why a space cannot be judged.

use crate::codec::encodec::EncodecError;
use crate::decode::DecodeError;
use std::path::PathBuf;

/// What ends an evaluation; a figure that alone cannot be had is null with a reason instead.
#[derive(Debug, thiserror::Error)]
pub enum EvalError {
    #[error("the evaluation needs at least {needed} {what}, and there are {found}")]
    TooLittle {
        what: &'static str,
        needed: usize,
        found: usize,
    },
    #[error("the judge could not be trained: {0}")]
    Probe(String),
    /// The space under test failed to encode or decode.
    #[error("the space failed: {0}")]
    Decode(#[from] DecodeError),
    #[error(transparent)]
    Codec(#[from] EncodecError),
    /// What the space answered cannot be judged.
    #[error("the space failed: {0}")]
    Space(String),
    #[error("none of the {0} recordings of this space could be read from {1}: put them back or relink them")]
    NoRecordings(usize, String),
    #[error("{path}: the judge cannot hear it: {reason}")]
    File { path: PathBuf, reason: String },
    #[error("the evaluation was cancelled")]
    Cancelled,
}
