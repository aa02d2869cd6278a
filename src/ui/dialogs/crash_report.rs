//! The report of a fault, to read, to copy and to delete.

use super::sheet::{sheet, title};
use crate::session::{Command, Commands};
use crate::ui::controls;
use crate::ui::tokens::{space, type_scale};
use egui::{Context, Key, RichText, ScrollArea};

pub(super) fn show(ctx: &Context, report: &str, commands: &mut Commands) {
    let response = sheet(ctx, "crash report").show(ctx, |ui| {
        let room = ui.ctx().content_rect();
        ui.set_width(640.0_f32.min(room.width() - 64.0));
        title(ui, "A fault of Songspace");
        controls::hint(
            ui,
            "Copy this into a bug report if you like. It holds no music and no names of files, and it is sent nowhere.",
        );
        ui.add_space(space::SNUG);
        let tall = (room.height() - 240.0).clamp(120.0, 420.0);
        ScrollArea::both().max_height(tall).auto_shrink(false).show(ui, |ui| {
            let text = RichText::new(report).font(type_scale::figures());
            ui.add(egui::Label::new(text).extend().selectable(true));
        });
        ui.add_space(space::ROOMY);
        ui.horizontal(|ui| {
            for (name, command) in [
                ("Copy", Command::CopyCrashReport),
                ("Delete", Command::DeleteCrashReports),
                ("Close", Command::CloseCrashReport),
            ] {
                if ui.button(name).clicked() {
                    commands.push(command);
                }
            }
        });
    });
    if response.should_close() || ctx.input(|input| input.key_pressed(Key::Escape)) {
        commands.push(Command::CloseCrashReport);
    }
}
