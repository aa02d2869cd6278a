//! What to render: a shareable text that gives the same sound again on the same snapshot.

use crate::atlas::Content;
use crate::decode::{Asked, Choice, Formula, Place, Relatives, Span};
use crate::space::{LayoutKind, Snapshot};
use crate::values::{ChunkId, Condition, MapPoint};
use serde::{Deserialize, Serialize};

/// Latent source, condition, strength, length and seed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recipe {
    /// The rules it sounds by.
    #[serde(default = "first_version")]
    pub version: Formula,
    /// The snapshot's hash; empty = whichever is open.
    pub snapshot: String,
    /// Decides g, unless `global` replaces it.
    pub source: RecipeSource,
    /// The chunk whose events (l) and labels are heard; `None` = the nearest.
    #[serde(default)]
    pub content: Option<ChunkId>,
    /// g as set by hand; `None` = the source's own.
    #[serde(default)]
    pub global: Option<Vec<f32>>,
    /// For a whole clip only whether it goes on without end; ignored for a path.
    #[serde(default)]
    pub span: Span,
    /// Replaces the labels of the source where it says something; `None` = as recorded.
    pub condition: Option<Condition>,
    /// How strongly the condition acts, 0..=3; 1 = as trained, 0 = as if unlabelled.
    pub strength: f32,
    /// Factor on the decoder's texture depth; 1 = as decoded, 0 = none.
    pub texture: f32,
    /// How much of the anchor's recording sounds, 0..=1; 0 = the model alone, as recipes from before there was a choice.
    #[serde(default)]
    pub detail: f32,
    /// Whether it is brought to the loudness of other sounds; recipes from before there was a choice are not.
    #[serde(default)]
    pub match_loudness: bool,
    /// Whether the condition leads to another recording; in recipes from before there was a choice it does not.
    #[serde(default)]
    pub relatives: Relatives,
    /// How far it roams where it goes on without end: 0 = in its clip, .5 = round its place, 1 = over the whole map.
    #[serde(default = "neighbourhood")]
    pub adventure: f32,
    /// `None` = the source's own length.
    pub seconds: Option<f32>,
    /// Of the texture, and of the draw where the source is the prior.
    pub seed: u64,
}

fn neighbourhood() -> f32 {
    0.5
}

fn first_version() -> Formula {
    Formula::First
}

/// Where the latent comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum RecipeSource {
    /// A whole clip as a row of chunks.
    Clip(u32),
    /// One chunk.
    Chunk(ChunkId),
    /// A point of a layout.
    At {
        /// The layout that the point is on.
        layout: LayoutKind,
        /// In that layout's own units.
        point: MapPoint,
    },
    /// A walk over a layout, evenly in time.
    Path {
        /// The layout that the walk is on.
        layout: LayoutKind,
        /// In that layout's own units, in walking order; at least one.
        points: Vec<MapPoint>,
    },
    /// A draw from the prior, with the recipe's seed.
    Prior {
        /// Which of the seed's draws.
        index: u64,
    },
}

/// Why a recipe cannot be cooked.
#[derive(Debug, thiserror::Error)]
pub enum RecipeError {
    /// Not the JSON of a recipe, or of a newer version.
    #[error("this text is no recipe that this program can read (details: {0})")]
    Syntax(#[from] serde_json::Error),
    /// The hash in the recipe is not that of the open space.
    #[error("the recipe was made with another version of this space, or with another space; its sound would differ")]
    OtherSnapshot {
        /// The hash in the recipe.
        asked: String,
        /// The hash of the open space.
        open: String,
    },
    /// A clip number beyond the last one, or a clip without chunks.
    #[error("the space has {clips} clips, numbered from 0; there is no clip {asked}")]
    NoClip {
        /// The number in the recipe, counted from 0.
        asked: u32,
        /// How many the space has.
        clips: usize,
    },
    /// There is nowhere to walk.
    #[error("a path needs at least one point")]
    EmptyPath,
    /// It names a chunk, place or g that the space does not have.
    #[error(transparent)]
    Nowhere(#[from] crate::decode::ResolveError),
    /// The space could not be decoded, or has no voice.
    #[error(transparent)]
    Decode(#[from] crate::decode::DecodeError),
    /// The engine that voices it cannot be set up.
    #[error("the sound cannot be voiced (details: {0})")]
    Engine(String),
    /// The caller asked for it: no fault to report.
    #[error("stopped")]
    Stopped,
}

impl Recipe {
    /// A recipe of the model alone, with strength 1, texture 1, as loud as it comes, and the source's own labels and length.
    pub fn new(source: RecipeSource) -> Self {
        Self {
            version: Formula::Current,
            snapshot: String::new(),
            source,
            content: None,
            global: None,
            span: Span::Loop,
            condition: None,
            strength: 1.0,
            texture: 1.0,
            detail: 0.0,
            match_loudness: false,
            relatives: Relatives::Off,
            adventure: neighbourhood(),
            seconds: None,
            seed: 1,
        }
    }

    /// One line of text.
    pub fn to_text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads what [`Self::to_text`] wrote.
    ///
    /// # Errors
    /// When the text is something else.
    pub fn from_text(text: &str) -> Result<Self, RecipeError> {
        Ok(serde_json::from_str(text.trim())?)
    }

    /// Whether it was made with `snapshot`.
    ///
    /// # Errors
    /// When it names another.
    pub fn check(&self, snapshot: &Snapshot) -> Result<(), RecipeError> {
        if self.snapshot.is_empty() || self.snapshot == snapshot.hash {
            return Ok(());
        }
        Err(RecipeError::OtherSnapshot {
            asked: self.snapshot.clone(),
            open: snapshot.hash.clone(),
        })
    }

    /// A recipe of `choice`.
    pub fn of_choice(choice: &Choice) -> Self {
        let (source, seed) = match choice.place {
            Place::Chunk(chunk) => (RecipeSource::Chunk(chunk), None),
            Place::At { layout, point } => (RecipeSource::At { layout, point }, None),
            Place::Draw { seed, index } => (RecipeSource::Prior { index }, Some(seed)),
        };
        let plain = Self::new(source);
        Self {
            content: match choice.content {
                Content::Held(chunk) => Some(chunk),
                Content::Nearest { .. } => None,
            },
            global: choice.global.clone(),
            seed: seed.unwrap_or(plain.seed),
            ..plain
        }
    }

    /// Which sound it means and how much of it; a path means another one at every moment.
    ///
    /// # Errors
    /// When it names a clip that is not there.
    pub fn choice(&self, snapshot: &Snapshot) -> Result<Option<(Choice, Span)>, RecipeError> {
        let (place, span) = match self.source {
            RecipeSource::Clip(clip) => {
                let span = if self.span == Span::Endless {
                    self.span
                } else {
                    Span::Song
                };
                (Place::Chunk(first_chunk(snapshot, clip)?), span)
            }
            RecipeSource::Chunk(chunk) => (Place::Chunk(chunk), self.span),
            RecipeSource::At { layout, point } => (Place::At { layout, point }, self.span),
            RecipeSource::Prior { index } => (Place::Draw { seed: self.seed, index }, self.span),
            RecipeSource::Path { .. } => return Ok(None),
        };
        let choice = Choice {
            place,
            content: self.content(None),
            global: self.global.clone(),
        };
        Ok(Some((choice, span)))
    }

    /// Where the events come from while `playing` is heard.
    pub fn content(&self, playing: Option<ChunkId>) -> Content {
        self.content.map_or(Content::Nearest { playing }, Content::Held)
    }

    /// Under which condition.
    pub fn asked(&self) -> Asked {
        Asked {
            condition: self.condition.clone(),
            strength: self.strength,
            match_loudness: self.match_loudness,
            relatives: self.relatives,
        }
    }
}

/// The chunk that a clip begins with.
fn first_chunk(snapshot: &Snapshot, clip: u32) -> Result<ChunkId, RecipeError> {
    let chunks = snapshot.chunks.iter().zip(0..);
    chunks
        .filter(|(chunk, _)| chunk.clip.0 == clip)
        .min_by(|(a, _), (b, _)| a.start_secs.total_cmp(&b.start_secs))
        .map(|(_, index)| ChunkId(index))
        .ok_or(RecipeError::NoClip {
            asked: clip,
            clips: snapshot.clips.len(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recipe_without_a_version_is_of_the_first_one() {
        let text = r#"{"snapshot":"","source":{"At":{"layout":"Pca","point":{"x":0.5,"y":-1.0}}},
            "condition":null,"strength":1.0,"texture":1.0,"seconds":2.0,"seed":7}"#;
        let old = Recipe::from_text(text).unwrap();
        assert_eq!((old.version, old.content, old.span), (Formula::First, None, Span::Loop));
        assert_eq!(Recipe::from_text(&old.to_text()).unwrap(), old);
        assert_eq!(Recipe::new(RecipeSource::Clip(1)).version, Formula::Current);
    }

    #[test]
    fn a_recipe_of_a_newer_version_is_refused_with_a_sentence() {
        let text = Recipe::new(RecipeSource::Clip(1)).to_text();
        let newer = text.replace(r#""version":4"#, r#""version":5"#);
        assert_ne!(newer, text);
        let sentence = Recipe::from_text(&newer).unwrap_err().to_string();
        assert!(sentence.contains("newer Songspace"), "{sentence}");
    }
}
