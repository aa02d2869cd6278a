//! What the map remembers between frames.

use super::camera::{Camera, Room};
use super::cloud::MeshCache;
use super::cover::Cover;
use super::hover_card::Hovered;
use super::light::Light;
use super::looks::Looks;
use super::morph::Morph;
use super::names::Names;
use super::shading::Shading;
use super::trail::Trail;
use super::visible::Visible;
use crate::session::{LayoutView, SearchIn, SpaceView};
use crate::values::ChunkId;
use egui::{Id, Pos2, Rect, TextureHandle, vec2};
use std::cell::RefCell;
use std::collections::BTreeSet;

/// What a press on the map means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tool {
    /// Play what is under the pointer.
    #[default]
    Play,
    /// Draw a path that loops.
    Draw,
    /// Draw a frame to look into.
    Look,
}

/// Everything the map remembers between frames that nobody else needs.
#[derive(Default)]
pub struct MapState {
    /// Which part of the map is on screen.
    pub camera: Camera,
    /// Goes back to `Play` once a path is drawn.
    pub tool: Tool,
    /// What is typed into the search field.
    pub query: String,
    /// Put the keyboard into the search field with the next frame.
    pub focus_search: bool,
    /// The search field or its list has the keyboard.
    pub searching: bool,
    /// What is not found is not on the map.
    pub only_found: bool,
    /// Switched-off categories of the legend.
    pub hidden: BTreeSet<usize>,
    /// Whether the legend is unfolded; `None` leaves it to the room there is.
    pub legend_open: Option<bool>,
    /// The space bar was used to pan, so letting it go does not start or stop the sound.
    pub panned_with_space: bool,
    /// Where the map was drawn last.
    pub rect: Option<Rect>,
    /// What has the keyboard while the map has it.
    pub id: Option<Id>,
    pub(super) colouring: Option<crate::session::ColourBy>,
    pub(super) within: SearchIn,
    /// Which line of the list of clips found is chosen.
    pub(super) chosen: usize,
    pub(super) visible: Visible,
    pub(super) hovered: Option<Hovered>,
    /// Where the context menu was opened.
    pub(super) menu_place: [f32; 2],
    pub(super) stroke: Option<Vec<crate::values::MapPoint>>,
    pub(super) playing_hand: bool,
    pub(super) last_played: Option<[f32; 2]>,
    /// Both corners of the frame that a hand draws, on screen.
    pub(super) frame: Option<[Pos2; 2]>,
    /// What the map may fill, as of the last frame.
    pub(super) room: Option<Room>,
    /// What the legend covers, and what that was worked out for.
    pub(super) cover: Cover,
    pub(super) light: Light,
    pub(super) trail: Trail,
    pub(super) morph: Morph,
    pub(super) looks: Looks,
    pub(super) names: Names,
    pub(super) mesh: RefCell<MeshCache>,
    pub(super) sprite: Option<TextureHandle>,
    pub(super) shading: Shading,
}

impl MapState {
    /// Where the place `view`, in view units, was on screen in the last frame; `None` before the first.
    pub fn on_screen(&self, view: [f32; 2]) -> Option<Pos2> {
        let (rect, room) = (self.rect?, self.room?);
        let bounds = self.camera.bounds(&room);
        let part = |axis: usize| {
            ((f64::from(view[axis]) - bounds.min()[axis]) / (bounds.max()[axis] - bounds.min()[axis])) as f32
        };
        Some(rect.left_bottom() + vec2(part(0) * rect.width(), -part(1) * rect.height()))
    }

    /// Glides to `places`, in view units; nowhere without any.
    pub fn look_at(&mut self, places: impl Iterator<Item = [f32; 2]>) {
        let (mut low, mut high) = ([f32::MAX; 2], [f32::MIN; 2]);
        for place in places {
            for axis in [0, 1] {
                low[axis] = low[axis].min(place[axis]);
                high[axis] = high[axis].max(place[axis]);
            }
        }
        if let Some(room) = self.room.filter(|_| low[0] <= high[0]) {
            self.camera.glide_to(low, high, &room);
        }
    }

    /// Whether some of the map is hidden or something is searched.
    pub(in crate::ui) fn is_narrowed(&self) -> bool {
        self.visible.shown.is_some() || self.visible.found.is_some()
    }

    /// Looks at what was found, or at what is shown; where neither is narrowed, at `around`.
    pub(in crate::ui) fn look_at_choice(&mut self, view: &SpaceView, layout: &LayoutView, around: &[ChunkId]) {
        let chosen = |i: usize| {
            let clip = view.snapshot.chunks[i].clip.0 as usize;
            let found = self.visible.found.as_ref();
            self.visible.has(ChunkId(i as u32)) && found.is_none_or(|found| found.get(clip).copied().unwrap_or(false))
        };
        let places: Vec<[f32; 2]> = if self.is_narrowed() {
            (0..layout.positions.len())
                .filter(|i| chosen(*i))
                .map(|i| layout.positions[i])
                .collect()
        } else {
            around
                .iter()
                .filter_map(|chunk| layout.positions.get(chunk.0 as usize).copied())
                .collect()
        };
        self.look_at(places.into_iter());
    }

    /// Takes back what hides points: another space has other genres and clips.
    pub fn show_all(&mut self) {
        self.hidden.clear();
        self.query.clear();
        self.only_found = false;
    }
}
