//! Real-time: one member of a row: a chunk, by its own audio or by other.

use crate::values::{ChunkAudio, Course, DecodedChunk, Steering, Timing};
use std::sync::Arc;

/// One member of a row, held in whatever form it arrived; a clone shares it.
#[derive(Clone, Debug)]
pub enum Part {
    Decoded(Arc<DecodedChunk>),
    Shared(Arc<ChunkAudio>),
    /// A chunk by other audio than its own: at the engine's rate, or by the band levels that its samples have.
    Instead(Arc<DecodedChunk>, Arc<ChunkAudio>),
}

impl Part {
    /// What it sounds by.
    pub fn audio(&self) -> &ChunkAudio {
        match self {
            Self::Decoded(chunk) => &chunk.audio,
            Self::Shared(audio) | Self::Instead(_, audio) => audio,
        }
    }

    /// Its place in a row without end.
    pub fn course(&self) -> Option<Course> {
        match self {
            Self::Decoded(chunk) | Self::Instead(chunk, _) => chunk.course,
            Self::Shared(_) => None,
        }
    }

    /// How fast it is played, and when it beats.
    pub fn timing(&self) -> Timing {
        match self {
            Self::Decoded(chunk) | Self::Instead(chunk, _) => chunk.timing,
            Self::Shared(_) => Timing::default(),
        }
    }

    /// The hops that it fills: of the levels that its samples have, where it has some.
    pub fn hops(&self, hop_len: usize) -> usize {
        let levels = self.steering().and_then(|steering| steering.levels.as_deref());
        match levels {
            Some(ChunkAudio::Spectral { log_amplitude, .. }) => log_amplitude.len(),
            _ => self.frames().max(self.pcm_frames() / hop_len.max(1)),
        }
    }

    /// How its recording is steered, if it has one.
    pub fn steering(&self) -> Option<&Steering> {
        match self {
            Self::Decoded(chunk) | Self::Instead(chunk, _) => chunk.steering.as_ref(),
            Self::Shared(_) => None,
        }
    }

    /// Frames that it has; none where it is samples.
    pub fn frames(&self) -> usize {
        match self.audio() {
            ChunkAudio::Spectral { log_amplitude, texture } => log_amplitude.len().min(texture.len()),
            ChunkAudio::Pcm { .. } => 0,
        }
    }

    /// Interleaved samples and how many channels they have, at least 1.
    pub fn pcm(&self) -> (&[f32], usize) {
        match self.audio() {
            ChunkAudio::Pcm { samples, channels, .. } => (samples, (*channels).max(1)),
            ChunkAudio::Spectral { .. } => (&[], 1),
        }
    }

    /// Samples of each channel; none where it is frames.
    pub fn pcm_frames(&self) -> usize {
        let (samples, channels) = self.pcm();
        samples.len() / channels
    }
}
