//! Not real-time: builds a connection between synth and device, with everything that its real-time ends need.

use super::AudioError;
use super::controls::Controls;
use super::converter::Converter;
use super::counters::Counters;
use super::feed::Feed;
use super::link::{Link, MonitorLane};
use super::output::Output;
use std::sync::Arc;

/// Frames a ring can hold; three blocks of the largest device buffer in use.
const RING_FRAMES: usize = 1 << 16;

/// Marks on their way at once.
const MARKS: usize = 64;

/// Seconds of sound the monitor may lag behind before the recorder loses some.
const MONITOR_SECS: usize = 4;

/// A connection for an engine with hops of `hop_len` samples and a device of `rate_hz`.
///
/// # Errors
/// A rate that cannot be converted to.
pub fn connect(
    engine_rate_hz: u32,
    hop_len: usize,
    rate_hz: u32,
    controls: &Arc<Controls>,
    counters: &Arc<Counters>,
) -> Result<Link, AudioError> {
    let converter = Converter::new(engine_rate_hz, rate_hz, hop_len).map_err(|error| AudioError::Rate {
        rate_hz,
        reason: error.to_string(),
    })?;
    let (ring_tx, ring_rx) = rtrb::RingBuffer::new(RING_FRAMES);
    let (marks_tx, marks_rx) = rtrb::RingBuffer::new(MARKS);
    let (heard_tx, heard_rx) = rtrb::RingBuffer::new(MARKS);
    let (samples_tx, samples_rx) = rtrb::RingBuffer::new(MONITOR_SECS * rate_hz as usize);
    let (controls, counters) = (Arc::clone(controls), Arc::clone(counters));
    Ok(Link {
        feed: Feed::new(ring_tx, marks_tx, converter, rate_hz, Arc::clone(&counters)),
        output: Output::new(ring_rx, marks_rx, heard_tx, samples_tx, rate_hz, controls, counters),
        monitor: MonitorLane {
            samples: samples_rx,
            heard: heard_rx,
            rate_hz,
        },
    })
}
