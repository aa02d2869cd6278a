//! What a hand, a controller or a message did while a take was recorded: for curves, and to play the take again in the window.

use crate::space::LayoutKind;
use crate::values::LoopRegion;
use serde::{Deserialize, Serialize};

/// Who did it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActBy {
    /// The window: mouse, keys, menus.
    #[default]
    Hand,
    /// A MIDI controller or key.
    Midi,
    /// Open Sound Control.
    Osc,
    /// A path, a walk or a drift that moves the point by itself.
    Motion,
}

/// What happens at the end of a chunk, as the window's modes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TakeMode {
    /// Round and round the chunk.
    Loop,
    /// Round the whole clip.
    Song,
    /// To its end.
    Once,
    /// Stands still.
    Freeze,
    /// On and on.
    Endless,
}

/// One thing that was done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// The point moved.
    Place {
        /// The layout that it moved on.
        layout: LayoutKind,
        /// Left -1 to right 1 of that layout.
        x: f32,
        /// Bottom -1 to top 1.
        y: f32,
        /// It was pressed there; otherwise it came there on its way.
        pressed: bool,
    },
    /// One chunk exactly was chosen.
    Chunk {
        /// Its number.
        chunk: u32,
        /// Where it lies, as for [`Place`](Self::Place).
        x: f32,
        /// As for [`Place`](Self::Place).
        y: f32,
        /// As for [`Place`](Self::Place).
        pressed: bool,
    },
    /// A new sound was drawn.
    Sample(u64),
    /// The hand let go.
    Released,
    /// It plays, or stopped.
    Playing(bool),
    /// Another mode.
    Mode(TakeMode),
    /// The events are kept while the point moves, or not.
    Hold(bool),
    /// The original is heard, or the model.
    Original(bool),
    /// The original that came to be compared with: its chunks in the order in which they sound.
    Compared(Vec<u32>),
    /// Sounds are brought to one loudness, or not.
    MatchLoudness(bool),
    /// Factor on time.
    Speed(f32),
    /// Gain, 0..1.
    Volume(f32),
    /// Depth of the texture, 0..2.
    Texture(f32),
    /// Share of the recording, 0..1.
    Detail(f32),
    /// How far an endless sound roams, 0..1.
    Adventure(f32),
    /// What loops go round; `None` = all of what sounds.
    Region(Option<LoopRegion>),
    /// Where sounds are begun, in seconds; `None` = a loop goes on where it is.
    Start(Option<f32>),
    /// How strongly labels act.
    Strength(f32),
    /// A genre's fader.
    Fader {
        /// Its place in the space's order.
        genre: usize,
        /// 0..1.
        level: f32,
    },
    /// Valence and arousal; `None` = not asked for.
    Mood(Option<(f32, f32)>),
    /// Every sound under its own labels, or under what the faders say.
    AsRecorded(bool),
    /// One dimension of g.
    Global {
        /// Which.
        dim: usize,
        /// In latent units.
        value: f32,
    },
    /// A MIDI controller moved, whatever that did.
    Controller {
        /// Its number.
        number: u8,
        /// 0..1.
        value: f32,
    },
    /// A MIDI key went down.
    Note(u8),
    /// A message of Open Sound Control, as understood.
    Message(String),
}

/// One thing that was done, and when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TakeAct {
    /// Samples since the take began, at the engine's rate.
    pub at: u64,
    /// By whom.
    pub by: ActBy,
    /// What.
    pub act: Act,
}
