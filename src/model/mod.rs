//! Burn modules of the conditional VAE: closed form, encoder, decoder, condition, losses.

mod config;
mod weights;

pub use config::{CodecKind, ModelConfig, Preset};
pub use weights::Weights;
