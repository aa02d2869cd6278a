//! Real-time: the engine core without a device: synth, feed and output of one thread, block by block.
//!
//! The same code that the synth thread and a device's callback run; offline rendering and tests use it.

use super::controls::Controls;
use super::feed::Feed;
use super::output::Output;
use super::synth::Synth;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

/// Frames rendered at a time, however large the block is.
const STEP_FRAMES: usize = 256;

/// Renders what an [`AudioEngine`](super::AudioEngine) would play.
pub struct Renderer {
    synth: Synth,
    feed: Feed,
    output: Output,
    controls: Arc<Controls>,
}

impl Renderer {
    /// A renderer of one connection.
    pub fn new(synth: Synth, feed: Feed, output: Output, controls: Arc<Controls>) -> Self {
        Self {
            synth,
            feed,
            output,
            controls,
        }
    }

    /// Fills an interleaved block of any length: every sample finite and in -1..=1. Never allocates.
    pub fn render(&mut self, block: &mut [f32], channels: usize) {
        for step in block.chunks_mut(STEP_FRAMES * channels.max(1)) {
            if self.controls.playing.load(Relaxed) || self.controls.sounding.load(Relaxed) {
                self.feed.pump(&mut self.synth);
            }
            self.output.fill(step, channels, |sample| sample);
        }
    }
}
