//! Bookmarks, recipes, samples from the prior.

use crate::app::App;
use crate::render::{self, Recipe, RecipeSource};
use crate::session::{Banner, Bookmark, Gesture, Mixer, PlayPoint};

impl App {
    /// The recipe of what sounds.
    pub(in crate::app) fn recipe_now(&self) -> Option<Recipe> {
        let view = self.session.space.as_ref()?;
        let source = match self.session.sample {
            Some(index) => RecipeSource::Prior { index },
            None => RecipeSource::At {
                layout: self.session.layout()?.kind,
                point: self.session.selection?.point,
            },
        };
        Some(Recipe {
            snapshot: view.snapshot.hash.clone(),
            condition: self.session.mixer.recipe_condition(),
            strength: self.session.mixer.strength,
            texture: self.session.transport.texture,
            ..Recipe::new(source)
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
        self.store_bookmarks();
    }

    pub(in crate::app) fn remove_bookmark(&mut self, index: usize) {
        if index < self.session.bookmarks.len() {
            self.session.bookmarks.remove(index);
            self.store_bookmarks();
        }
    }

    /// Plays `recipe`, or says why that is not possible.
    pub(in crate::app) fn recall(&mut self, recipe: &Recipe) {
        let Some(view) = self.session.space.clone() else {
            self.session
                .announce(Banner::warning("Open the space of this recipe first."));
            return;
        };
        if let Err(error) = recipe.check(&view.snapshot) {
            self.session
                .announce(Banner::warning(format!("{error}. It is played as close as possible.")));
        }
        let mixer = Mixer::of_recipe(recipe, view.snapshot.meta.genres.len());
        match &recipe.source {
            RecipeSource::At { layout, point } if point.x.is_finite() && point.y.is_finite() => {
                self.remember_edit("point");
                self.session.mixer = mixer;
                self.session.settings.layout = *layout;
                self.play(PlayPoint::At(*point), Gesture::Continue);
            }
            RecipeSource::Path { layout, points } => {
                self.session.mixer = mixer;
                self.session.settings.layout = *layout;
                self.start_round(points.clone());
            }
            RecipeSource::Prior { index } => {
                self.session.mixer = mixer;
                self.draw(*index);
            }
            RecipeSource::Clip(clip) => {
                let chunk = view.snapshot.chunks.iter().position(|chunk| chunk.clip.0 == *clip);
                self.session.mixer = mixer;
                if let Some(chunk) = chunk {
                    self.play(PlayPoint::Chunk(crate::values::ChunkId(chunk as u32)), Gesture::Begin);
                }
            }
            RecipeSource::At { .. } => self
                .session
                .announce(Banner::warning("This recipe names no place on the map.")),
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

    fn draw(&mut self, number: u64) {
        if let Some(view) = self.session.space.clone() {
            let latent = render::prior_draw(&view.snapshot, view.snapshot.meta.seed, number);
            self.play_latent(latent);
            self.session.sample = Some(number);
        }
    }

    fn store_bookmarks(&mut self) {
        let as_text = |bookmark: &Bookmark| (bookmark.name.clone(), bookmark.recipe.to_text());
        self.session.settings.bookmarks = self.session.bookmarks.iter().map(as_text).collect();
    }

    pub(in crate::app) fn restore_bookmarks(&mut self) {
        let read = |(name, text): &(String, String)| {
            let recipe = Recipe::from_text(text).ok()?;
            Some(Bookmark {
                name: name.clone(),
                recipe,
            })
        };
        self.session.bookmarks = self.session.settings.bookmarks.iter().filter_map(read).collect();
    }
}
