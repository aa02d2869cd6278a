//! Not real-time: plain values that say how to play; any thread may build them.

use crate::dsp::BandAxis;
use crate::sync::Waker;
use crate::values::LoopRegion;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What the playhead does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// The end is followed by the beginning.
    #[default]
    Loop,
    /// Plays to the end and falls silent; the next published chunk starts at its beginning.
    OneShot,
    /// The playhead stands still and the frame under it sounds on.
    Freeze,
}

/// How the current chunk is played. Values out of range are pulled into it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Playback {
    /// What happens at the end of the chunk, or that the playhead stands still.
    pub mode: Mode,
    /// Chunk seconds per second, 0.25..=4; pitch stays.
    pub speed: f32,
    /// Amplitude factor, 0..=1.
    pub volume: f32,
    /// Share of the decoder's texture depth, 0..=2; 1 as decoded. Spectral chunks only.
    pub texture: f32,
    /// How much of the recording sounds, 0..=1: 0 the model alone, 1 the recording itself, filtered by the model.
    pub detail: f32,
    /// What a loop goes round; `None` = all of what sounds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<LoopRegion>,
    /// Where sounds are begun, in seconds. A loop may come from there into its region once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_secs: Option<f32>,
}

impl Default for Playback {
    fn default() -> Self {
        Self {
            mode: Mode::Loop,
            speed: 1.0,
            volume: 0.8,
            texture: 1.0,
            detail: 1.0,
            region: None,
            start_secs: None,
        }
    }
}

/// What the engine is started with.
#[derive(Clone, Debug)]
pub struct AudioOptions {
    /// The band axis of the frames that will be published.
    pub axis: BandAxis,
    /// Seed of texture and of the phases of inaudible bins.
    pub seed: u64,
    /// Identifier of the output device ([`DeviceEntry::id`](super::DeviceEntry)); `None` takes the system's default.
    pub device: Option<String>,
    /// Frames per device block to ask for; `None` asks for what suits the device. Small blocks answer sooner; a device that cannot keep
    /// up gets larger ones.
    pub block_frames: Option<u32>,
    /// What devices were given that could not keep up, by their names.
    pub grown_blocks: BTreeMap<String, u32>,
    /// Never open a device; the silent back-end keeps time.
    pub silent: bool,
    /// Called whenever there is an event to poll.
    pub waker: Waker,
}

impl Default for AudioOptions {
    fn default() -> Self {
        Self {
            axis: BandAxis::standard(),
            seed: 0,
            device: None,
            block_frames: None,
            grown_blocks: BTreeMap::new(),
            silent: false,
            waker: Waker::silent(),
        }
    }
}
