//! The library: takes, bookmarks, pins, new sounds, recipes.

use super::controls::{caption, follow_keyboard, heading, hint, icon_button};
use super::icon::Icon;
use super::takes::{self, TakesState};
use super::tokens::{colours, space, type_scale};
use crate::session::{Command, Commands, ExportTarget, FileAsk, Gesture, Pin, PlayPoint, Session};
use egui::{Align, Layout, RichText, ScrollArea, TextEdit, Ui};

/// What the pane remembers between frames.
#[derive(Debug, Default)]
pub struct MemoryState {
    recipe: String,
    takes: TakesState,
}

/// Draws the tab.
pub fn show(ui: &mut Ui, session: &Session, state: &mut MemoryState, commands: &mut Commands) {
    ScrollArea::vertical().auto_shrink([false; 2]).show(ui, |ui| {
        takes::show(ui, session, &mut state.takes, commands);
        ui.add_space(space::WIDE);
        bookmarks(ui, session, commands);
        strays(ui, session, commands);
        ui.add_space(space::WIDE);
        pins(ui, session, commands);
        ui.add_space(space::WIDE);
        samples(ui, session, commands);
        ui.add_space(space::WIDE);
        recipe(ui, session, state, commands);
        follow_keyboard(ui);
    });
}

fn bookmarks(ui: &mut Ui, session: &Session, commands: &mut Commands) {
    heading(ui, "Bookmarks");
    if session.bookmarks.is_empty() {
        hint(
            ui,
            "A bookmark keeps a place, its condition and its strength. It is saved with the space.",
        );
    }
    let hash = session.space.as_ref().map(|view| view.snapshot.hash.as_str());
    for (index, bookmark) in session.bookmarks.iter().enumerate() {
        row(ui, |ui, side| match side {
            Side::Left => {
                if ui.button(&bookmark.name).on_hover_text("Play it").clicked() {
                    commands.push(Command::Recall(Box::new(bookmark.recipe.clone())));
                }
                let of = bookmark.recipe.snapshot.as_str();
                if !of.is_empty() && hash.is_some_and(|hash| hash != of) {
                    caption(ui, "other version").on_hover_text(
                        "Made in another version of this space; it sounds as near to that as this one can",
                    );
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

/// Bookmarks that wait in the settings for their space.
fn strays(ui: &mut Ui, session: &Session, commands: &mut Commands) {
    if session.strays.is_empty() {
        return;
    }
    ui.add_space(space::SNUG);
    caption(
        ui,
        "Of spaces that are not open: each moves into its own when you open it",
    )
    .on_hover_text("Earlier versions of the program kept bookmarks apart from their spaces");
    for (index, stray) in session.strays.iter().enumerate() {
        row(ui, |ui, side| match side {
            Side::Left => {
                ui.add_enabled(false, egui::Button::new(&stray.name));
            }
            Side::Right => {
                let name = format!("Remove the bookmark {}", stray.name);
                if icon_button(ui, Icon::Close, &name, false).clicked() {
                    commands.push(Command::RemoveStray(index));
                }
            }
        });
    }
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

/// Sounds nobody recorded, drawn under the condition of the moment: to audition, keep and export.
fn samples(ui: &mut Ui, session: &Session, commands: &mut Commands) {
    heading(ui, "New sounds");
    if session.samples.is_empty() {
        hint(
            ui,
            "Timbres between real ones, drawn under the genres and the mood of the moment, with the notes of the nearest recording.",
        );
    }
    for (index, number) in session.samples.iter().enumerate() {
        row(ui, |ui, side| match side {
            Side::Left => {
                let chosen = session.sample == Some(*number);
                let button = egui::Button::new(format!("New {number}")).selected(chosen);
                if ui.add(button).on_hover_text("Play it").clicked() {
                    commands.push(Command::PlaySample(index));
                }
            }
            Side::Right => {
                if ui
                    .button("Export…")
                    .on_hover_text(format!("Write New {number} to a file"))
                    .clicked()
                {
                    commands.push(Command::PlaySample(index));
                    commands.push(Command::Ask(FileAsk::Export(ExportTarget::PointWav)));
                }
                if ui
                    .button("Keep")
                    .on_hover_text(format!("Bookmark New {number}"))
                    .clicked()
                {
                    commands.push(Command::PlaySample(index));
                    commands.push(Command::AddBookmark);
                }
            }
        });
    }
    ui.add_enabled_ui(session.space.is_some(), |ui| {
        if ui.button("8 new sounds").clicked() {
            commands.push(Command::Sample(8));
        }
    });
}

fn pins(ui: &mut Ui, session: &Session, commands: &mut Commands) {
    heading(ui, "Pins");
    if session.pins.is_empty() {
        hint(
            ui,
            "Right-click the map, or press P, to pin a place. Two pins make a walk; MIDI notes play them. They are saved with \
             the space.",
        );
    }
    for (index, pin) in session.pins.iter().enumerate() {
        row(ui, |ui, side| match side {
            Side::Left => {
                if ui.button(pin.name()).on_hover_text("Play it").clicked() {
                    commands.push(Command::Play(PlayPoint::On(pin.layout, pin.point), Gesture::Begin));
                    commands.push(Command::Release);
                }
                if let Some(title) = title_of(session, pin) {
                    let text = RichText::new(title).font(type_scale::caption()).color(colours(ui).weak);
                    ui.add(egui::Label::new(text).truncate());
                }
            }
            Side::Right => {
                let name = format!("Remove pin {}", pin.number);
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

/// The clip that a pin lies at.
fn title_of<'a>(session: &'a Session, pin: &Pin) -> Option<&'a str> {
    let snapshot = &session.space.as_ref()?.snapshot;
    let chunk = snapshot.chunks.get(pin.chunk.0 as usize)?;
    Some(snapshot.clips.get(chunk.clip.0 as usize)?.title.as_str())
}

enum Side {
    Left,
    Right,
}

/// A list row: something on the left, its remover on the right.
fn row(ui: &mut Ui, mut contents: impl FnMut(&mut Ui, Side)) {
    ui.horizontal(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            contents(ui, Side::Right);
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| contents(ui, Side::Left));
        });
    });
}
