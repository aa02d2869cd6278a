//! Why a training or an encoding ended by itself.

use crate::model::WeightError;

/// Why training stopped by itself.
#[derive(Debug, thiserror::Error)]
pub enum TrainError {
    #[error("the frame cache could not be read: {0}")]
    Read(#[from] std::io::Error),
    #[error("every clip is held out: add more music or labels")]
    NothingToTrain,
    #[error(
        "the loss is no longer a number at step {0}: the device failed or the learning rate is too high; the last good checkpoint is kept"
    )]
    NotFinite(u64),
    #[error("the weights do not fit this network: {0}")]
    Weights(#[from] WeightError),
    #[error("the device failed: {0}")]
    Device(String),
}
