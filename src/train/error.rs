//! Why a training or an encoding ended by itself.

use crate::files::in_words;
use crate::model::WeightError;

/// Why training stopped by itself.
#[derive(Debug, thiserror::Error)]
pub enum TrainError {
    /// The disk or the cache file failed.
    #[error("the frame cache could not be read: {}; start again, and what is missing is made anew", in_words(.0))]
    Read(#[from] std::io::Error),
    /// Found before the first step.
    #[error("every clip is held out: add more music or labels")]
    NothingToTrain,
    /// Holds the step, counted from 1, at which it was noticed.
    #[error(
        "the loss is no longer a number at step {0}: the device failed or the learning rate is too high; the last good checkpoint is kept"
    )]
    NotFinite(u64),
    /// Tensors of the starting weights have other shapes than the network's, or are missing.
    #[error("the weights do not fit this network: {0}")]
    Weights(#[from] WeightError),
    /// A result could not be read back from it, with the backend's message.
    #[error("the device that computes failed; choose another one, or start again (details: {0})")]
    Device(String),
}
