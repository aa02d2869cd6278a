//! Why a job ended without a result.

use crate::atlas::AtlasError;
use crate::codec::encodec::EncodecError;
use crate::corpus::CorpusError;
use crate::decode::{DecodeError, ENCODEC_DOWNLOAD};
use crate::files::{WriteError, in_words};
use crate::render::{AudioFileError, RecipeError, TakeError};
use crate::train::linear_model::FitError;
use crate::train::{CheckpointError, Contradiction, TrainError};
use std::path::PathBuf;

/// A sentence each, with the path and what to do.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// The music could not be imported.
    #[error(transparent)]
    Corpus(CorpusError),
    /// The linear model, which comes before any training, could not be fitted. Stopping is [`Self::Stopped`] instead.
    #[error(transparent)]
    Fit(FitError),
    /// The training stopped by itself.
    #[error(transparent)]
    Train(#[from] TrainError),
    /// It could not be written, read or continued.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// EnCodec could not be loaded or used.
    #[error(transparent)]
    Codec(#[from] EncodecError),
    /// The space could not be decoded, or has no voice.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// A map or a picture could not be made. Cancelling is [`Self::Stopped`] instead.
    #[error(transparent)]
    Atlas(AtlasError),
    /// It could not be read or rendered.
    #[error(transparent)]
    Recipe(RecipeError),
    /// The take could not be read or rendered.
    #[error(transparent)]
    Take(TakeError),
    /// The audio file could not be written.
    #[error(transparent)]
    Sound(AudioFileError),
    /// Another file could not be written; what was there before is unchanged.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// Reading prepared frames back from the disk failed.
    #[error("the frame cache could not be read: {}; start again, and what is missing is made anew", in_words(.0))]
    FrameCache(std::io::Error),
    /// The run's files could not be created, read or changed.
    #[error(
        "{path}: the folder of the training cannot be used: {}; free some space or choose another one",
        in_words(source)
    )]
    RunFolder {
        /// The run, or the folder that was to hold it.
        path: PathBuf,
        /// What the disk said.
        source: std::io::Error,
    },
    /// The options differ from those the run was begun with.
    #[error("{path}: this training cannot be continued so: {source}")]
    OtherRun {
        /// The run that was to be continued.
        path: PathBuf,
        /// The first option that differs.
        source: Contradiction,
    },
    /// EnCodec was chosen without saying where its weights are.
    #[error("EnCodec needs its weights: {ENCODEC_DOWNLOAD}")]
    NoCodecWeights,
    /// An option is out of range or clashes with another; the text says which.
    #[error("these settings cannot be trained: {0}")]
    Settings(String),
    /// The CSV writer failed.
    #[error("the table cannot be made (details: {0})")]
    Table(#[from] csv::Error),
    /// The layout to be exported is not in the space.
    #[error("this space has no map yet: draw one with Map > Rebuild map")]
    NoMap,
    /// The user stopped it or the program is closing: no fault to report.
    #[error("stopped")]
    Stopped,
}

/// A stop is none of the errors of what was stopped.
macro_rules! from_what_can_be_stopped {
    ($($error:ident::$stopped:ident => $kind:ident),*) => {
        $(impl From<$error> for JobError {
            fn from(error: $error) -> Self {
                match error {
                    $error::$stopped => Self::Stopped,
                    other => Self::$kind(other),
                }
            }
        })*
    };
}

from_what_can_be_stopped!(
    CorpusError::Cancelled => Corpus,
    FitError::Stopped => Fit,
    AtlasError::Cancelled => Atlas,
    RecipeError::Stopped => Recipe,
    TakeError::Stopped => Take,
    AudioFileError::Stopped => Sound
);
