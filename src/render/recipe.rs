//! What to render: a shareable text that gives the same sound again on the same snapshot.

use crate::space::{LayoutKind, Snapshot};
use crate::values::{Condition, MapPoint};
use serde::{Deserialize, Serialize};

/// Latent source, condition, strength, length and seed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recipe {
    /// The snapshot's hash; empty = whichever is open.
    pub snapshot: String,
    pub source: RecipeSource,
    /// Replaces the labels of the source where it says something; `None` = as recorded.
    pub condition: Option<Condition>,
    pub strength: f32,
    pub texture: f32,
    /// `None` = the source's own length.
    pub seconds: Option<f32>,
    pub seed: u64,
}

/// Where the latent comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum RecipeSource {
    /// A whole clip as a row of chunks.
    Clip(u32),
    /// A point of a layout, looped.
    At { layout: LayoutKind, point: MapPoint },
    /// A walk over a layout, evenly in time.
    Path { layout: LayoutKind, points: Vec<MapPoint> },
    /// A draw from the prior, looped.
    Prior { index: u64 },
}

/// Why a recipe cannot be cooked.
#[derive(Debug, thiserror::Error)]
pub enum RecipeError {
    #[error("this text is no recipe: {0}")]
    Syntax(#[from] serde_json::Error),
    #[error(
        "the recipe was made with another version of the space ({asked} instead of {open}); its sound would differ"
    )]
    OtherSnapshot { asked: String, open: String },
    #[error("the space has {clips} clips, numbered from 0; there is no clip {asked}")]
    NoClip { asked: u32, clips: usize },
    #[error("the space has no map point to play")]
    EmptyMap,
    #[error("a path needs at least one point")]
    EmptyPath,
    #[error(transparent)]
    Decode(#[from] crate::decode::DecodeError),
}

impl Recipe {
    /// A recipe with strength 1, texture 1 and the source's own labels and length.
    pub fn new(source: RecipeSource) -> Self {
        Self {
            snapshot: String::new(),
            source,
            condition: None,
            strength: 1.0,
            texture: 1.0,
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

    /// `labels` with what the recipe asks for in their place.
    pub fn condition_over(&self, labels: &Condition) -> Condition {
        let Some(asked) = &self.condition else {
            return labels.clone();
        };
        Condition {
            genre: if asked.genre_known() {
                asked.genre.clone()
            } else {
                labels.genre.clone()
            },
            valence: asked.valence.or(labels.valence),
            arousal: asked.arousal.or(labels.arousal),
        }
    }
}
