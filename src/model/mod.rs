//! Burn modules of the conditional VAE: closed form, encoder, decoder, condition, losses.

mod config;
mod weights;

pub use config::{CodecKind, FILM_WIDTH, ModelConfig, Preset, Stage};
pub use weights::Weights;
