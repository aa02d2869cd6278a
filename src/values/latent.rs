//! A point of the latent space.

use super::Frames;
use serde::{Deserialize, Serialize};

/// What a chunk is encoded to: one vector for how it sounds and a sequence for what happens when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Latent {
    /// `g`, `[global dims]`: timbre, register, balance. Blended when the cursor moves.
    pub global: Vec<f32>,
    /// `l`, `[local steps x local dims]`: events in time. Never averaged with another.
    pub local: Frames,
}
