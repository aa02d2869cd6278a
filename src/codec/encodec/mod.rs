//! EnCodec's continuous latents as frames (Défossez et al. 2022, "High Fidelity Neural Audio Compression").
//!
//! The model learns the encoder's output before quantisation - 128 values, 75 times a second at 24 kHz - and EnCodec's
//! own decoder makes the sound. The weights are the user's to download (`facebook/encodec_24khz`, CC BY-NC 4.0).
//!
//! Runs on whichever thread calls it; nothing here starts one. Every value that comes from a file is checked on the host
//! before it becomes a tensor, so no file can make Burn panic.

mod activation;
mod analysing;
mod checkpoint;
mod codes;
mod config;
mod conv;
mod error;
mod host;
mod lstm;
mod lstm_host;
mod model;
mod padding;
mod quantiser;
mod seanet;
mod stream;
mod tables;
mod tensors;

pub use codes::Codes;
pub use config::{EncodecConfig, NormType, PadMode};
pub use error::EncodecError;
pub use model::EncodecCodec;
pub use tables::{ClipLatents, CodebookUsage};
