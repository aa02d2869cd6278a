//! The question before the space on screen is left although something would be lost.

use super::sheet::{sheet, title};
use crate::session::{Command, Commands, Leaving, Next};
use crate::ui::controls::hint;
use crate::ui::tokens::space;
use egui::Context;

/// Draws it; Escape and a press beside it stay.
pub fn show(ctx: &Context, question: &Leaving, unsaved: bool, commands: &mut Commands) {
    let (asked, yes) = match question.next {
        Next::Quit => ("Close Songspace?", "Close anyway"),
        Next::Open(_) => ("Open another space?", "Open it"),
        Next::Close => ("Close this space?", "Close it"),
    };
    let response = sheet(ctx, "leaving").show(ctx, |ui| {
        ui.set_width(360.0);
        title(ui, asked);
        hint(ui, &question.what);
        ui.add_space(space::ROOMY);
        ui.horizontal(|ui| {
            if ui.button("Stay").clicked() {
                commands.push(Command::Stay);
            }
            if unsaved && ui.button("Save first…").clicked() {
                commands.extend([Command::Stay, Command::Save]);
            }
            if ui.button(yes).clicked() {
                commands.push(Command::LeaveAnyway);
            }
        });
    });
    if response.should_close() {
        commands.push(Command::Stay);
    }
}
