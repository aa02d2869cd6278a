//! Not real-time: drives the real-time core without a device, block by block, on whatever thread calls it.
//!
//! It runs the same code as a device's callback; tests and benches use it.

use super::block_output::Output;
use std::time::Instant;

/// Renders what an [`AudioEngine`](crate::audio::AudioEngine) would play.
pub struct BlockRenderer {
    output: Output,
}

impl BlockRenderer {
    /// A renderer of one connection.
    pub fn new(output: Output) -> Self {
        Self { output }
    }

    /// Fills an interleaved block of any length: every sample finite and in -1..=1. Never allocates.
    pub fn render(&mut self, block: &mut [f32], channels: usize) {
        self.output.fill(block, channels, Instant::now(), |sample| sample);
    }
}
