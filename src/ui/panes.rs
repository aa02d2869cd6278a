//! What the panes remember between frames.

use super::conditions::ConditionsState;
use super::dialogs::Dialog;
use super::keyboard::KeyboardState;
use super::map::MapState;
use super::memory::MemoryState;
use super::menu::BarState;
use super::pictures::PicturesState;
use super::player::SpectrogramState;
use super::training::TrainingPaneState;

/// What the side panel shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SideTab {
    /// Genre, mood and strength.
    #[default]
    Sound,
    /// Learning a folder of music.
    Train,
    /// Takes, bookmarks, pins, new sounds and recipes.
    Library,
}

/// What the panes remember between frames.
#[derive(Default)]
pub struct Panes {
    /// View, tool and search of the map.
    pub map: MapState,
    /// Switched by its tabs, by keys and by menu items.
    pub side: SideTab,
    /// A sheet over everything, if one is open.
    pub dialog: Option<Dialog>,
    /// What is filled in for the next training.
    pub training: TrainingPaneState,
    pub(super) menu_bar: BarState,
    pub(super) keyboard: KeyboardState,
    pub(super) conditions: ConditionsState,
    pub(super) pictures: PicturesState,
    pub(super) spectrogram: SpectrogramState,
    pub(super) memory: MemoryState,
}
