//! Under the map: start and stop, how it plays, what it looks like, how loud it is.

mod level;
mod region;
mod scope;
mod spectrogram;
mod strip;
mod tape;
mod transport;

use super::tokens::{colours, size, space};
use crate::session::{Commands, Session};
use egui::{Layout, Rect, Ui, UiBuilder, pos2};
pub use spectrogram::SpectrogramState;

/// Width of the buttons on the left.
const LEFT: f32 = 348.0;
/// Of the sliders on the right: a part of the player's, in these bounds.
const RIGHT_SHARE: f32 = 0.2;
const RIGHT: std::ops::RangeInclusive<f32> = 176.0..=216.0;

/// Draws the player into a strip [`size::PLAYER`] high.
pub fn show(ui: &mut Ui, session: &Session, picture: &mut SpectrogramState, commands: &mut Commands) {
    let strip = Rect::from_min_size(
        ui.available_rect_before_wrap().min,
        egui::vec2(ui.available_width(), size::PLAYER - 2.0 * space::ROOMY),
    );
    ui.advance_cursor_after_rect(strip);
    let column = |left: f32, right: f32| Rect::from_min_max(pos2(left, strip.top()), pos2(right, strip.bottom()));
    let sliders = (RIGHT_SHARE * strip.width()).clamp(*RIGHT.start(), *RIGHT.end());
    let (left, right) = (strip.left() + LEFT, strip.right() - sliders);
    place(ui, "transport", column(strip.left(), left), |ui| {
        transport::buttons(ui, session, commands);
    });
    place(ui, "pictures", column(left + space::WIDE, right - space::WIDE), |ui| {
        pictures(ui, session, picture, commands);
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

/// The waveform over the tape of what was heard, with the level meter at their right.
fn pictures(ui: &mut Ui, session: &Session, picture: &mut SpectrogramState, commands: &mut Commands) {
    const TAPE: f32 = 34.0;
    let room = ui.available_rect_before_wrap();
    if room.width() < 60.0 {
        return;
    }
    let meter = Rect::from_min_max(pos2(room.right() - level::WIDTH, room.top()), room.max);
    let wide = room.with_max_x(meter.left() - space::SNUG);
    let below = wide.with_min_y(wide.bottom() - TAPE);
    let above = wide.with_max_y(below.top() - space::TIGHT);
    let ground = colours(ui).ground;
    for rect in [above, below] {
        ui.painter().rect_filled(rect, super::tokens::radius::CONTROL, ground);
    }
    strip::show(ui, above, session, commands);
    tape::show(ui, below, session, picture);
    level::show(ui, meter, &session.meters, commands);
}
