//! Panes: `(&Session, &mut Panes, &mut Commands)` to pixels.
//!
//! UI thread only. A pane reads the session, keeps what only it needs (a hovered point, a half-typed word) in its
//! own state, and asks for everything else with a [`crate::session::Command`]. Nothing here imports the
//! back-ends, so every pane runs in a test with a session made by hand.

mod banners;
mod conditions;
mod controls;
mod dialogs;
mod icon;
mod keys;
mod map;
mod memory;
mod menu;
mod palette;
mod pictures;
mod player;
mod side;
mod status;
mod style;
mod tokens;
mod tour;
mod training;

pub use dialogs::{Dialog, PathSheet};
pub use map::{Camera, MapState, Tool};
pub use side::SideTab;
pub use style::{install, set_theme};
pub use training::TrainingState as TrainingPaneState;

use crate::session::{Commands, Session};
use egui::{CentralPanel, Frame, Margin, Panel, Ui};
use tokens::{colours, size, space};

/// What the panes remember between frames.
#[derive(Default)]
pub struct Panes {
    pub map: MapState,
    pub side: SideTab,
    /// A sheet over everything, if one is open.
    pub dialog: Option<Dialog>,
    pub training: TrainingPaneState,
    conditions: conditions::ConditionsState,
    pictures: pictures::PicturesState,
    spectrogram: player::SpectrogramState,
    memory: memory::MemoryState,
}

/// Draws the whole window into `ui` and collects what was asked for.
pub fn show(ui: &mut Ui, session: &Session, panes: &mut Panes, commands: &mut Commands) {
    keys::handle(ui.ctx(), session, panes, commands);
    let c = colours(ui);
    let frame = |x: f32, y: f32| {
        Frame::new()
            .fill(c.panel)
            .inner_margin(Margin::symmetric(x as i8, y as i8))
    };
    Panel::top("menu")
        .frame(frame(space::SNUG, space::TIGHT))
        .show(ui, |ui| {
            menu::show(ui, session, panes, commands);
        });
    Panel::bottom("status")
        .frame(frame(space::ROOMY, 0.0))
        .exact_size(size::STATUS)
        .show(ui, |ui| status::show(ui, session));
    Panel::bottom("player")
        .frame(frame(space::ROOMY, space::ROOMY))
        .exact_size(size::PLAYER)
        .show(ui, |ui| player::show(ui, session, &mut panes.spectrogram, commands));
    let nothing_to_shape = session.space.is_none() && panes.side == SideTab::Shape;
    if session.settings.show_conditions && !nothing_to_shape {
        Panel::right("side")
            .frame(frame(space::ROOMY, space::SNUG))
            .default_size(size::SIDE)
            .size_range(248.0..=420.0)
            .show(ui, |ui| side::show(ui, session, panes, commands));
    }
    CentralPanel::default()
        .frame(Frame::new().fill(c.panel))
        .show(ui, |ui| {
            let whole = ui.available_rect_before_wrap();
            map::show(ui, session, &mut panes.map, commands);
            let under_toolbar = panes.map.rect.filter(|_| session.space.is_some());
            banners::show(ui, session, under_toolbar.unwrap_or(whole), commands);
            tour::show(ui, session, under_toolbar.unwrap_or(whole), commands);
        });
    dialogs::show(ui.ctx(), session, panes, commands);
    pictures::show(ui.ctx(), session, &mut panes.pictures, commands);
}
