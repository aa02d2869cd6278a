//! The map before there is a space: what this is and the three ways in.

use crate::session::{Command, Commands, FileAsk, Session};
use crate::ui::controls::{caption, hint};
use crate::ui::tokens::{colours, space, type_scale};
use egui::{Align, Button, Layout, RichText, Ui, UiBuilder, vec2};

/// Draws the invitation in the middle of the pane.
pub fn show(ui: &mut Ui, session: &Session, commands: &mut Commands) {
    let c = colours(ui);
    let room = ui.available_rect_before_wrap();
    ui.painter().rect_filled(room, 0.0, c.ground);
    let block = egui::Rect::from_center_size(room.center(), vec2(380.0_f32.min(room.width() - 32.0), 300.0));
    let builder = UiBuilder::new().max_rect(block).layout(Layout::top_down(Align::Center));
    ui.scope_builder(builder, |ui| {
        ui.label(
            RichText::new("Play your music as a place")
                .font(type_scale::display())
                .color(c.text),
        );
        ui.add_space(space::SNUG);
        hint(
            ui,
            "Songspace listens to a folder of music and draws it as a map. Click a point to hear it, drag to morph, \
             slide genre and mood.",
        );
        ui.add_space(space::VAST);
        if let Some(busy) = &session.busy {
            ui.spinner();
            hint(ui, busy);
            return;
        }
        let wide = |text: &str| Button::new(RichText::new(text)).min_size(vec2(240.0, 34.0));
        let train = Button::new(RichText::new("Learn a folder of music…").color(c.on_accent))
            .fill(c.accent)
            .min_size(vec2(240.0, 34.0));
        if ui.add(train).clicked() {
            commands.push(Command::Ask(FileAsk::MusicFolder));
        }
        if ui.add(wide("Open a space…")).clicked() {
            commands.push(Command::Ask(FileAsk::OpenSpace));
        }
        if ui.add(wide("Play the demo space")).clicked() {
            commands.push(Command::OpenDemo);
        }
        ui.add_space(space::ROOMY);
        caption(ui, "or drop a folder or a .songspace file here");
    });
}
