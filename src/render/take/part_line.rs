//! Orders that sounds are decoded from, as lines: large and often the same parts of them are written once and named.

use crate::values::{
    Anchor, Condition, DecodeOrder, DecodePart, Frames, Latent, LoopContext, LoudnessMatch, RecordingKey, Timing,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Numbers as the hexadecimal digits of their bits, so that they come back as they were.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Exact(pub Vec<f32>);

impl Serialize for Exact {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let digits: String = self.0.iter().map(|value| format!("{:08x}", value.to_bits())).collect();
        to.serialize_str(&digits)
    }
}

impl<'de> Deserialize<'de> for Exact {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let digits = String::deserialize(from)?;
        let is_whole = digits.len().is_multiple_of(8) && digits.is_ascii();
        let words = (0..digits.len() / 8).map(|at| u32::from_str_radix(&digits[8 * at..8 * at + 8], 16).ok());
        let values: Option<Vec<f32>> = is_whole
            .then(|| words.map(|word| word.map(f32::from_bits)).collect())
            .flatten();
        values
            .map(Self)
            .ok_or_else(|| serde::de::Error::custom("these are no numbers in hexadecimal digits"))
    }
}

/// Frames that parts name.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FramesLine {
    /// Its name.
    pub id: u32,
    /// Values in a row.
    pub width: usize,
    /// Row by row.
    pub values: Exact,
}

impl FramesLine {
    /// `frames` under this name.
    pub fn new(id: u32, frames: &Frames) -> Self {
        Self {
            id,
            width: frames.width(),
            values: Exact(frames.as_slice().to_vec()),
        }
    }

    /// The frames; `None` where their number is none.
    pub fn frames(self) -> Option<Frames> {
        if self.values.0.is_empty() {
            return Some(Frames::zeros(0, self.width));
        }
        (self.width > 0 && self.values.0.len().is_multiple_of(self.width))
            .then(|| Frames::from_vec(self.width, self.values.0))
    }
}

/// A stretch of a recording.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct KeyLine {
    clip: String,
    start: u64,
    len: usize,
}

impl From<&RecordingKey> for KeyLine {
    fn from(key: &RecordingKey) -> Self {
        Self {
            clip: key.clip.to_string(),
            start: key.start,
            len: key.len,
        }
    }
}

impl From<KeyLine> for RecordingKey {
    fn from(line: KeyLine) -> Self {
        Self {
            clip: line.clip.into(),
            start: line.start,
            len: line.len,
        }
    }
}

/// An order.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PartLine {
    /// Its name.
    pub id: u32,
    global: Exact,
    local: u32,
    before: u32,
    after: u32,
    condition: Condition,
    base: Condition,
    strength: f32,
    context: LoopContext,
    skip_frames: usize,
    keep_frames: Option<usize>,
    timing: Timing,
    is_jump: bool,
    anchor: Option<AnchorLine>,
    loudness: Option<LoudnessMatch>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct AnchorLine {
    recording: KeyLine,
    global: Exact,
    labels: Condition,
}

impl PartLine {
    /// `order` under this name; `name` names frames.
    pub fn new(id: u32, order: &DecodeOrder, mut name: impl FnMut(&Frames) -> u32) -> Self {
        let part = &order.part;
        Self {
            id,
            global: Exact(part.latent.global.clone()),
            local: name(&part.latent.local),
            before: name(&part.before),
            after: name(&part.after),
            condition: part.condition.clone(),
            base: part.base.clone(),
            strength: order.strength,
            context: order.context,
            skip_frames: part.skip_frames,
            keep_frames: part.keep_frames,
            timing: part.timing,
            is_jump: part.is_jump,
            anchor: part.anchor.as_ref().map(|anchor| AnchorLine {
                recording: (&anchor.recording).into(),
                global: Exact(anchor.global.clone()),
                labels: anchor.labels.clone(),
            }),
            loudness: part.loudness,
        }
    }

    /// The order, its frames as `named`; `None` where one is missing.
    pub fn order(self, named: impl Fn(u32) -> Option<Frames>) -> Option<DecodeOrder> {
        Some(DecodeOrder {
            part: DecodePart {
                latent: Latent {
                    global: self.global.0,
                    local: named(self.local)?,
                },
                condition: self.condition,
                base: self.base,
                before: named(self.before)?,
                after: named(self.after)?,
                skip_frames: self.skip_frames,
                keep_frames: self.keep_frames,
                timing: self.timing,
                is_jump: self.is_jump,
                anchor: self.anchor.map(|anchor| Anchor {
                    recording: anchor.recording.into(),
                    global: anchor.global.0,
                    labels: anchor.labels,
                }),
                loudness: self.loudness,
            },
            strength: self.strength,
            context: self.context,
        })
    }
}
