//! The lines of a take's file.

use super::act::TakeAct;
use super::part_line::{FramesLine, KeyLine, PartLine};
use crate::audio::Note;
use crate::values::Course;
use serde::{Deserialize, Serialize};

/// The newest format that this program writes and reads.
pub const FORMAT: u32 = 2;

/// The first line.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TakeHeader {
    /// Version of the file's format; 0 where it is to be written.
    #[serde(rename = "songspace_take")]
    pub format: u32,
    /// The program that wrote it.
    pub program: String,
    /// The space's name.
    pub space: String,
    /// The space's hash.
    pub hash: String,
    /// The sound file beside it, without its folder.
    pub audio: String,
    /// Samples per second of all that is counted in samples.
    pub rate_hz: u32,
    /// The genres whose faders move, in their order.
    pub genres: Vec<String>,
}

/// Which part of a take is meant, in seconds from its beginning.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trim {
    /// Where it begins.
    pub from: f64,
    /// Where it ends.
    pub to: f64,
}

/// A line behind the first.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Line {
    /// Frames that parts name.
    Frames(FramesLine),
    /// An order that rows name.
    Part(Box<PartLine>),
    /// What was there.
    Opening(OpeningLine),
    /// What was left for the synth.
    Call(CallLine),
    /// What the synth did.
    Note(Note),
    /// What a hand did.
    Act(TakeAct),
    /// Notes that were lost: the score has gaps.
    Lost(u64),
    /// Which part is meant; the last one counts.
    Trim(Trim),
}

/// A chunk of a row.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SoundedLine {
    pub part: Option<u32>,
    pub course: Option<Course>,
    pub steered: bool,
}

/// What was there when the take began.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OpeningLine {
    pub seed: u64,
    pub serial: u64,
    pub request: u64,
    pub lead: usize,
    pub row: Vec<SoundedLine>,
    pub recordings: Vec<KeyLine>,
    pub wants_detail: bool,
    pub wants_attack: bool,
    pub has_original: bool,
}

/// One call.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CallLine {
    pub serial: u64,
    #[serde(flatten)]
    pub what: CallWhat,
}

/// What it left.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallWhat {
    Row {
        request: u64,
        kept: usize,
        parts: Vec<SoundedLine>,
    },
    Recording(KeyLine),
    Detail(bool),
    Attack(bool),
    Original(bool),
}
