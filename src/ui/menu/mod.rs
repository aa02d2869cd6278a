//! The menu bar. Every entry is also a command, so every entry has a test.

mod corpus;
mod entries;
mod file;
mod map;
mod model;
mod play;

use super::dialogs::Dialog;
use super::keys::{self, Action};
use super::panes::{Panes, SideTab};
use crate::session::{Command, Commands, Session, ThemeChoice};
use egui::{Button, MenuBar, Ui};
use entries::{action, check, entry};

/// Draws the menu bar.
pub fn show(ui: &mut Ui, session: &Session, panes: &mut Panes, commands: &mut Commands) {
    MenuBar::new().ui(ui, |ui| {
        ui.menu_button("File", |ui| file::show(ui, session, panes, commands));
        ui.menu_button("Corpus", |ui| corpus::show(ui, session, panes, commands));
        ui.menu_button("Model", |ui| model::show(ui, session, panes, commands));
        ui.menu_button("Map", |ui| map::show(ui, session, panes, commands));
        ui.menu_button("Play", |ui| play::show(ui, session, panes, commands));
        ui.menu_button("View", |ui| view(ui, session, panes, commands));
        ui.menu_button("Help", |ui| help(ui, session, panes, commands));
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            super::controls::caption(ui, session.marked_title());
        });
    });
}

fn view(ui: &mut Ui, session: &Session, panes: &mut Panes, commands: &mut Commands) {
    ui.menu_button("Theme", |ui| {
        for choice in ThemeChoice::ALL {
            if check(ui, session.settings.theme == choice, choice.name()) {
                commands.push(Command::SetTheme(choice));
            }
        }
    });
    ui.menu_button("Size", |ui| {
        for percent in [80, 100, 125, 150, 200] {
            let zoom = percent as f32 / 100.0;
            if check(ui, (session.settings.zoom - zoom).abs() < 0.01, &format!("{percent} %")) {
                commands.push(Command::SetZoom(zoom));
            }
        }
    });
    ui.separator();
    let text = if session.settings.show_conditions {
        "Hide the side panel"
    } else {
        "Show the side panel"
    };
    action(ui, true, text, Action::Side, session, panes, commands);
    for (tab, text, what) in [
        (SideTab::Shape, "Shape", Action::TabShape),
        (SideTab::Train, "Train", Action::TabTrain),
        (SideTab::Keep, "Keep", Action::TabKeep),
    ] {
        let shortcut = keys::text_of(ui.ctx(), what);
        let button = Button::selectable(panes.side == tab, text).shortcut_text(shortcut);
        if ui.add(button).clicked() {
            keys::perform(what, session, panes, commands);
        }
    }
}

fn help(ui: &mut Ui, session: &Session, panes: &mut Panes, commands: &mut Commands) {
    if entry(ui, session.space.is_some(), "Take the tour") {
        commands.push(Command::StartTour);
    }
    let shortcut = keys::text_of(ui.ctx(), Action::Help);
    let button = Button::new("Keyboard shortcuts").shortcut_text(shortcut);
    if ui.add(button).clicked() {
        panes.dialog = Some(Dialog::Shortcuts);
    }
    if entry(ui, true, "About Songspace") {
        panes.dialog = Some(Dialog::About);
    }
    ui.separator();
    if entry(ui, true, "Restart the engine") {
        commands.push(Command::RestartEngine);
    }
}
