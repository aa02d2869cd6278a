//! Real-time: the lanes between the callback and the monitor, all single-producer single-consumer rings.
//!
//! A connection (one device, or the silent back-end) has its own set, so a device that hangs can never hold back
//! the next one.

use crate::audio::synth::Origin;
use std::time::{Duration, Instant};

/// A new source whose first sample was handed to the device.
#[derive(Clone, Copy, Debug)]
pub struct Heard {
    pub origin: Origin,
    pub at: Instant,
    /// From then until it sounds - the device's buffer, and what of the block lies before it - where the device says.
    pub sounds_after: Option<Duration>,
}

/// What the monitor gets from a connection.
pub struct MonitorLane {
    /// The stereo frames as they left, transport and volume included.
    pub frames: rtrb::Consumer<[f32; 2]>,
    pub heard: rtrb::Consumer<Heard>,
    pub rate_hz: u32,
}
