//! Why there is no linear model.

use crate::files::in_words;

/// Why the linear model could not be fitted.
#[derive(Debug, thiserror::Error)]
pub enum FitError {
    /// No training clip gave a single chunk.
    #[error("there is no chunk to learn from: every clip is held out or empty")]
    NothingToFit,
    /// The disk or the cache file failed while chunks were read.
    #[error("the frame cache could not be read: {}; start again, and what is missing is made anew", in_words(.0))]
    Read(#[from] std::io::Error),
    /// A decomposition or a solve failed, with its message.
    #[error("the linear model could not be fitted to this music; add more of it (details: {0})")]
    Algebra(String),
    /// The caller asked for it: no fault to report.
    #[error("stopped")]
    Stopped,
}

/// # Errors
/// Once the fit is to end.
pub(super) fn go_on(is_stopped: &mut dyn FnMut() -> bool) -> Result<(), FitError> {
    match is_stopped() {
        true => Err(FitError::Stopped),
        false => Ok(()),
    }
}
