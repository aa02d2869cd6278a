//! How the selected sound is played.

use crate::decode::Standing;
use crate::values::{ChunkId, LoopRegion, MapPoint};
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;

/// What sounds: a place on the map and the chunk whose events are heard there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Selection {
    /// In the units of the layout on screen.
    pub point: MapPoint,
    /// The nearest anchor.
    pub chunk: ChunkId,
    /// Whether the sound is a chunk's own, exact for `point`, a blend, or moved away from it.
    pub standing: Standing,
}

/// What happens at the end of a chunk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum PlayMode {
    /// Round and round the chunk.
    #[default]
    Loop,
    /// Plays to the end and stops; goes round while the hand holds the point.
    OneShot,
    /// The playhead stands still and the frame under it sustains.
    Freeze,
    /// Round the whole clip that the chunk belongs to.
    Song,
    /// On from the chunk without end, with jumps at beats to what continues alike.
    Endless,
}

/// Which side of A/B is heard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum PlaybackSource {
    /// What the model makes of the point.
    #[default]
    Model,
    /// The recording the point stands for.
    Original,
}

impl PlaybackSource {
    /// The other side.
    pub fn other(self) -> Self {
        match self {
            Self::Model => Self::Original,
            Self::Original => Self::Model,
        }
    }
}

/// Why what sounds has no recording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordingGap {
    /// A sentence with the path and what to do.
    pub sentence: String,
    /// Naming a folder may help.
    pub can_be_found: bool,
}

/// The state of the player's controls.
#[derive(Clone, Debug, PartialEq)]
pub struct Transport {
    /// Whether sound was asked for, from the map or from a preview or segment.
    pub playing: bool,
    /// What happens at the end of a chunk.
    pub mode: PlayMode,
    /// Keep the events (l) and move only the timbre (g).
    pub hold_content: bool,
    /// How far an endless sound roams: 0 = in its clip, .5 = round the cursor, 1 = over the whole map.
    pub adventure: f32,
    /// The chunk that the sliders lead to whatever else they find; `None` = the nearest.
    pub pinned_relative: Option<ChunkId>,
    /// Which side of A/B is heard.
    pub source: PlaybackSource,
    /// Playback speed, 1 = as recorded; pitch stays.
    pub speed: f32,
    /// Depth of the noise texture, 1 = as the model says.
    pub texture: f32,
    /// How much of the recording sounds, 0..1; 0 = the model alone, 1 = the recording itself, steered by the model.
    pub detail: f32,
    /// Whether every sound is brought to one loudness.
    pub match_loudness: bool,
    /// Linear gain 0..1.
    pub volume: f32,
    /// The part of what sounds that *Loop* and *Song* go round; `None` = all of it.
    pub region: Option<LoopRegion>,
    /// Where sounds begin that a hand begins, in seconds; `None` = a loop goes on where it is.
    pub start_secs: Option<f32>,
    /// Whether the output is being written to a file.
    pub recording: bool,
    /// Seconds recorded so far.
    pub recorded_secs: f32,
}

impl Transport {
    /// What `speed` may be.
    pub const SPEEDS: RangeInclusive<f32> = 0.25..=4.0;

    /// Whether what sounds can go round a part of itself.
    pub fn takes_region(&self) -> bool {
        matches!(self.mode, PlayMode::Loop | PlayMode::Song)
    }

    /// Whether sounds can begin elsewhere than at their beginning.
    pub fn takes_start(&self) -> bool {
        self.takes_region() || self.mode == PlayMode::OneShot
    }
}

impl Default for Transport {
    fn default() -> Self {
        Self {
            playing: false,
            mode: PlayMode::Loop,
            hold_content: false,
            adventure: 0.5,
            pinned_relative: None,
            source: PlaybackSource::Model,
            speed: 1.0,
            texture: 1.0,
            detail: 1.0,
            match_loudness: true,
            volume: 0.8,
            region: None,
            start_secs: None,
            recording: false,
            recorded_secs: 0.0,
        }
    }
}
