//! Keeps what has the keyboard in sight.

use egui::{Id, Ui};

/// Frames after the keyboard came to a widget in which its scroll area follows: an area inside another moves at the same time.
const FRAMES: u8 = 30;

/// At the end of the contents of a scroll area: scrolls to the widget that the keyboard has just come to, if it is one of them.
pub fn follow_keyboard(ui: &Ui) {
    let Some(focused) = ui.memory(egui::Memory::focused) else {
        return;
    };
    let key = ui.scope_id().with("follows the keyboard");
    let (followed, left): (Id, u8) = ui.data(|data| data.get_temp(key)).unwrap_or((Id::NULL, 0));
    let left = if followed == focused { left } else { FRAMES };
    if left == 0 {
        return;
    }
    ui.data_mut(|data| data.insert_temp(key, (focused, left - 1)));
    // Asked for its response in the frame of a press elsewhere, a widget gives the keyboard away.
    if ui.input(|input| input.pointer.any_pressed() || input.pointer.any_released()) {
        return;
    }
    let Some(response) = ui.ctx().read_response(focused) else {
        return;
    };
    let is_here = response.layer_id == ui.layer_id() && ui.min_rect().contains(response.rect.center());
    if is_here && !ui.clip_rect().expand(1.0).contains_rect(response.rect) {
        ui.scroll_to_rect(response.rect, None);
        ui.ctx().request_repaint();
    }
}
