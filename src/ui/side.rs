//! The panel beside the map and its three tabs.

use super::controls::segmented;
use super::panes::{Panes, SideTab};
use super::tokens::space;
use super::{conditions, memory, training};
use crate::session::{Commands, Session};
use egui::Ui;

/// Draws the tabs and the chosen one.
pub fn show(ui: &mut Ui, session: &Session, panes: &mut Panes, commands: &mut Commands) {
    let tabs = [
        (SideTab::Shape, "Shape", "Genre, mood and strength"),
        (SideTab::Train, "Train", "Learn a folder of music"),
        (SideTab::Keep, "Keep", "Pins and bookmarks"),
    ];
    if let Some(tab) = segmented(ui, panes.side, &tabs) {
        panes.side = tab;
    }
    ui.add_space(space::SNUG);
    match panes.side {
        SideTab::Shape => conditions::show(ui, session, &mut panes.conditions, commands),
        SideTab::Train => training::show(ui, session, &mut panes.training, commands),
        SideTab::Keep => memory::show(ui, session, &mut panes.memory, commands),
    }
}
