//! Recipes: everything needed to make a sound again, as one line of text a person can paste into a mail.

use super::Mixer;
use crate::bundle::LayoutKind;
use crate::space::{ChunkId, MapPoint};
use serde::{Deserialize, Serialize};

/// A place, a condition and the space they belong to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recipe {
    /// [`crate::bundle::Snapshot::hash`] of the space: the same hash renders the same samples on a CPU.
    pub space: String,
    /// The space's name, for the sentence that says which one is missing.
    pub space_name: String,
    pub layout: LayoutKind,
    pub point: MapPoint,
    /// Set when the point is this chunk exactly.
    pub chunk: Option<ChunkId>,
    pub mixer: Mixer,
}

/// A recipe with a name.
#[derive(Clone, Debug, PartialEq)]
pub struct Bookmark {
    pub name: String,
    pub recipe: Recipe,
}

/// A place on the map to come back to; notes of a MIDI keyboard trigger them in order.
#[derive(Clone, Debug, PartialEq)]
pub struct Pin {
    pub point: MapPoint,
    pub layout: LayoutKind,
}

/// Why a text is no recipe.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecipeError {
    #[error("This text is no Songspace recipe: recipes begin with \"{PREFIX}\".")]
    Foreign,
    #[error("This recipe cannot be read ({0}). Copy it again, whole.")]
    Damaged(String),
}

/// First word of a recipe, with the version of its form.
const PREFIX: &str = "songspace-recipe-1";

impl Recipe {
    /// One line of text.
    pub fn to_text(&self) -> String {
        // A recipe holds only numbers, strings and lists, which JSON can always hold.
        let json = serde_json::to_string(self).unwrap_or_default();
        format!("{PREFIX} {json}")
    }

    /// Reads what [`Self::to_text`] wrote.
    ///
    /// # Errors
    /// When the text is something else, or a part is missing or out of range.
    pub fn from_text(text: &str) -> Result<Self, RecipeError> {
        let json = text.trim().strip_prefix(PREFIX).ok_or(RecipeError::Foreign)?;
        let mut recipe: Self = serde_json::from_str(json).map_err(|error| RecipeError::Damaged(error.to_string()))?;
        if !(recipe.point.x.is_finite() && recipe.point.y.is_finite()) {
            return Err(RecipeError::Damaged("its place is no number".into()));
        }
        let strength = recipe.mixer.strength;
        recipe.mixer.strength = if strength.is_finite() {
            strength.clamp(0.0, Mixer::MAX_STRENGTH)
        } else {
            1.0
        };
        Ok(recipe)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recipe() -> Recipe {
        Recipe {
            space: "a1b2".into(),
            space_name: "demo".into(),
            layout: LayoutKind::Tsne,
            point: MapPoint { x: 1.25, y: -0.1 },
            chunk: Some(ChunkId(7)),
            mixer: Mixer {
                faders: vec![0.25, 0.75],
                emotion: Some((0.1, -0.3)),
                strength: 1.5,
                as_recorded: false,
            },
        }
    }

    #[test]
    fn a_recipe_survives_its_text() {
        let text = recipe().to_text();
        assert!(!text.contains('\n'));
        assert_eq!(Recipe::from_text(&format!("  {text}\n")), Ok(recipe()));
    }

    #[test]
    fn other_texts_are_refused_with_a_reason() {
        assert_eq!(Recipe::from_text("hello"), Err(RecipeError::Foreign));
        let text = recipe().to_text();
        assert!(matches!(
            Recipe::from_text(&text[..text.len() - 5]),
            Err(RecipeError::Damaged(_))
        ));
        let wild = text.replace("1.5", "900.0");
        assert_eq!(Recipe::from_text(&wild).unwrap().mixer.strength, Mixer::MAX_STRENGTH);
    }
}
