//! Sheets over the window: path field, recipe, shortcuts, about, the open space, skipped files, the question on closing.

mod about_space;
mod path;

pub use path::PathSheet;

use super::keys::SHORTCUTS;
use super::tokens::{colours, space, type_scale};
use super::{Panes, controls};
use crate::session::{Command, Commands, Session};
use egui::{Button, Context, Frame, Grid, Id, Key, Modal, RichText, ScrollArea, TextEdit, Ui};

/// The sheet that is open.
#[derive(Clone, Debug, PartialEq)]
pub enum Dialog {
    Path(PathSheet),
    /// A pasted recipe.
    Recipe(String),
    Shortcuts,
    About,
    AboutSpace,
    Skipped,
}

impl Dialog {
    /// An empty recipe field.
    pub fn recipe() -> Self {
        Self::Recipe(String::new())
    }
}

/// Draws whichever sheet is open.
pub fn show(ctx: &Context, session: &Session, panes: &mut Panes, commands: &mut Commands) {
    if let Some(what) = &session.closing {
        closing(ctx, what, session.unsaved, commands);
        return;
    }
    let Some(mut dialog) = panes.dialog.take() else {
        return;
    };
    let response = sheet(ctx, "sheet").show(ctx, |ui| {
        ui.set_width(440.0_f32.min(ui.ctx().content_rect().width() - 64.0));
        match &mut dialog {
            Dialog::Path(sheet) => path::show(ui, sheet, commands),
            Dialog::Recipe(text) => recipe(ui, text, commands),
            Dialog::Shortcuts => shortcuts(ui),
            Dialog::About => about(ui),
            Dialog::AboutSpace => about_space::show(ui, session),
            Dialog::Skipped => skipped(ui, session),
        }
    });
    if !response.inner && !response.should_close() {
        panes.dialog = Some(dialog);
    }
}

/// A sheet with the margins of a window.
fn sheet(ctx: &Context, id: &'static str) -> Modal {
    Modal::new(Id::unique(id)).frame(Frame::window(&ctx.global_style()))
}

fn title(ui: &mut Ui, text: &str) {
    let colour = colours(ui).text;
    ui.label(RichText::new(text).font(type_scale::title()).color(colour));
    ui.add_space(space::SNUG);
}

/// The button that ends a sheet without doing anything.
fn close_button(ui: &mut Ui) -> bool {
    ui.add_space(space::ROOMY);
    ui.button("Close").clicked()
}

/// A field and its two buttons; true when the sheet is done.
fn ask(ui: &mut Ui, text: &mut String, field: TextEditSpec, mut accept: impl FnMut(&str)) -> bool {
    let edit = TextEdit::multiline(text)
        .hint_text(field.hint)
        .desired_rows(field.rows)
        .desired_width(f32::INFINITY);
    let edited = ui.add(edit).accessible_name(field.name);
    let entered = ui.input(|input| input.key_pressed(Key::Enter));
    let value = text.trim().to_owned();
    ui.add_space(space::ROOMY);
    let (go, cancel) = ui
        .horizontal(|ui| {
            let go = ui.add_enabled(!value.is_empty(), Button::new(field.verb));
            (go, ui.button("Cancel"))
        })
        .inner;
    // The keyboard belongs to the sheet, wherever it was before.
    if !(edited.has_focus() || go.has_focus() || cancel.has_focus()) {
        edited.request_focus();
    }
    let accepted = !value.is_empty() && (go.clicked() || entered && edited.has_focus());
    if accepted {
        accept(&value);
    }
    accepted || cancel.clicked()
}

struct TextEditSpec {
    name: &'static str,
    hint: &'static str,
    verb: &'static str,
    rows: usize,
}

fn recipe(ui: &mut Ui, text: &mut String, commands: &mut Commands) -> bool {
    title(ui, "Paste a recipe");
    controls::hint(
        ui,
        "A recipe is one line of text that brings back a place, a condition and a strength in the same space.",
    );
    let spec = TextEditSpec {
        name: "Recipe",
        hint: "{\"snapshot\":…}",
        verb: "Play it",
        rows: 4,
    };
    ask(ui, text, spec, |value| {
        commands.push(Command::PasteRecipe(value.to_owned()));
    })
}

fn shortcuts(ui: &mut Ui) -> bool {
    title(ui, "Keyboard shortcuts");
    let tall = (ui.ctx().content_rect().height() - 200.0).max(160.0);
    ScrollArea::vertical().max_height(tall).show(ui, |ui| {
        Grid::new("shortcuts")
            .num_columns(2)
            .spacing([32.0, 4.0])
            .show(ui, |ui| {
                for (shortcut, what, _) in SHORTCUTS {
                    let keys = ui.ctx().format_shortcut(shortcut);
                    ui.label(RichText::new(keys).monospace());
                    ui.label(*what);
                    ui.end_row();
                }
                ui.label(RichText::new("Space + drag").monospace());
                ui.label("Move the map (the middle button does too)");
                ui.end_row();
                ui.label(RichText::new("Alt + drag").monospace());
                ui.label("Draw a path that loops");
                ui.end_row();
                ui.label(RichText::new("Wheel").monospace());
                ui.label("Zoom at the pointer");
                ui.end_row();
            });
    });
    close_button(ui)
}

fn about(ui: &mut Ui) -> bool {
    title(ui, "Songspace");
    controls::hint(ui, format!("Version {} · MIT licence", env!("CARGO_PKG_VERSION")));
    ui.add_space(space::SNUG);
    controls::hint(
        ui,
        "It learns a latent space from a folder of music (a conditional variational autoencoder), draws it as a map, \
         and lets you play the map.",
    );
    ui.add_space(space::SNUG);
    controls::hint(
        ui,
        "Made with Burn and CubeCL (MIT or Apache-2.0), egui, eframe and egui_plot (MIT or Apache-2.0), cpal \
         (Apache-2.0), Symphonia (MPL-2.0), RustFFT and RealFFT (MIT or Apache-2.0), Linfa and bhtsne (MIT or \
         Apache-2.0), triple_buffer (MPL-2.0). Fonts: Ubuntu (UFL), Hack (MIT), Noto Emoji (OFL).",
    );
    close_button(ui)
}

fn skipped(ui: &mut Ui, session: &Session) -> bool {
    title(ui, "Skipped files");
    let tall = (ui.ctx().content_rect().height() - 220.0).max(120.0);
    ScrollArea::vertical().max_height(tall).show(ui, |ui| {
        for (path, reason) in &session.training.skipped {
            ui.label(path.display().to_string());
            controls::caption(ui, reason.clone());
        }
    });
    close_button(ui)
}

fn closing(ctx: &Context, what: &str, unsaved: bool, commands: &mut Commands) {
    sheet(ctx, "closing").show(ctx, |ui| {
        ui.set_width(360.0);
        title(ui, "Close Songspace?");
        controls::hint(ui, what);
        ui.add_space(space::ROOMY);
        ui.horizontal(|ui| {
            if ui.button("Stay").clicked() {
                commands.push(Command::StayOpen);
            }
            if unsaved && ui.button("Save first…").clicked() {
                commands.push(Command::StayOpen);
                commands.push(Command::Save);
            }
            if ui.button("Close anyway").clicked() {
                commands.push(Command::QuitAnyway);
            }
        });
    });
}
