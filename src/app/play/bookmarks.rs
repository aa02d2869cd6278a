//! Bookmarks, recipes, samples from the prior.

use crate::app::App;
use crate::decode::{Choice, Place, Relatives, Span};
use crate::render::{Recipe, RecipeSource};
use crate::session::{Banner, Bookmark, Mixer, Motion, closed};

impl App {
    /// The recipe of what sounds.
    pub(in crate::app) fn recipe_now(&self) -> Option<Recipe> {
        let recipe = Recipe::of_choice(self.sounding.choice.as_ref()?);
        self.seasoned(Recipe {
            span: self.span(),
            ..recipe
        })
    }

    /// The recipe of one round of the path that moves the point.
    pub(in crate::app) fn path_recipe_now(&self) -> Option<Recipe> {
        let Some(Motion::Path {
            points, period_secs, ..
        }) = &self.session.motion
        else {
            return None;
        };
        let held = self.session.selection.filter(|_| self.session.transport.hold_content);
        self.seasoned(Recipe {
            content: held.map(|selection| selection.chunk),
            seconds: Some(*period_secs),
            ..Recipe::new(RecipeSource::Path {
                layout: self.session.layout()?.kind,
                points: closed(points).collect(),
            })
        })
    }

    /// `recipe` with the space on screen, its condition, its texture and its detail.
    fn seasoned(&self, recipe: Recipe) -> Option<Recipe> {
        let asked = self.session.asked();
        Some(Recipe {
            snapshot: self.session.space.as_ref()?.snapshot.hash.clone(),
            condition: asked.condition,
            strength: asked.strength,
            texture: self.session.transport.texture,
            detail: self.session.transport.detail,
            match_loudness: asked.match_loudness,
            relatives: match (asked.relatives, self.session.relative) {
                // The one that is heard, whatever is hidden when it is played again.
                (Relatives::Nearest, Some(relative)) if recipe.span != Span::Endless => {
                    Relatives::Pinned(relative.chunk)
                }
                (relatives, _) => relatives,
            },
            adventure: self.session.transport.adventure,
            seed: if recipe.span == Span::Endless {
                self.endless.seed()
            } else {
                recipe.seed
            },
            ..recipe
        })
    }

    pub(in crate::app) fn add_bookmark(&mut self) {
        let Some(recipe) = self.recipe_now() else {
            return;
        };
        let of_place = || {
            self.session
                .space
                .as_ref()
                .zip(self.session.selection)
                .and_then(|(view, selection)| {
                    let chunk = view.snapshot.chunks.get(selection.chunk.0 as usize)?;
                    Some(view.snapshot.clips[chunk.clip.0 as usize].title.clone())
                })
                .unwrap_or_default()
        };
        let title = self
            .session
            .sample
            .map_or_else(of_place, |number| format!("New {number}"));
        let number = self.session.bookmarks.len() + 1;
        self.session.bookmarks.push(Bookmark {
            name: format!("{number}. {title}"),
            recipe,
        });
        self.session.unsaved = true;
    }

    pub(in crate::app) fn remove_bookmark(&mut self, index: usize) {
        if index < self.session.bookmarks.len() {
            let removed = self.session.bookmarks.remove(index);
            self.forget_in_settings(|recipe| *recipe == removed.recipe);
            self.session.unsaved = true;
        }
    }

    pub(in crate::app) fn remove_stray(&mut self, index: usize) {
        if let Some(stray) = self.session.strays.get(index).cloned() {
            self.forget_in_settings(|recipe| *recipe == stray.recipe);
            self.list_strays();
        }
    }

    /// Plays `recipe`, or says why that is not possible.
    pub(in crate::app) fn recall(&mut self, recipe: &Recipe) {
        let Some(view) = self.session.space.clone() else {
            self.session
                .announce(Banner::warning("Open the space of this recipe first."));
            return;
        };
        if recipe.check(&view.snapshot).is_err() {
            self.session.announce(Banner::warning(
                "This was made in another version of this space, or in another space. It sounds as near to that as this one can.",
            ));
        }
        let mixer = Mixer::of_recipe(recipe, view.snapshot.meta.genres.len());
        let choice = match recipe.choice(&view.snapshot) {
            Ok(choice) => choice,
            Err(error) => {
                self.session.announce(Banner::warning(format!("{error}.")));
                return;
            }
        };
        self.remember_edit("recipe");
        self.session.mixer = mixer;
        self.session.transport.texture = recipe.texture.clamp(0.0, 2.0);
        self.session.transport.detail = recipe.detail.clamp(0.0, 1.0);
        self.session.transport.match_loudness = recipe.match_loudness;
        self.session.transport.hold_content = recipe.relatives == Relatives::Off && recipe.condition.is_some();
        self.session.transport.pinned_relative = match recipe.relatives {
            Relatives::Pinned(chunk) => Some(chunk),
            Relatives::Off | Relatives::Nearest => None,
        };
        if recipe.span == Span::Endless {
            self.session.transport.adventure = recipe.adventure.clamp(0.0, 1.0);
            self.endless.end();
            self.endless.set_seed(recipe.seed);
        }
        if let RecipeSource::At { layout, .. } | RecipeSource::Path { layout, .. } = recipe.source {
            self.session.settings.layout = layout;
        }
        match (choice, &recipe.source) {
            (Some((choice, span)), _) => {
                self.set_span(span);
                if !self.play_choice(choice) {
                    self.session.announce(Banner::warning(
                        "The space on screen does not have the sound that this recipe names.",
                    ));
                }
            }
            (None, RecipeSource::Path { points, .. }) => self.set_round(points.clone(), recipe.seconds),
            (None, _) => {}
        }
    }

    pub(in crate::app) fn paste_recipe(&mut self, text: &str) {
        match Recipe::from_text(text) {
            Ok(recipe) => self.recall(&recipe),
            Err(error) => self.session.announce(Banner::error(format!(
                "{error}. Copy the whole line and paste it again."
            ))),
        }
    }

    /// Draws `count` new sounds from the prior and plays the first.
    pub(in crate::app) fn sample(&mut self, count: usize) {
        if self.session.space.is_none() {
            return;
        }
        let first = self.session.samples.last().map_or(1, |last| last + 1);
        self.session.samples.extend(first..first + count as u64);
        self.draw(first);
    }

    pub(in crate::app) fn play_sample(&mut self, index: usize) {
        if let Some(number) = self.session.samples.get(index).copied() {
            self.draw(number);
        }
    }

    fn draw(&mut self, index: u64) {
        if let Some(view) = &self.session.space {
            let seed = view.snapshot.meta.seed;
            self.play_choice(Choice::new(Place::Draw { seed, index }));
        }
    }
}
