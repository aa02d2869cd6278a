//! Why a map could not be drawn.

use crate::files::WriteError;

/// What can go wrong between latents and a picture of them.
#[derive(Debug, thiserror::Error)]
pub enum AtlasError {
    /// Too little to lay out.
    #[error("a map needs at least {needed} points, and there are {found}")]
    TooFewPoints {
        /// The least number that works.
        needed: usize,
        /// How many there are.
        found: usize,
    },
    /// NaN or infinity among the latents: the training that made them diverged.
    #[error("the latents hold numbers that are not finite; go back to the last good checkpoint")]
    NotFinite,
    /// Two tables that belong together differ in length or width.
    #[error("{what}: {found} where {expected} are needed")]
    Shape {
        /// What was counted.
        what: &'static str,
        /// Its size.
        found: usize,
        /// The size it must have.
        expected: usize,
    },
    /// The eigensolver, t-SNE or the clustering refused its input.
    #[error(
        "the map could not be drawn, its step {stage} failed; draw it again with other settings (details: {reason})"
    )]
    Solver {
        /// Which step.
        stage: &'static str,
        /// In the solver's words.
        reason: String,
    },
    /// Somebody asked for the job to end.
    #[error("the map was cancelled")]
    Cancelled,
    /// The drawing library refused.
    #[error("the picture cannot be drawn (details: {0})")]
    Drawing(String),
    /// The file of the picture could not be written.
    #[error(transparent)]
    Write(#[from] WriteError),
}
