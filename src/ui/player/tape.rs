//! Under the waveform: the last ten seconds as a spectrogram, or the wave of the moment; a click changes over.

use super::scope;
use super::spectrogram::{self, SpectrogramState};
use crate::session::Session;
use crate::ui::tokens::{colours, radius};
use egui::accesskit::Role;
use egui::{CursorIcon, Rect, Sense, Stroke, StrokeKind, Ui, WidgetInfo};

/// Draws it into `rect`.
pub fn show(ui: &Ui, rect: Rect, session: &Session, state: &mut SpectrogramState) {
    let response = ui.interact(rect, ui.scope_id().with("tape"), Sense::click());
    let (name, tip) = match state.as_scope {
        true => (
            "Oscilloscope",
            "The wave of this moment. Click: the last ten seconds by pitch",
        ),
        false => (
            "Live spectrogram",
            "The last ten seconds you heard, 60 Hz to 16 kHz, low notes at the bottom. Click: the wave of this moment",
        ),
    };
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
    match state.as_scope {
        true => scope::paint(ui, rect, &session.meters.scope, session.transport.playing),
        false => spectrogram::paint(ui, rect, &session.meters.tape, state),
    }
    if response.has_focus() {
        let ring = Stroke::new(1.5, colours(ui).accent);
        ui.painter()
            .rect_stroke(rect, radius::CONTROL, ring, StrokeKind::Inside);
    }
    if response
        .on_hover_cursor(CursorIcon::PointingHand)
        .on_hover_text(tip)
        .clicked()
    {
        state.as_scope = !state.as_scope;
    }
}
