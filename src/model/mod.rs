//! Burn modules of the conditional VAE: linear model, encoder, decoder, condition, losses.

mod condition;
mod config;
mod decoder;
mod encoder;
mod layers;
mod linear_model;
mod network;
mod weights;

pub use crate::files::HostTensor;
pub use condition::{condition_tensor, condition_vector};
pub use config::{CodecKind, FILM_WIDTH, ModelConfig, NetworkStage, Preset};
pub use decoder::{Decoded, Decoder};
pub use encoder::{Encoder, Posterior, TimeStats};
pub use linear_model::LinearModel;
pub(crate) use linear_model::{MOST_LOG_GAIN, identity};
pub use network::{Network, kl_nats, sample};
pub use weights::{WeightError, Weights};
