//! Groups and words: cards, headings, captions, hints.

use crate::ui::tokens::{colours, radius, space, type_scale};
use egui::{Color32, CornerRadius, Frame, InnerResponse, Margin, Panel, Response, RichText, Stroke, Ui};

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

/// A strip below what scrolls: nothing that grows above it can push it away from under the pointer.
pub fn footer(ui: &mut Ui, id: &'static str, contents: impl FnOnce(&mut Ui)) {
    Panel::bottom(id)
        .frame(Frame::NONE.inner_margin(Margin::symmetric(0, space::SNUG as i8)))
        .show_separator_line(false)
        .show(ui, contents);
}

/// What floats over the map: raised, with an edge of `colour` and a shadow.
pub fn floating(ui: &Ui, colour: Color32) -> Frame {
    Frame::new()
        .fill(colours(ui).raised)
        .stroke(Stroke::new(1.0, colour))
        .corner_radius(CornerRadius::same(radius::CARD))
        .shadow(ui.visuals().popup_shadow)
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
