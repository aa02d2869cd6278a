//! Arrows for a widget that moves something with them.

use egui::{EventFilter, Response, Ui};

/// Lets the arrows go to the widget of `response`, which has the keyboard, instead of on to the next widget.
pub fn hold_arrows(ui: &Ui, response: &Response) {
    let filter = EventFilter {
        horizontal_arrows: true,
        vertical_arrows: true,
        ..EventFilter::default()
    };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
}
