//! Real-time: what the callback says while a take is scored: numbers only.

use crate::audio::{ClockPlay, KeyPlay, Mode, Playback};
use crate::values::KeyEvent;
use serde::{Deserialize, Serialize};

/// What the synth looks at once a hop.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Knobs {
    /// The transport's wish.
    pub playing: bool,
    /// The original is heard instead of the decoded chunk, where there is one.
    pub original: bool,
    /// Mode, speed, texture and detail; the volume in it does nothing here.
    pub playback: Playback,
}

impl Default for Knobs {
    fn default() -> Self {
        Self {
            playing: false,
            original: false,
            playback: Playback {
                mode: Mode::Loop,
                ..Playback::default()
            },
        }
    }
}

/// A moment, by what was handed to the device.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Hops made since the take began.
    pub hop: u64,
    /// Samples of the newest hop, at the engine's rate, that were not handed over yet.
    pub left: u32,
    /// Samples that have passed since the take began, at the engine's rate, silence among them.
    pub sample: u64,
}

/// One thing that decided what was heard. Hops are numbered from the beginning of the take.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Note {
    /// The take begins with a block; `left` samples of a hop from before are still to be heard.
    Begun {
        /// Of the newest hop.
        left: u32,
        /// The gain at which they are.
        gain: f32,
    },
    /// Voices without a past play from this hop on.
    Fresh {
        /// The first hop that they make.
        hop: u64,
        /// Number of the newest call that the synth has taken.
        serial: u64,
        /// Bits of the `f64` place in the row that they begin at, in frames; `None` = silent.
        head: Option<u64>,
    },
    /// The synth has taken what call `serial` left for it.
    Took {
        /// Before this hop.
        hop: u64,
        /// Number of the call.
        serial: u64,
    },
    /// Knobs have turned.
    Turned {
        /// Before this hop.
        hop: u64,
        /// What they are from then on.
        knobs: Knobs,
    },
    /// The playhead has jumped.
    Sought {
        /// Before this hop.
        hop: u64,
        /// To this share of what sounds, 0..1.
        fraction: f32,
    },
    /// What was taken before this hop begins elsewhere than where its forerunner was.
    Started {
        /// Before this hop.
        hop: u64,
        /// So many seconds into it.
        secs: f32,
    },
    /// Keys play otherwise.
    Keys {
        /// Before this hop.
        hop: u64,
        /// How, from then on.
        play: KeyPlay,
    },
    /// The voices have taken a key.
    Key {
        /// Before this hop.
        hop: u64,
        /// The key.
        event: KeyEvent,
    },
    /// The master clock runs otherwise, or stands elsewhere.
    Clock {
        /// Before this hop.
        hop: u64,
        /// How, from then on.
        play: ClockPlay,
        /// Bits of the `f64` beat at the hop's beginning.
        beat: u64,
    },
    /// From this block on: whether hops are handed to the device, and the gain that is faded to. Told again every second.
    Level {
        /// The block's beginning.
        place: Place,
        /// Volume, or 0 once stopped.
        target: f32,
        /// Otherwise silence is handed over, and no hop is made.
        sounding: bool,
    },
    /// The take ends before this block.
    Ended {
        /// The block's beginning.
        place: Place,
    },
}
