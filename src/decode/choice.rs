//! Which sound is meant, as a hand, a bookmark or the command line says it; [`Resolver`](super::Resolver) answers.

use crate::atlas::Content;
use crate::space::{LayoutKind, Snapshot};
use crate::values::{ChunkId, Condition, DecodePart, LoopContext, MapPoint};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A point of the latent space.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// Decides g, unless `global` replaces it.
    pub place: Place,
    /// Where the events (l) come from, and with them the labels of what is not asked for. A draw brings its own.
    pub content: Content,
    /// g as set by hand, in place of the place's own.
    pub global: Option<Vec<f32>>,
}

/// Where g comes from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Place {
    /// One chunk exactly.
    Chunk(ChunkId),
    /// A point of a layout.
    At {
        /// The layout that the point is on.
        layout: LayoutKind,
        /// In that layout's own units.
        point: MapPoint,
    },
    /// A new sound.
    Draw {
        /// Together with `index` it always gives the same draw.
        seed: u64,
        /// Which of the seed's draws.
        index: u64,
    },
}

impl Choice {
    /// `place` with its own content and its own g.
    pub fn new(place: Place) -> Self {
        Self {
            place,
            content: Content::Nearest { playing: None },
            global: None,
        }
    }
}

/// How much sounds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Span {
    /// One chunk, its end followed by its beginning.
    #[default]
    Loop,
    /// One chunk, with nothing before and after it.
    Once,
    /// The chunk and the rest of its clip, moved as far in timbre as the chunk was.
    Song,
    /// On from the chunk without end, with jumps to what continues alike.
    Endless,
}

impl Span {
    /// What the decoder sees beyond the ends.
    pub fn context(self) -> LoopContext {
        match self {
            Self::Loop => LoopContext::Circular,
            Self::Once | Self::Song | Self::Endless => LoopContext::Open,
        }
    }

    /// The chunks that sound from `chunk` on, in the order they sound.
    pub fn chunks_from(self, snapshot: &Snapshot, chunk: ChunkId) -> Vec<ChunkId> {
        match self {
            Self::Song => snapshot.song_from(chunk),
            Self::Loop | Self::Once | Self::Endless => vec![chunk],
        }
    }
}

/// Under which condition, how strongly.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// Each part that it leaves open (the genre mix, valence, arousal) is as the chunk's own labels say; `None` leaves all
    /// of them open.
    pub condition: Option<Condition>,
    /// Pulled into [`STRENGTHS`](crate::values::STRENGTHS).
    pub strength: f32,
    /// Whether every sound is brought to one loudness, so that only arousal moves it a little.
    pub match_loudness: bool,
    /// Whether the condition also decides what happens.
    pub relatives: Relatives,
}

/// Which chunks may sound, or be found.
pub type MayBe = Arc<dyn Fn(ChunkId) -> bool + Send + Sync>;

/// Whether a condition leads to another recording, one that really is labelled so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Relatives {
    /// It changes the colour only.
    #[default]
    Off,
    /// It leads to the chunk that is labelled so and sounds most alike otherwise.
    Nearest,
    /// It leads to this chunk.
    Pinned(ChunkId),
}

/// The chunk that a condition leads to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Relative {
    /// The recording that is labelled as asked.
    pub chunk: ChunkId,
    /// How far the sound is on the way there, 0..=1; from .5 on the recording is that of `chunk`.
    pub share: f32,
}

impl Relative {
    /// Whether its recording sounds.
    pub fn sounds(&self) -> bool {
        self.share >= 0.5
    }
}

/// How a latent stands to its place on the map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is the chunk's own.
    Chunk,
    /// It projects onto this very place: the layout is linear and its inverse is exact.
    Exact,
    /// A blend of the nearest chunks, or of one chunk's timbre and another's events.
    Blend,
    /// It was moved by hand, or drawn from the prior, and lies elsewhere.
    Moved,
}

/// What is to be decoded.
#[derive(Clone, Debug, PartialEq)]
pub struct Resolved {
    /// One chunk, or the chunks of a song in the order they sound; never empty.
    pub row: Vec<DecodePart>,
    /// Within [`STRENGTHS`](crate::values::STRENGTHS): 0 as each part's base, 1 as learned.
    pub strength: f32,
    /// Whether the decoder sees a loop or nothing beyond the ends.
    pub context: LoopContext,
    /// The chunk whose events and labels they are; `None` for the draw of an older recipe.
    pub anchor: Option<ChunkId>,
    /// Tells whether the sound lies exactly where it was asked for.
    pub standing: Standing,
    /// Where the condition leads to; `None` where it changes the colour only.
    pub relative: Option<Relative>,
}

impl Resolved {
    /// The chunk whose recording sounds: the relative's, or the anchor's.
    pub fn sounding(&self) -> Option<ChunkId> {
        let relative = self.relative.filter(Relative::sounds);
        relative.map(|relative| relative.chunk).or(self.anchor)
    }
}
