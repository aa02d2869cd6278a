//! What crosses from the decoder to the player.

use crate::values::{Condition, Frames, Latent};
use std::sync::Arc;

/// How the decoder sees beyond the chunk's ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LoopContext {
    /// The end is followed by the beginning: a seamless loop.
    #[default]
    Circular,
    /// Nothing lies outside: a one-shot.
    Open,
}

/// "Decode this now"; a newer request replaces an older one that has not begun.
#[derive(Clone, Debug)]
pub struct DecodeRequest {
    /// Rises with every request of a session; comes back in the result.
    pub generation: u64,
    /// When the gesture happened, for the latency meter.
    pub asked_at: std::time::Instant,
    pub latent: Arc<Latent>,
    /// Where it begins in its recording.
    pub start_secs: f32,
    /// The other chunks of its recording, which follow it in one row, round to its beginning; empty = it sounds alone.
    pub rest: Vec<RowChunk>,
    pub condition: Condition,
    /// 0 = as if unlabelled, 1 = as trained, more = exaggerated.
    pub strength: f32,
    pub context: LoopContext,
}

/// A chunk that follows another one in a row.
#[derive(Clone, Debug)]
pub struct RowChunk {
    pub latent: Arc<Latent>,
    /// Where it begins in its recording.
    pub start_secs: f32,
}

/// A decoded chunk on its way to the player.
#[derive(Clone, Debug)]
pub struct DecodedChunk {
    pub generation: u64,
    pub asked_at: std::time::Instant,
    /// Seconds the decoder worked.
    pub decode_secs: f32,
    pub audio: ChunkAudio,
}

/// A chunk's sound, as its codec delivers it.
#[derive(Clone, Debug, PartialEq)]
pub enum ChunkAudio {
    /// Spectral codec: to be voiced frame by frame at any speed.
    Spectral {
        /// `[frames x bands]` natural-log amplitude (0 = full-scale sine), NOT standardised.
        log_amplitude: Frames,
        /// `[frames x bands]` texture depth in nats (standard deviation of the level that regression smoothed away).
        texture: Frames,
    },
    /// Waveform codecs and original recordings.
    Pcm {
        /// Interleaved where there are two channels: left, right, left, right.
        samples: Vec<f32>,
        /// 1 or 2.
        channels: usize,
        sample_rate_hz: u32,
    },
}
