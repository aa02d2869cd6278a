//! The question before a file is replaced.

use super::sheet::{sheet, title};
use crate::session::{Command, Commands, Replacing};
use crate::ui::controls::hint;
use crate::ui::tokens::space;
use egui::{Context, Key};

/// Draws it; Escape and a press beside it keep the file, and so does Enter, until another button is chosen.
pub fn show(ctx: &Context, question: &Replacing, commands: &mut Commands) {
    let response = sheet(ctx, "replacing").show(ctx, |ui| {
        ui.set_width(400.0_f32.min(ui.ctx().content_rect().width() - 64.0));
        let name = question.path.file_name().unwrap_or(question.path.as_os_str());
        title(ui, "Replace this file?");
        ui.label(name.to_string_lossy());
        let folder = question.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        hint(
            ui,
            match folder {
                Some(folder) => format!(
                    "It is there already, in {}. What it holds now would be lost.",
                    folder.display()
                ),
                None => "It is there already. What it holds now would be lost.".to_owned(),
            },
        );
        ui.add_space(space::ROOMY);
        ui.horizontal(|ui| {
            let keep = ui.button("Keep it");
            let other = ui.button("Another name…");
            let replace = ui.button("Replace it");
            if keep.clicked() {
                commands.push(Command::KeepFile);
            } else if other.clicked() {
                commands.extend([Command::KeepFile, Command::Ask(question.ask)]);
            } else if replace.clicked() {
                commands.push(Command::ReplaceFile);
            } else if ![&keep, &other, &replace].iter().any(|button| button.has_focus()) {
                keep.request_focus();
            }
        });
    });
    if response.should_close() || ctx.input(|input| input.key_pressed(Key::Escape)) {
        commands.push(Command::KeepFile);
    }
}
