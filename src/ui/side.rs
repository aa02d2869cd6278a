//! The panel beside the map and its three tabs.

use super::controls::tabs;
use super::dialogs::Dialog;
use super::panes::{Panes, SideTab};
use super::tokens::space;
use super::{conditions, memory, training};
use crate::session::{Commands, Session};
use egui::Ui;

/// Draws the tabs and the chosen one.
pub fn show(ui: &mut Ui, session: &Session, panes: &mut Panes, commands: &mut Commands) {
    let pages = [
        (
            SideTab::Sound,
            "Sound",
            "Genre, mood and strength: what the sound should be like (Ctrl+1)",
        ),
        (SideTab::Train, "Train", "Learn a folder of music (Ctrl+2)"),
        (
            SideTab::Library,
            "Library",
            "Bookmarks, pins, new sounds and recipes (Ctrl+3)",
        ),
    ];
    if let Some(tab) = tabs(ui, panes.side, &pages) {
        panes.side = tab;
    }
    ui.add_space(space::SNUG);
    match panes.side {
        SideTab::Sound => conditions::show(ui, session, &mut panes.conditions, commands),
        SideTab::Train => {
            training::show(ui, session, &mut panes.training, commands);
            if std::mem::take(&mut panes.training.wants_report) {
                panes.dialog = Some(Dialog::Report);
            }
        }
        SideTab::Library => memory::show(ui, session, &mut panes.memory, commands),
    }
}
