//! Groups and words: cards, headings, captions, hints.

use crate::ui::tokens::{colours, radius, space, type_scale};
use egui::{CornerRadius, Frame, InnerResponse, Margin, Response, RichText, Ui};

/// A raised surface as wide as there is room.
pub fn card<R>(ui: &mut Ui, contents: impl FnOnce(&mut Ui) -> R) -> InnerResponse<R> {
    Frame::new()
        .fill(colours(ui).raised)
        .corner_radius(CornerRadius::same(radius::CARD))
        .inner_margin(Margin::same(space::ROOMY as i8))
        .show(ui, |ui| {
            ui.take_available_width();
            contents(ui)
        })
}

/// The name of a section.
pub fn heading(ui: &mut Ui, text: &str) -> Response {
    let colour = colours(ui).text;
    ui.label(RichText::new(text).font(type_scale::body()).strong().color(colour))
}

/// A small quiet label.
pub fn caption(ui: &mut Ui, text: impl Into<String>) -> Response {
    let colour = colours(ui).weak;
    ui.label(RichText::new(text).font(type_scale::caption()).color(colour))
}

/// A sentence that teaches.
pub fn hint(ui: &mut Ui, text: impl Into<String>) -> Response {
    let colour = colours(ui).weak;
    ui.label(RichText::new(text).font(type_scale::body()).color(colour))
}
