//! Under the map: start and stop, how it plays, what it looks like, how loud it is.

mod level;
mod scope;
mod spectrogram;
mod transport;

use super::tokens::{colours, size, space};
use crate::session::{Commands, Session};
use egui::{Layout, Rect, Ui, UiBuilder, pos2};
pub use spectrogram::SpectrogramState;

/// Width of the buttons on the left and of the sliders on the right.
const LEFT: f32 = 348.0;
const RIGHT: f32 = 216.0;

/// Draws the player into a strip [`size::PLAYER`] high.
pub fn show(ui: &mut Ui, session: &Session, picture: &mut SpectrogramState, commands: &mut Commands) {
    let strip = Rect::from_min_size(
        ui.available_rect_before_wrap().min,
        egui::vec2(ui.available_width(), size::PLAYER - 2.0 * space::ROOMY),
    );
    ui.advance_cursor_after_rect(strip);
    let column = |left: f32, right: f32| Rect::from_min_max(pos2(left, strip.top()), pos2(right, strip.bottom()));
    let (left, right) = (strip.left() + LEFT, strip.right() - RIGHT);
    place(ui, "transport", column(strip.left(), left), |ui| {
        transport::buttons(ui, session, commands);
    });
    place(ui, "pictures", column(left + space::WIDE, right - space::WIDE), |ui| {
        pictures(ui, session, picture);
    });
    place(ui, "sliders", column(right, strip.right()), |ui| {
        transport::sliders(ui, session, commands);
    });
}

fn place(ui: &mut Ui, id: &str, rect: Rect, contents: impl FnOnce(&mut Ui)) {
    let builder = UiBuilder::new()
        .id_salt(id)
        .max_rect(rect)
        .layout(Layout::top_down(egui::Align::Min));
    contents(&mut ui.new_child(builder));
}

/// Spectrogram over scope, with the level meter at their right.
fn pictures(ui: &mut Ui, session: &Session, picture: &mut SpectrogramState) {
    const METER: f32 = 10.0;
    const SCOPE: f32 = 30.0;
    let room = ui.available_rect_before_wrap();
    if room.width() < 60.0 {
        return;
    }
    let meter = Rect::from_min_max(pos2(room.right() - METER, room.top()), room.max);
    let wide = room.with_max_x(meter.left() - space::TIGHT);
    let tape = wide.with_max_y(wide.bottom() - SCOPE - space::TIGHT);
    let wave = wide.with_min_y(tape.bottom() + space::TIGHT);
    let ground = colours(ui).ground;
    for rect in [tape, wave] {
        ui.painter().rect_filled(rect, super::tokens::radius::CONTROL, ground);
    }
    spectrogram::show(ui, tape, &session.meters.tape, picture);
    scope::show(ui, wave, &session.meters.scope, session.transport.playing);
    level::show(ui, meter, &session.meters);
}
