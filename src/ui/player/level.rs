//! How loud it is, left and right: a bar for the RMS, a line for the peak, one that stays at the highest, and a light for what was cut
//! off at full scale.

use crate::session::{Command, Commands, Level, Meters};
use crate::ui::tokens::{colours, space, type_scale};
use egui::accesskit::Role;
use egui::{Align2, CursorIcon, Rect, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

/// Room that the meter needs, in points.
pub const WIDTH: f32 = 44.0;

const FLOOR_DB: f32 = -60.0;
/// Above it lies what clips on the way to other formats.
const HOT_DB: f32 = -1.0;
const WARM_DB: f32 = -6.0;
/// What the scale names.
const SCALE_DB: [f32; 5] = [0.0, -6.0, -12.0, -24.0, -48.0];
const BAR: f32 = 8.0;
const LIGHT: f32 = 7.0;
/// Height of a figure of the scale.
const FIGURE: f32 = 10.0;

/// Draws the meter into `rect`, [`WIDTH`] wide.
pub fn show(ui: &Ui, rect: Rect, meters: &Meters, commands: &mut Commands) {
    let c = colours(ui);
    let response = ui.interact(rect, ui.scope_id().with("level"), Sense::hover());
    let told = |db: Option<f32>| db.map_or("silent".to_owned(), |db| format!("{db:.1} dBFS"));
    let text = format!("Level: peak {}, RMS {}", told(meters.peak_db), told(meters.rms_db));
    response.widget_info(|| WidgetInfo::labeled(Role::Meter, true, &text));
    response.on_hover_text(format!(
        "{text}\nThe bar is the RMS, the line the peak, the line that stays the highest of the last seconds; -60 to 0 dBFS."
    ));
    light(ui, rect, meters.clipped, commands);
    let bars = rect.with_min_y(rect.top() + LIGHT + space::HAIR);
    // Quiet levels take less room than loud ones.
    let y = |db: f32| bars.bottom() - bars.height() * (1.0 - db.clamp(FLOOR_DB, 0.0) / FLOOR_DB).powf(1.6);
    for (channel, level) in meters.channels.iter().enumerate() {
        let left = bars.left() + channel as f32 * (BAR + 1.0);
        let bar = Rect::from_min_size(pos2(left, bars.top()), vec2(BAR, bars.height()));
        ui.painter().rect_filled(bar, 1.5, c.trough);
        paint(ui, bar, level, y);
    }
    let scale = bars.left() + 2.0 * BAR + 5.0;
    let mut lowest = f32::NEG_INFINITY;
    for db in SCALE_DB {
        let at = y(db).clamp(bars.top() + 5.0, bars.bottom() - 5.0);
        ui.painter()
            .hline(scale - 3.0..=scale - 1.0, y(db), Stroke::new(1.0, c.line_strong));
        // A figure has room below the one before, or is left out.
        if at < lowest + FIGURE {
            continue;
        }
        lowest = at;
        ui.painter().text(
            pos2(scale + 1.0, at),
            Align2::LEFT_CENTER,
            format!("{:.0}", db.abs()),
            type_scale::tiny(),
            c.weak,
        );
    }
}

fn paint(ui: &Ui, bar: Rect, level: &Level, y: impl Fn(f32) -> f32) {
    let c = colours(ui);
    let ink = |db: f32| match db {
        hot if hot > HOT_DB => c.bad,
        warm if warm > WARM_DB => c.warning,
        _ => c.good,
    };
    if let Some(rms) = level.rms_db {
        let filled = bar.with_min_y(y(rms));
        ui.painter().rect_filled(filled, 1.5, ink(rms));
    }
    for (db, wide) in [(level.peak_db, 1.0), (level.held_db, 2.0)] {
        if let Some(db) = db {
            ui.painter().hline(bar.x_range(), y(db), Stroke::new(wide, ink(db)));
        }
    }
}

/// Over the bars: red once something was cut off, until it is clicked.
fn light(ui: &Ui, rect: Rect, clipped: bool, commands: &mut Commands) {
    let c = colours(ui);
    let place = Rect::from_min_size(rect.min, vec2(2.0 * BAR + 1.0, LIGHT));
    let fill = if clipped { c.bad } else { c.trough };
    ui.painter().rect_filled(place, 2.0, fill);
    if !clipped {
        return;
    }
    let response = ui.interact(place.expand(2.0), ui.scope_id().with("clip light"), Sense::click());
    let name = "Something was cut off at full scale: turn it down. Click to put the light out";
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
    if response
        .on_hover_cursor(CursorIcon::PointingHand)
        .on_hover_text(name)
        .clicked()
    {
        commands.push(Command::ClearClip);
    }
}
