//! Real-time: the lanes between the callback and the monitor, all single-producer single-consumer rings.
//!
//! A connection (one device, or the silent back-end) has its own set, so a device that hangs can never hold back
//! the next one.

use super::block_output::Output;
use crate::audio::synth::source::{Origin, Source};
use std::sync::Arc;
use std::time::Instant;

/// A new source whose first sample was handed to the device.
#[derive(Clone, Copy, Debug)]
pub struct Heard {
    pub origin: Origin,
    pub at: Instant,
}

/// What the monitor gets from a connection.
pub struct MonitorLane {
    /// The mono signal as it left, transport and volume included.
    pub samples: rtrb::Consumer<f32>,
    pub heard: rtrb::Consumer<Heard>,
    pub rate_hz: u32,
}

/// The two ends of a connection.
pub struct Link {
    pub output: Output,
    pub monitor: MonitorLane,
}

/// The way out for heap data: the monitor frees it, so the synth never does.
pub struct Retirement {
    lane: rtrb::Producer<Arc<Source>>,
}

impl Retirement {
    /// A lane and its far end.
    pub fn lane() -> (Self, rtrb::Consumer<Arc<Source>>) {
        let (lane, far_end) = rtrb::RingBuffer::new(256);
        (Self { lane }, far_end)
    }

    /// Sends `source` away.
    pub fn source(&mut self, source: Arc<Source>) {
        // A full lane means that the monitor is dead; then freeing here is the lesser evil.
        let _ = self.lane.push(source);
    }
}
