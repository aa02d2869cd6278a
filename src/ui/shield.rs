//! What a click beside an open menu hits: nothing but the menu's end.

use egui::{Area, Context, Id, Order, Popup, Rect, Sense};

/// Keeps the pointer from everything in `room` while a menu is open.
pub fn show(ctx: &Context, room: Rect) {
    if !Popup::is_any_open(ctx) {
        return;
    }
    // Under the menu and what floats, over the panels.
    Area::new(Id::unique("beside the menu"))
        .order(Order::Middle)
        .fixed_pos(room.min)
        .fade_in(false)
        .show(ctx, |ui| {
            // Not a stop for Tab.
            ui.allocate_exact_size(room.size(), Sense::CLICK | Sense::DRAG);
        });
}
