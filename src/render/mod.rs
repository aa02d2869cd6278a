//! Recipe (latent, condition, seed, snapshot) to chunks to samples, offline.

mod audio_file;
mod ceiling;
mod decoder;
mod offline;
mod recipe;
mod voice;

pub use audio_file::{AudioFileError, write_audio};
pub use decoder::{DecodeError, DecodedFrames, SpaceDecoder, with_stats};
pub use offline::{Rendered, frames, prior_draw, render};
pub use recipe::{Recipe, RecipeError, Source};
pub use voice::{ENCODEC_DOWNLOAD, VoiceError};
