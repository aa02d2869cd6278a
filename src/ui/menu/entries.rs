//! The kinds of entries that menus are made of.

use crate::session::{Commands, Session};
use crate::ui::keys::{self, Action};
use crate::ui::panes::Panes;
use egui::{Button, Ui};

/// An entry; true when it was chosen.
pub fn entry(ui: &mut Ui, enabled: bool, text: &str) -> bool {
    ui.add_enabled(enabled, Button::new(text)).clicked()
}

/// An entry that does what a shortcut does.
pub fn action(
    ui: &mut Ui,
    enabled: bool,
    text: &str,
    what: Action,
    session: &Session,
    panes: &mut Panes,
    commands: &mut Commands,
) {
    let shortcut = keys::text_of(ui.ctx(), what);
    if ui
        .add_enabled(enabled, Button::new(text).shortcut_text(shortcut))
        .clicked()
    {
        keys::perform(what, session, panes, commands);
    }
}

/// An entry that is on or off.
pub fn check(ui: &mut Ui, on: bool, text: &str) -> bool {
    ui.selectable_label(on, text).clicked()
}
