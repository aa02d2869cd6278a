//! Not real-time: drives the real-time core without a device, block by block, on whatever thread calls it.
//!
//! It runs the same code as the synth thread and a device's callback; tests and benches use it.

use super::controls::Controls;
use super::feed::Feed;
use super::output::Output;
use super::synth::Synth;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Instant;

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
            self.output.fill(step, channels, Instant::now(), |sample| sample);
        }
    }
}
