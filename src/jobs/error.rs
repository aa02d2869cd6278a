//! Why a job ended without a result.

use crate::atlas::AtlasError;
use crate::codec::encodec::EncodecError;
use crate::corpus::CorpusError;
use crate::decode::{DecodeError, ENCODEC_DOWNLOAD};
use crate::files::WriteError;
use crate::render::{AudioFileError, RecipeError};
use crate::train::linear_model::FitError;
use crate::train::{CheckpointError, Contradiction, TrainError};
use std::path::PathBuf;

/// A sentence each, with the path and what to do.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    #[error(transparent)]
    Corpus(CorpusError),
    #[error(transparent)]
    Fit(#[from] FitError),
    #[error(transparent)]
    Train(#[from] TrainError),
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    #[error(transparent)]
    Codec(#[from] EncodecError),
    #[error(transparent)]
    Decode(#[from] DecodeError),
    #[error(transparent)]
    Atlas(AtlasError),
    #[error(transparent)]
    Recipe(#[from] RecipeError),
    #[error(transparent)]
    Sound(#[from] AudioFileError),
    #[error(transparent)]
    Write(#[from] WriteError),
    #[error("the frame cache could not be read: {0}")]
    FrameCache(std::io::Error),
    #[error("{path}: the folder of the training cannot be used: {source}; free some space or choose another one")]
    RunFolder { path: PathBuf, source: std::io::Error },
    #[error("{path}: this training cannot be continued so: {source}")]
    OtherRun { path: PathBuf, source: Contradiction },
    #[error("EnCodec needs its weights: {ENCODEC_DOWNLOAD}")]
    NoCodecWeights,
    #[error("these settings cannot be trained: {0}")]
    Settings(String),
    #[error("the table cannot be made: {0}")]
    Table(#[from] csv::Error),
    #[error("this space has no map yet")]
    NoMap,
    #[error("stopped")]
    Stopped,
}

impl From<AtlasError> for JobError {
    fn from(error: AtlasError) -> Self {
        match error {
            AtlasError::Cancelled => Self::Stopped,
            other => Self::Atlas(other),
        }
    }
}

impl From<CorpusError> for JobError {
    fn from(error: CorpusError) -> Self {
        match error {
            CorpusError::Cancelled => Self::Stopped,
            other => Self::Corpus(other),
        }
    }
}
