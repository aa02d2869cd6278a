//! The kinds of entries that menus are made of. Each closes its menu, whether a pointer or a key chose it.

use super::bar::mark_submenu;
use crate::session::{Commands, Session};
use crate::ui::icon::Icon;
use crate::ui::keys::{self, Action};
use crate::ui::panes::Panes;
use crate::ui::tokens::colours;
use egui::accesskit::Role;
use egui::containers::menu::SubMenuButton;
use egui::{Button, Rect, Response, Ui, Vec2, WidgetInfo, vec2};

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

/// An entry that is on or off: a tick before it says which.
pub fn check(ui: &mut Ui, on: bool, text: &str) -> bool {
    let response = ui.add(Button::new(text));
    tick(ui, &response, on, text);
    closes(ui, &response)
}

/// The same for a choice that a shortcut makes too.
pub fn check_action(
    ui: &mut Ui,
    on: bool,
    text: &str,
    what: Action,
    session: &Session,
    panes: &mut Panes,
    commands: &mut Commands,
) {
    let shortcut = keys::text_of(ui.ctx(), what);
    let response = ui.add(Button::new(text).shortcut_text(shortcut));
    tick(ui, &response, on, text);
    if closes(ui, &response) {
        keys::perform(what, session, panes, commands);
    }
}

fn tick(ui: &Ui, response: &Response, on: bool, text: &str) {
    if on {
        let place = Rect::from_center_size(response.rect.left_center() + vec2(0.5 * GUTTER, 0.0), Vec2::splat(11.0));
        Icon::Tick.paint(ui.painter(), place, colours(ui).accent);
    }
    response.widget_info(|| WidgetInfo::selected(Role::MenuItemCheckBox, ui.is_enabled(), on, text));
}

/// An entry of any looks; true when it was chosen.
pub fn chosen(ui: &mut Ui, enabled: bool, button: Button<'_>) -> bool {
    let response = ui.add_enabled(enabled, button);
    closes(ui, &response)
}

fn closes(ui: &Ui, response: &Response) -> bool {
    if response.clicked() {
        ui.close();
    }
    response.clicked()
}

/// Room at the left of every entry, where ticks stand.
pub const GUTTER: f32 = 24.0;

/// Makes room for ticks.
pub fn with_gutter(ui: &mut Ui) {
    ui.spacing_mut().button_padding.x = GUTTER;
}

/// An entry that opens a menu of its own.
pub fn submenu(ui: &mut Ui, enabled: bool, text: &str, contents: impl FnOnce(&mut Ui)) {
    ui.add_enabled_ui(enabled, |ui| {
        let (response, _) = SubMenuButton::new(text).ui(ui, |ui| {
            with_gutter(ui);
            contents(ui);
        });
        mark_submenu(ui.ctx(), response.id);
    });
}
