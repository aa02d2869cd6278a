//! The kinds of entries that menus are made of. Each closes its menu, whether a pointer or a key chose it.

use super::bar::mark_submenu;
use crate::session::{Commands, Session};
use crate::ui::keys::{self, Action};
use crate::ui::panes::Panes;
use egui::containers::menu::SubMenuButton;
use egui::{Button, Ui};

/// An entry; true when it was chosen.
pub fn entry(ui: &mut Ui, enabled: bool, text: &str) -> bool {
    chosen(ui, enabled, Button::new(text))
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
    if chosen(ui, enabled, Button::new(text).shortcut_text(shortcut)) {
        keys::perform(what, session, panes, commands);
    }
}

/// An entry that is on or off.
pub fn check(ui: &mut Ui, on: bool, text: &str) -> bool {
    chosen(ui, true, Button::selectable(on, text))
}

/// An entry of any looks; true when it was chosen.
pub fn chosen(ui: &mut Ui, enabled: bool, button: Button<'_>) -> bool {
    let chosen = ui.add_enabled(enabled, button).clicked();
    if chosen {
        ui.close();
    }
    chosen
}

/// An entry that opens a menu of its own.
pub fn submenu(ui: &mut Ui, enabled: bool, text: &str, contents: impl FnOnce(&mut Ui)) {
    ui.add_enabled_ui(enabled, |ui| {
        let (response, _) = SubMenuButton::new(text).ui(ui, contents);
        mark_submenu(ui.ctx(), response.id);
    });
}
