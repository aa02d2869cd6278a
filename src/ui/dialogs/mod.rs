//! Sheets over the window: path field, recipe, shortcuts, about, the open space, the import's report, a crash report, the question before
//! leaving.

mod about_space;
mod crash_report;
mod dialog;
mod leaving;
mod path;
mod replacing;
mod report;
mod sheet;

pub use dialog::Dialog;
pub use path::PathSheet;

use super::controls;
use super::keys::{SHORTCUTS, words_of};
use super::panes::Panes;
use super::tokens::space;
use crate::session::{Command, Commands, Session, program_version};
use egui::{Context, Grid, RichText, ScrollArea, Ui};
use sheet::{TextEditSpec, ask, close_button, sheet, title};

/// Draws whichever sheet is open.
pub fn show(ctx: &Context, session: &Session, panes: &mut Panes, commands: &mut Commands) {
    if let Some(question) = &session.leaving {
        leaving::show(ctx, question, session.unsaved, commands);
        return;
    }
    if let Some(report) = &session.crash_report {
        crash_report::show(ctx, report, commands);
        return;
    }
    if let Some(question) = &session.replacing {
        replacing::show(ctx, question, commands);
        return;
    }
    let Some(mut dialog) = panes.dialog.take() else {
        return;
    };
    let typed = &mut panes.training.genre_names;
    let response = sheet(ctx, "sheet").show(ctx, |ui| {
        let wide = if dialog == Dialog::Report { 720.0 } else { 440.0_f32 };
        ui.set_width(wide.min(ui.ctx().content_rect().width() - 64.0));
        match &mut dialog {
            Dialog::Path(sheet) => path::show(ui, sheet, commands),
            Dialog::Recipe(text) => recipe(ui, text, commands),
            Dialog::Shortcuts => shortcuts(ui),
            Dialog::About => about(ui),
            Dialog::AboutSpace => about_space::show(ui, session),
            Dialog::Report => report::show(ui, session, typed, commands),
        }
    });
    if !response.inner && !response.should_close() {
        panes.dialog = Some(dialog);
    }
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

/// What is done with a pointer.
const BY_HAND: [(&str, &str); 3] = [
    ("Space + drag", "Move the map (the middle button does too)"),
    ("Alt + drag", "Draw a path that loops"),
    ("Wheel", "Zoom at the pointer"),
];
/// Of the window, for two columns of keys.
const WIDE_ENOUGH: f32 = 1_000.0;

fn shortcuts(ui: &mut Ui) -> bool {
    title(ui, "Keyboard shortcuts");
    let tall = (ui.ctx().content_rect().height() - 200.0).max(160.0);
    ScrollArea::vertical().max_height(tall).show(ui, |ui| {
        let by_key = SHORTCUTS
            .iter()
            .map(|(keys, what, _)| (words_of(ui.ctx(), keys), *what));
        let by_hand = BY_HAND.iter().map(|(keys, what)| ((*keys).to_owned(), *what));
        let rows: Vec<(String, &str)> = by_key.chain(by_hand).collect();
        let columns = if ui.ctx().content_rect().width() < WIDE_ENOUGH {
            1
        } else {
            2
        };
        let height = rows.len().div_ceil(columns);
        Grid::new("shortcuts")
            .num_columns(2 * columns)
            .spacing([space::WIDE, 4.0])
            .min_row_height(0.0)
            .show(ui, |ui| {
                for row in 0..height {
                    for (keys, what) in rows.iter().skip(row).step_by(height) {
                        ui.label(RichText::new(keys).monospace());
                        ui.label(*what);
                    }
                    ui.end_row();
                }
            });
    });
    close_button(ui)
}

fn about(ui: &mut Ui) -> bool {
    title(ui, "Songspace");
    controls::hint(ui, format!("Version {} · MIT licence", program_version()));
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
         (Apache-2.0), Symphonia (MPL-2.0), RustFFT and RealFFT (MIT or Apache-2.0), Linfa and linfa-tsne (MIT or \
         Apache-2.0), triple_buffer (MPL-2.0). Fonts: Ubuntu (UFL), Hack (MIT), Noto Emoji (OFL).",
    );
    close_button(ui)
}
