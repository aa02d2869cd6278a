//! What the map remembers between frames.

use super::camera::Camera;
use super::cloud::MeshCache;
use super::hover_card::Hovered;
use super::looks::Looks;
use super::morph::Morph;
use super::names::Names;
use super::shading::Shading;
use super::trail::Trail;
use super::visible::Visible;
use crate::session::SearchIn;
use egui::{Id, Rect, TextureHandle};
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
    pub(super) trail: Trail,
    pub(super) morph: Morph,
    pub(super) looks: Looks,
    pub(super) names: Names,
    pub(super) mesh: RefCell<MeshCache>,
    pub(super) sprite: Option<TextureHandle>,
    pub(super) shading: Shading,
}

impl MapState {
    /// Takes back what hides points: another space has other genres and clips.
    pub fn show_all(&mut self) {
        self.hidden.clear();
        self.query.clear();
        self.only_found = false;
    }
}
