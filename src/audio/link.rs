//! Real-time: the lanes between the synth, the callback and the monitor, all single-producer single-consumer rings.
//!
//! A connection (one device, or the silent back-end) has its own set, so a device that hangs can never hold back
//! the next one.

use super::feed::Feed;
use super::output::Output;
use super::source::{Origin, Source};
use std::sync::Arc;
use std::time::Instant;

/// "From this frame on the new source is heard."
#[derive(Clone, Copy, Debug)]
pub struct Mark {
    pub origin: Origin,
    /// Index of the frame on its connection.
    pub at_frame: u64,
}

/// A mark that was handed to the device.
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

/// The three ends of a connection.
pub struct Link {
    pub feed: Feed,
    pub output: Output,
    pub monitor: MonitorLane,
}

/// What the synth is done with.
pub enum Retired {
    Source(Arc<Source>),
    Feed(Box<Feed>),
}

/// The way out for heap data: the monitor frees it, so the synth never does.
pub struct Retirement {
    lane: rtrb::Producer<Retired>,
}

impl Retirement {
    /// A lane and its far end.
    pub fn lane() -> (Self, rtrb::Consumer<Retired>) {
        let (lane, far_end) = rtrb::RingBuffer::new(256);
        (Self { lane }, far_end)
    }

    /// Sends `source` away.
    pub fn source(&mut self, source: Arc<Source>) {
        self.send(Retired::Source(source));
    }

    /// Sends `feed` away.
    pub fn feed(&mut self, feed: Box<Feed>) {
        self.send(Retired::Feed(feed));
    }

    fn send(&mut self, retired: Retired) {
        // A full lane means that the monitor is dead; then freeing here is the lesser evil.
        let _ = self.lane.push(retired);
    }
}
