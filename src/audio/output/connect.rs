//! Not real-time: builds a connection between synth and device, with everything that its real-time end needs.

use super::block_output::Output;
use super::counters::Counters;
use super::hop_reader::HopReader;
use super::monitor_lane::MonitorLane;
use super::rate_converter::RateConverter;
use super::synth_loan::SynthHome;
use crate::audio::AudioError;
use crate::audio::synth::Controls;
use std::sync::Arc;

/// Readings of what was heard that may wait for the monitor.
const HEARD: usize = 64;

/// Seconds of sound the monitor may lag behind before the recorder loses some.
const MONITOR_SECS: usize = 4;

/// The two ends of a connection.
pub struct Link {
    /// What the device's callback plays.
    pub output: Output,
    /// What the monitor listens to.
    pub monitor: MonitorLane,
}

/// Connects the synth that is at `home` with a device of `rate_hz`.
///
/// # Errors
/// The synth is not at home, or a rate that cannot be converted to.
pub fn connect(
    home: &SynthHome,
    rate_hz: u32,
    controls: &Arc<Controls>,
    counters: &Arc<Counters>,
) -> Result<Link, AudioError> {
    let synth = home.lend()?;
    let converter =
        RateConverter::new(synth.sample_rate_hz(), rate_hz, synth.hop_len()).map_err(|error| AudioError::Rate {
            rate_hz,
            reason: error.to_string(),
        })?;
    let (heard_tx, heard_rx) = rtrb::RingBuffer::new(HEARD);
    let (frames_tx, frames_rx) = rtrb::RingBuffer::new(MONITOR_SECS * rate_hz as usize);
    let (controls, counters) = (Arc::clone(controls), Arc::clone(counters));
    Ok(Link {
        output: Output::new(
            HopReader::new(synth, converter),
            heard_tx,
            frames_tx,
            rate_hz,
            controls,
            counters,
        ),
        monitor: MonitorLane {
            frames: frames_rx,
            heard: heard_rx,
            rate_hz,
        },
    })
}
