//! How loud it is: a bar for the RMS, a line for the peak, red above -1 dBFS.

use crate::session::Meters;
use crate::ui::tokens::colours;
use egui::accesskit::Role;
use egui::{Rect, Sense, Stroke, Ui, WidgetInfo};

/// Draws the meter into `rect`.
pub fn show(ui: &Ui, rect: Rect, meters: &Meters) {
    const FLOOR_DB: f32 = -60.0;
    const CLIP_DB: f32 = -1.0;
    let c = colours(ui);
    let response = ui.interact(rect, ui.scope_id().with("level"), Sense::hover());
    let text = meters
        .peak_db
        .map_or("Level: silent".to_owned(), |peak| format!("Level: peak {peak:.1} dBFS"));
    response.widget_info(|| WidgetInfo::labeled(Role::Meter, true, &text));
    response.on_hover_text(&text);
    ui.painter().rect_filled(rect, 2.0, c.trough);
    let y = |db: f32| rect.bottom() - rect.height() * ((db - FLOOR_DB) / -FLOOR_DB).clamp(0.0, 1.0);
    if let Some(rms) = meters.rms_db {
        ui.painter().rect_filled(rect.with_min_y(y(rms)), 2.0, c.good);
    }
    if let Some(peak) = meters.peak_db {
        let ink = if peak > CLIP_DB { c.bad } else { c.text };
        ui.painter().hline(rect.x_range(), y(peak), Stroke::new(1.5, ink));
    }
}
