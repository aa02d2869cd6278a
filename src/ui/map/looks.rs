//! Colour and shape of every point, worked out only when something they depend on changes.

use crate::session::{ColourBy, Shown, SpaceView, is_shown};
use crate::ui::palette::{self, Mark};
use crate::values::ChunkId;
use egui::Color32;
use std::sync::Arc;

/// One point's colour (transparent = not drawn) and shape.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Look {
    pub colour: Color32,
    pub mark: Mark,
}

/// Everything the looks depend on.
#[derive(Clone, Debug, PartialEq)]
pub struct LooksKey {
    /// Version of the view: a new snapshot is a new space.
    pub space: u64,
    pub colour_by: ColourBy,
    pub dark: bool,
    /// Version of what is shown and found.
    pub visible: u64,
    /// Which layout's density is shown.
    pub layout: crate::space::LayoutKind,
}

/// The looks and what they were made for.
#[derive(Debug, Default)]
pub struct Looks {
    key: Option<LooksKey>,
    looks: Arc<[Look]>,
    version: u64,
}

impl Looks {
    /// The looks for `key`, and a number that changes with them.
    pub fn get(
        &mut self,
        space: &SpaceView,
        key: LooksKey,
        shown: Option<&Shown>,
        found: Option<&[bool]>,
    ) -> (Arc<[Look]>, u64) {
        if self.key.as_ref() != Some(&key) {
            self.looks = (0..space.genre_of.len())
                .map(|i| look(space, &key, i, is_shown(shown, ChunkId(i as u32)), found))
                .collect();
            self.version += 1;
            self.key = Some(key);
        }
        (Arc::clone(&self.looks), self.version)
    }
}

/// The legend category of point `i`, where the colouring has categories.
pub fn category(space: &SpaceView, colour_by: ColourBy, i: usize) -> Option<usize> {
    match colour_by {
        ColourBy::Genre => space.genre_of[i].map(usize::from),
        ColourBy::File => Some(space.snapshot.chunks[i].clip.0 as usize),
        ColourBy::Cluster => space.snapshot.clusters.get(i).map(|cluster| usize::from(*cluster)),
        ColourBy::Valence | ColourBy::Arousal | ColourBy::Density => None,
    }
}

fn look(space: &SpaceView, key: &LooksKey, i: usize, is_shown: bool, found: Option<&[bool]>) -> Look {
    let category = category(space, key.colour_by, i);
    if !is_shown {
        return Look {
            colour: Color32::TRANSPARENT,
            mark: Mark::Disc,
        };
    }
    let emotion = |value: f32| {
        if value.is_finite() {
            palette::diverging(value * 0.5 + 0.5, key.dark)
        } else {
            palette::unknown(key.dark)
        }
    };
    let colour = match key.colour_by {
        ColourBy::Genre | ColourBy::Cluster | ColourBy::File => {
            category.map_or_else(|| palette::unknown(key.dark), |c| palette::category(c, key.dark))
        }
        ColourBy::Valence => emotion(space.valence[i]),
        ColourBy::Arousal => emotion(space.arousal[i]),
        ColourBy::Density => {
            let density = space.layout(key.layout).map_or(0.0, |layout| {
                let [x, y] = layout.positions[i];
                layout.field.at(x, y)
            });
            palette::sequential(density, key.dark)
        }
    };
    let clip = space.snapshot.chunks[i].clip.0 as usize;
    let faded = found.is_some_and(|found| !found.get(clip).copied().unwrap_or(false));
    Look {
        colour: if faded { colour.gamma_multiply(0.10) } else { colour },
        mark: category.map_or(Mark::Disc, palette::mark),
    }
}
