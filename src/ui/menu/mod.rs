//! The menu bar. Every entry is also a command, so every entry has a test.

mod bar;
mod edit;
mod entries;
mod file;
mod map;
mod model;
mod music;
mod play;
mod played;

use super::controls::follow_keyboard;
use super::dialogs::Dialog;
use super::keys::{self, Action};
use super::panes::{Panes, SideTab};
use crate::session::{Command, Commands, Session, ThemeChoice};
pub use bar::BarState;
use egui::{Button, MenuBar, ScrollArea, TextWrapMode, Ui};
use entries::{check, check_action, chosen, entry, submenu, with_gutter};

/// Draws the menu bar.
pub fn show(ui: &mut Ui, session: &Session, panes: &mut Panes, commands: &mut Commands) {
    MenuBar::new().ui(ui, |ui| {
        let menus = [
            file::show,
            edit::show,
            music::show,
            model::show,
            map::show,
            play::show,
            view,
            help,
        ];
        let mut bar = std::mem::take(&mut panes.menu_bar);
        for (index, menu) in menus.into_iter().enumerate() {
            bar.title(ui, index, |ui| scrolling(ui, |ui| menu(ui, session, panes, commands)));
        }
        bar.settle(ui.ctx());
        panes.menu_bar = bar;
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            super::controls::caption(ui, session.marked_title());
        });
    });
}

/// A menu higher than the window scrolls.
fn scrolling(ui: &mut Ui, contents: impl FnOnce(&mut Ui)) {
    const MARGINS: f32 = 56.0;
    const LEAST_WIDTH: f32 = 200.0;
    let room = (ui.ctx().content_rect().height() - MARGINS).max(120.0);
    let area = ScrollArea::vertical().max_height(room).min_scrolled_height(room);
    area.show(ui, |ui| {
        ui.set_min_width(LEAST_WIDTH);
        ui.style_mut().wrap_mode = Some(TextWrapMode::Extend);
        with_gutter(ui);
        contents(ui);
        follow_keyboard(ui);
    });
}

fn view(ui: &mut Ui, session: &Session, panes: &mut Panes, commands: &mut Commands) {
    submenu(ui, true, "Theme", |ui| {
        for choice in ThemeChoice::ALL {
            if check(ui, session.settings.theme == choice, choice.name()) {
                commands.push(Command::SetTheme(choice));
            }
        }
    });
    submenu(ui, true, "Size", |ui| {
        for percent in [80, 100, 125, 150, 200] {
            let zoom = percent as f32 / 100.0;
            if check(ui, (session.settings.zoom - zoom).abs() < 0.01, &format!("{percent} %")) {
                commands.push(Command::SetZoom(zoom));
            }
        }
    });
    ui.separator();
    let on = session.settings.show_conditions;
    check_action(ui, on, "Side panel", Action::Side, session, panes, commands);
    for (tab, text, what) in [
        (SideTab::Sound, "Sound", Action::TabSound),
        (SideTab::Train, "Train", Action::TabTrain),
        (SideTab::Library, "Library", Action::TabLibrary),
    ] {
        let on = panes.side == tab;
        check_action(ui, on, text, what, session, panes, commands);
    }
}

fn help(ui: &mut Ui, session: &Session, panes: &mut Panes, commands: &mut Commands) {
    if entry(ui, session.space.is_some(), "Take the tour") {
        commands.push(Command::StartTour);
    }
    let shortcut = keys::text_of(ui.ctx(), Action::Help);
    let button = Button::new("Keyboard shortcuts").shortcut_text(shortcut);
    if chosen(ui, true, button) {
        panes.dialog = Some(Dialog::Shortcuts);
    }
    if entry(ui, true, "About Songspace") {
        panes.dialog = Some(Dialog::About);
    }
    ui.separator();
    submenu(ui, true, "Troubleshooting", |ui| {
        if entry(ui, true, "Restart the engine") {
            commands.push(Command::RestartEngine);
        }
    });
}
