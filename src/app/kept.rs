//! What a person keeps belongs to the space: taken up when it opens, handed over when it is saved.
//!
//! Earlier programs kept bookmarks in the settings, whatever space they were of. Each of those moves into its space when that
//! opens, and leaves the settings once a file holds it.

use super::App;
use crate::render::Recipe;
use crate::session::{Bookmark, SpaceView};
use crate::space::{Kept, KeptBookmark};
use crate::values::MapPoint;

impl App {
    /// What is kept now, as a file holds it.
    pub(super) fn kept(&self) -> Kept {
        let as_text = |bookmark: &Bookmark| KeptBookmark {
            name: bookmark.name.clone(),
            recipe: bookmark.recipe.to_text(),
        };
        let read = self.session.bookmarks.iter().map(as_text);
        Kept {
            bookmarks: read.chain(self.unread_bookmarks.iter().cloned()).collect(),
            pins: self.session.pins.clone(),
        }
    }

    /// Brings what the space that was just opened keeps.
    pub(super) fn take_up_kept(&mut self) {
        let Some(view) = self.session.space.clone() else {
            return;
        };
        let Kept { bookmarks, pins } = view.snapshot.meta.kept.clone();
        self.session.pins = pins;
        self.session.bookmarks.clear();
        self.unread_bookmarks.clear();
        for kept in bookmarks {
            match Recipe::from_text(&kept.recipe) {
                Ok(recipe) => self.session.bookmarks.push(Bookmark {
                    name: kept.name,
                    recipe,
                }),
                // A newer program's: it stays in the file.
                Err(_) => self.unread_bookmarks.push(kept),
            }
        }
        for bookmark in self.bookmarks_in_settings() {
            let is_known = |known: &Bookmark| known.recipe == bookmark.recipe;
            if bookmark.recipe.check(&view.snapshot).is_ok() && !self.session.bookmarks.iter().any(is_known) {
                self.session.bookmarks.push(bookmark);
                self.session.unsaved = true;
            }
        }
        self.list_strays();
    }

    /// Another space, or none, is on screen.
    pub(super) fn drop_kept(&mut self) {
        self.session.pins.clear();
        self.session.bookmarks.clear();
        self.unread_bookmarks.clear();
        self.list_strays();
    }

    /// A file holds `kept`: the settings need not any more.
    pub(super) fn on_kept(&mut self, kept: &Kept) {
        let saved: Vec<Recipe> = kept
            .bookmarks
            .iter()
            .filter_map(|kept| Recipe::from_text(&kept.recipe).ok())
            .collect();
        self.forget_in_settings(|recipe| saved.contains(recipe));
        self.list_strays();
    }

    /// Takes recipes out of the settings; texts that are none stay.
    pub(super) fn forget_in_settings(&mut self, is_meant: impl Fn(&Recipe) -> bool) {
        let stays = |(_, text): &(String, String)| !Recipe::from_text(text).is_ok_and(|recipe| is_meant(&recipe));
        self.session.settings.bookmarks.retain(stays);
    }

    pub(super) fn list_strays(&mut self) {
        let mut strays = self.bookmarks_in_settings();
        let here = &self.session.bookmarks;
        strays.retain(|stray| !here.iter().any(|bookmark| bookmark.recipe == stray.recipe));
        self.session.strays = strays;
    }

    fn bookmarks_in_settings(&self) -> Vec<Bookmark> {
        let read = |(name, text): &(String, String)| {
            Some(Bookmark {
                name: name.clone(),
                recipe: Recipe::from_text(text).ok()?,
            })
        };
        self.session.settings.bookmarks.iter().filter_map(read).collect()
    }

    /// Moves pins with their chunks where a map was drawn again since `before`.
    pub(super) fn pins_follow(&mut self, before: &SpaceView) {
        let Some(now) = &self.session.space else {
            return;
        };
        for pin in &mut self.session.pins {
            let place = |view: &SpaceView| -> Option<MapPoint> {
                let mut layouts = view.snapshot.layouts.iter();
                let layout = layouts.find(|layout| layout.kind == pin.layout)?;
                layout.points.get(pin.chunk.0 as usize).copied()
            };
            if let (Some(old), Some(new)) = (place(before), place(now))
                && old != new
            {
                pin.point = new;
            }
        }
    }
}
