//! Recipe (latent, condition, seed, snapshot) to chunks to samples, offline.

mod decoder;

pub use decoder::{DecodeError, SpaceDecoder, with_stats};
