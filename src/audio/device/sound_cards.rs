//! Not real-time: what the stream manager needs of sound cards: the seam between it and the system.

use super::block_sizes::BlockSizes;
use crate::audio::AudioError;
use crate::audio::output::{Counters, Link, MonitorLane};
use crate::sync::Priority;
use crossbeam_channel::Receiver;
use std::any::Any;
use std::sync::Arc;

/// An output device that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceEntry {
    /// Stays the same between runs; what [`AudioEngine::choose_device`](crate::audio::AudioEngine::choose_device) takes.
    pub id: String,
    /// What a person reads.
    pub name: String,
    /// Whether the system uses it by default; true of at most one entry in a list.
    pub is_default: bool,
}

/// The stream that a device granted, and the block size that was asked of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamInfo {
    /// Its name as a person reads it.
    pub device: String,
    /// Samples per second in each channel, as the device takes them.
    pub rate_hz: u32,
    /// Output channels of the device's default configuration.
    pub channels: u16,
    /// Frames per block, after limiting to what the device says it supports.
    pub asked_block_frames: u32,
    /// `None` when the device does not say.
    pub block_frames: Option<u32>,
    /// How its callback runs beside other threads.
    pub priority: Priority,
}

/// An open device that plays, and the other end of its connection.
pub struct OpenDevice {
    /// Dropping it closes the device.
    pub stream: Box<dyn Any>,
    pub stream_info: StreamInfo,
    pub monitor: MonitorLane,
    /// Why the device was lost, once [`Counters::lost`] is set.
    pub reasons_rx: Receiver<String>,
}

/// Whatever offers output devices.
pub trait SoundCards {
    /// Whether the device `id` is there now.
    fn offers(&self, id: &str) -> bool;

    /// Opens `id` (or the default) with blocks as `block_sizes` says, or of its own size where it refuses those, and starts it.
    /// `connect` builds a connection for the rate it gets.
    ///
    /// # Errors
    /// No such device, or it refuses.
    fn open(
        &self,
        id: Option<&str>,
        block_sizes: &BlockSizes,
        counters: &Arc<Counters>,
        connect: &dyn Fn(u32) -> Result<Link, AudioError>,
    ) -> Result<OpenDevice, AudioError>;
}
