//! Latent and condition to frames or waveform, for the live workers and for offline rendering alike.

mod codec_output;
mod in_context;
mod loudness;
mod space_decoder;

pub use codec_output::{ENCODEC_DOWNLOAD, VoiceError};
pub use in_context::Neighbours;
pub use space_decoder::{DecodeError, DecodedFrames, SpaceDecoder, with_stats};
