//! The tab of things kept: bookmarks and pins.

use super::controls::{caption, follow_keyboard, heading, hint, icon_button};
use super::icon::Icon;
use super::tokens::space;
use crate::session::{Command, Commands, Gesture, PlayPoint, Session};
use egui::{Align, Layout, ScrollArea, TextEdit, Ui};

/// What the pane remembers between frames.
#[derive(Debug, Default)]
pub struct MemoryState {
    recipe: String,
}

/// Draws the tab.
pub fn show(ui: &mut Ui, session: &Session, state: &mut MemoryState, commands: &mut Commands) {
    ScrollArea::vertical().auto_shrink([false; 2]).show(ui, |ui| {
        bookmarks(ui, session, commands);
        ui.add_space(space::WIDE);
        recipe(ui, session, state, commands);
        ui.add_space(space::WIDE);
        samples(ui, session, commands);
        ui.add_space(space::WIDE);
        pins(ui, session, commands);
        follow_keyboard(ui);
    });
}

fn bookmarks(ui: &mut Ui, session: &Session, commands: &mut Commands) {
    heading(ui, "Bookmarks");
    if session.bookmarks.is_empty() {
        hint(ui, "A bookmark keeps a place, its condition and its strength.");
    }
    for (index, bookmark) in session.bookmarks.iter().enumerate() {
        row(ui, |ui, side| match side {
            Side::Left => {
                if ui.button(&bookmark.name).on_hover_text("Play it").clicked() {
                    commands.push(Command::Recall(Box::new(bookmark.recipe.clone())));
                }
            }
            Side::Right => {
                let name = format!("Remove the bookmark {}", bookmark.name);
                if icon_button(ui, Icon::Close, &name, false).clicked() {
                    commands.push(Command::RemoveBookmark(index));
                }
            }
        });
    }
    ui.add_enabled_ui(session.selection.is_some(), |ui| {
        if ui.button("Bookmark this sound").clicked() {
            commands.push(Command::AddBookmark);
        }
    });
}

fn recipe(ui: &mut Ui, session: &Session, state: &mut MemoryState, commands: &mut Commands) {
    heading(ui, "Recipe");
    caption(ui, "One line of text that anyone with this space can play.");
    ui.add(
        TextEdit::singleline(&mut state.recipe)
            .hint_text("Paste a recipe")
            .desired_width(f32::INFINITY),
    )
    .accessible_name("Recipe text");
    ui.horizontal(|ui| {
        ui.add_enabled_ui(!state.recipe.trim().is_empty(), |ui| {
            if ui.button("Play the recipe").clicked() {
                commands.push(Command::PasteRecipe(std::mem::take(&mut state.recipe)));
            }
        });
        ui.add_enabled_ui(session.selection.is_some(), |ui| {
            if ui.button("Copy this one").clicked() {
                commands.push(Command::CopyRecipe);
            }
        });
    });
}

/// Sounds nobody recorded, drawn from the prior under the condition of the moment.
fn samples(ui: &mut Ui, session: &Session, commands: &mut Commands) {
    heading(ui, "New sounds");
    if session.samples.is_empty() {
        hint(ui, "Drawn from the model's prior: nobody recorded them.");
    }
    ui.horizontal_wrapped(|ui| {
        for (index, number) in session.samples.iter().enumerate() {
            if ui.button(format!("New {number}")).clicked() {
                commands.push(Command::PlaySample(index));
            }
        }
    });
    ui.add_enabled_ui(session.space.is_some(), |ui| {
        if ui.button("Draw a new sound").clicked() {
            commands.push(Command::Sample(1));
        }
    });
}

fn pins(ui: &mut Ui, session: &Session, commands: &mut Commands) {
    heading(ui, "Pins");
    if session.pins.is_empty() {
        hint(
            ui,
            "Right-click the map, or press P, to pin a place. Two pins make a walk; MIDI notes play them.",
        );
    }
    for (index, pin) in session.pins.iter().enumerate() {
        row(ui, |ui, side| match side {
            Side::Left => {
                if ui.button(format!("Pin {}", index + 1)).clicked() {
                    commands.push(Command::Play(PlayPoint::At(pin.point), Gesture::Begin));
                }
            }
            Side::Right => {
                let name = format!("Remove pin {}", index + 1);
                if icon_button(ui, Icon::Close, &name, false).clicked() {
                    commands.push(Command::RemovePin(index));
                }
            }
        });
    }
    if session.pins.len() > 1 && ui.button("Walk round the pins").clicked() {
        commands.push(Command::WalkPins);
    }
}

enum Side {
    Left,
    Right,
}

/// A list row: something on the left, its remover on the right.
fn row(ui: &mut Ui, mut contents: impl FnMut(&mut Ui, Side)) {
    ui.horizontal(|ui| {
        contents(ui, Side::Left);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| contents(ui, Side::Right));
    });
}
