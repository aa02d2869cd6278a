//! The shape of a model: everything that must be known to rebuild it from its weights.

use serde::{Deserialize, Serialize};

/// Which representation the frames are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CodecKind {
    /// 224 hybrid bands of log magnitude, voiced by RTPGHI.
    Spectral,
    /// EnCodec's continuous 128-d latents, voiced by its own decoder.
    Encodec,
}

/// Named sizes of the residual network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Preset {
    /// For two CPU cores.
    S,
    /// For a GPU.
    M,
}

/// Sizes of frames, latents and network.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelConfig {
    pub codec: CodecKind,
    pub preset: Preset,
    pub sample_rate_hz: u32,
    /// Samples between frames.
    pub hop_len: usize,
    /// Values per frame.
    pub bands: usize,
    /// Frames per chunk; a multiple of `patch_frames`.
    pub chunk_frames: usize,
    /// Frames per local latent.
    pub patch_frames: usize,
    pub global_dims: usize,
    pub local_dims: usize,
    pub genres: usize,
    pub encoder_width: usize,
    pub decoder_width: usize,
}

impl ModelConfig {
    /// Local latents per chunk.
    pub fn local_steps(&self) -> usize {
        self.chunk_frames / self.patch_frames
    }

    /// Length of a chunk in seconds.
    pub fn chunk_secs(&self) -> f32 {
        (self.chunk_frames * self.hop_len) as f32 / self.sample_rate_hz as f32
    }
}
