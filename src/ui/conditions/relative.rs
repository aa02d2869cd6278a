//! Where the sliders lead to: the relative by name, to be pinned or gone to.

use crate::session::{Command, Commands, Session, SpaceView};
use crate::ui::controls::{caption, toggle_chip};
use egui::Ui;

/// Draws one line where there is a relative.
pub fn show(ui: &mut Ui, session: &Session, view: &SpaceView, commands: &mut Commands) {
    let Some(relative) = session.relative else { return };
    let Some(chunk) = view.snapshot.chunks.get(relative.chunk.0 as usize) else {
        return;
    };
    let clip = &view.snapshot.clips[chunk.clip.0 as usize];
    let sounds = if relative.sounds() { "sounds" } else { "ahead" };
    caption(ui, format!("Relative ({sounds}): {}", clip.title));
    ui.horizontal(|ui| {
        let pinned = session.transport.pinned_relative.is_some();
        let tip = "Lead to this recording whatever is nearer";
        if toggle_chip(ui, "Pin relative", tip, pinned).clicked() {
            commands.push(Command::PinRelative(!pinned));
        }
        if toggle_chip(ui, "Go there", "Play it under its own labels", false).clicked() {
            commands.push(Command::GoToRelative);
        }
    });
}
