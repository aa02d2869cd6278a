//! What is drawn of a corpus.

use crate::codec::encodec::{ClipLatents, CodebookUsage};
use crate::values::Frames;

/// Everything that is drawn.
#[derive(Clone, Debug)]
pub struct CodecCorpus {
    /// Clips that are shown over time.
    pub excerpts: Vec<Excerpt>,
    /// Every clip.
    pub clips: Vec<CodecClip>,
    /// Counted over some seconds from the middle of every clip.
    pub usage: CodebookUsage,
    /// Bandwidth at which the codebooks were used.
    pub kbps: f64,
    /// Latents per second.
    pub frame_rate_hz: f32,
}

/// Some seconds of one clip.
#[derive(Clone, Debug)]
pub struct Excerpt {
    /// The clip's, written over its picture.
    pub title: String,
    /// `[time x latent]`
    pub latents: Frames,
}

/// One clip as a point, with what is known of its mood.
#[derive(Clone, Debug)]
pub struct CodecClip {
    /// Mean and spread over the whole clip.
    pub latents: ClipLatents,
    /// Unpleasant -1 .. pleasant 1.
    pub valence: Option<f32>,
    /// Calm -1 .. excited 1.
    pub arousal: Option<f32>,
}
