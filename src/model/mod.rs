//! Burn modules of the conditional VAE: closed form, encoder, decoder, condition, losses.

mod closed_form;
mod condition;
mod config;
mod decoder;
mod encoder;
mod layers;
mod network;
mod weights;

pub use closed_form::ClosedForm;
pub(crate) use closed_form::{MOST_LOG_GAIN, identity};
pub use condition::{condition_tensor, condition_vector};
pub use config::{CodecKind, FILM_WIDTH, ModelConfig, Preset, Stage};
pub use decoder::{Decoded, Decoder};
pub use encoder::{ChunkSummary, Encoder, Posterior};
pub use network::{Network, kl_nats, sample};
pub use weights::{HostTensor, WeightError, Weights};
