//! What a person keeps: bookmarked recipes. Pinned places are as the space holds them.

use super::Mixer;
use crate::render::Recipe;
use crate::values::strength_in_range;

/// A recipe with a name.
#[derive(Clone, Debug, PartialEq)]
pub struct Bookmark {
    /// Numbered when it was made, with the clip's title or the draw's number.
    pub name: String,
    /// Names the version of the space that it was made with.
    pub recipe: Recipe,
}

impl Mixer {
    /// Asks for what `recipe` asks for, in a space of `genres` genres. Numbers out of range are pulled into it.
    pub fn of_recipe(recipe: &Recipe, genres: usize) -> Self {
        let mut mixer = Self::for_genres(genres);
        mixer.strength = strength_in_range(recipe.strength);
        if let Some(condition) = &recipe.condition {
            mixer.as_recorded = false;
            mixer.show_labels(&condition.clone().normalised());
        }
        mixer
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::Relatives;
    use crate::render::RecipeSource;
    use crate::space::LayoutKind;
    use crate::values::{MapPoint, STRENGTHS};

    fn recipe_of(mixer: &Mixer) -> Recipe {
        let source = RecipeSource::At {
            layout: LayoutKind::Tsne,
            point: MapPoint { x: 1.25, y: -0.1 },
        };
        Recipe {
            condition: mixer.asked(false, Relatives::Off).condition,
            strength: mixer.strength,
            ..Recipe::new(source)
        }
    }

    #[test]
    fn a_recipe_brings_the_mix_back() {
        let mixer = Mixer {
            faders: vec![0.25, 0.75],
            emotion: Some((0.1, -0.3)),
            strength: 2.5,
            as_recorded: false,
        };
        let back = Recipe::from_text(&recipe_of(&mixer).to_text()).unwrap();
        assert_eq!(Mixer::of_recipe(&back, 2), mixer);
    }

    #[test]
    fn a_wild_recipe_is_tamed() {
        let recipe = Recipe {
            strength: 900.0,
            ..recipe_of(&Mixer::for_genres(3))
        };
        assert_eq!(Mixer::of_recipe(&recipe, 3).strength, *STRENGTHS.end());
    }
}
