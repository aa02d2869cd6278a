//! Buttons with pictograms, choices side by side, chips that switch something on.

use crate::ui::icon::Icon;
use crate::ui::tokens::{colours, radius, size, space, type_scale};
use egui::accesskit::Role;
use egui::{Align2, Color32, Rect, Response, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, vec2};

/// A square button with a pictogram; `name` is its tooltip and accessible name.
pub fn icon_button(ui: &mut Ui, icon: Icon, name: &str, on: bool) -> Response {
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(size::ROW), Sense::click());
    let c = colours(ui);
    let (fill, ink) = look(ui, &response, on);
    ui.painter().rect_filled(rect, radius::CONTROL, fill);
    edge(ui, rect, on);
    focus_ring(ui, rect, &response, f32::from(radius::CONTROL));
    icon.paint(
        ui.painter(),
        rect.shrink(6.0),
        if ui.is_enabled() {
            ink
        } else {
            c.weak.gamma_multiply(0.5)
        },
    );
    named(ui, response, Role::Button, on, name)
}

/// A large round button: the one that starts and stops the sound.
pub fn round_button(ui: &mut Ui, icon: Icon, name: &str, diameter: f32, on: bool) -> Response {
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(diameter), Sense::click());
    let c = colours(ui);
    let fill = match (ui.is_enabled(), on, response.hovered()) {
        (false, ..) => c.control,
        (_, true, _) if icon == Icon::Record => c.bad,
        (_, true, _) => c.accent,
        (_, _, true) => c.control_hot,
        _ => c.control,
    };
    let ink = match (ui.is_enabled(), on) {
        (false, _) => c.weak,
        (_, true) => c.on_accent,
        _ if icon == Icon::Record => c.bad,
        _ => c.text,
    };
    ui.painter().circle_filled(rect.center(), diameter * 0.5, fill);
    focus_ring(ui, rect, &response, diameter * 0.5);
    icon.paint(
        ui.painter(),
        Rect::from_center_size(rect.center(), Vec2::splat(diameter * 0.42)),
        ink,
    );
    named(ui, response, Role::Button, on, name)
}

/// Overrides side by side, one of them chosen; returns a newly chosen one.
pub fn segmented<T: Copy + PartialEq>(ui: &mut Ui, chosen: T, choices: &[(T, &str, &str)]) -> Option<T> {
    let c = colours(ui);
    let widths: Vec<f32> = choices
        .iter()
        .map(|(_, label, _)| {
            let galley = ui
                .painter()
                .layout_no_wrap((*label).to_owned(), type_scale::body(), c.text);
            galley.size().x + 2.0 * space::SNUG
        })
        .collect();
    let total = vec2(widths.iter().sum(), size::ROW);
    let (whole, _) = ui.allocate_exact_size(total, Sense::hover());
    ui.painter().rect_filled(whole, radius::CONTROL, c.trough);
    let mut left = whole.left();
    let mut picked = None;
    for ((value, label, tip), width) in choices.iter().zip(widths) {
        let rect = Rect::from_min_size(egui::pos2(left, whole.top()), vec2(width, size::ROW));
        left += width;
        let on = *value == chosen;
        let response = ui.interact(rect, ui.scope_id().with(("segment", *label)), Sense::click());
        let (fill, ink) = match (on, response.hovered() && ui.is_enabled()) {
            (true, _) => (c.control_hot, c.text),
            (_, true) => (c.control, c.text),
            _ => (Color32::TRANSPARENT, c.weak),
        };
        ui.painter().rect_filled(rect.shrink(2.0), radius::CONTROL - 1, fill);
        focus_ring(ui, rect, &response, f32::from(radius::CONTROL));
        ui.painter()
            .text(rect.center(), Align2::CENTER_CENTER, label, type_scale::body(), ink);
        response.widget_info(|| WidgetInfo::selected(Role::RadioButton, ui.is_enabled(), on, label));
        if response.on_hover_text(*tip).clicked() && !on {
            picked = Some(*value);
        }
    }
    picked
}

/// A word that is on or off.
pub fn toggle_chip(ui: &mut Ui, label: &str, tip: &str, on: bool) -> Response {
    let c = colours(ui);
    let galley = ui
        .painter()
        .layout_no_wrap(label.to_owned(), type_scale::body(), c.text);
    let (rect, response) = ui.allocate_exact_size(vec2(galley.size().x + 2.0 * space::SNUG, size::ROW), Sense::click());
    let (fill, ink) = look(ui, &response, on);
    ui.painter().rect_filled(rect, radius::CONTROL, fill);
    edge(ui, rect, on);
    focus_ring(ui, rect, &response, f32::from(radius::CONTROL));
    ui.painter()
        .text(rect.center(), Align2::CENTER_CENTER, label, type_scale::body(), ink);
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, ui.is_enabled(), on, label));
    response.on_hover_text(tip)
}

/// Pages side by side over a hairline, as wide as there is room; the shown one is underlined. Returns a newly chosen one.
pub fn tabs<T: Copy + PartialEq>(ui: &mut Ui, shown: T, pages: &[(T, &str, &str)]) -> Option<T> {
    let c = colours(ui);
    let (whole, _) = ui.allocate_exact_size(vec2(ui.available_width(), size::TAB), Sense::hover());
    ui.painter()
        .hline(whole.x_range(), whole.bottom() - 0.5, Stroke::new(1.0, c.line));
    let width = whole.width() / pages.len().max(1) as f32;
    let mut picked = None;
    for (index, (page, label, tip)) in pages.iter().enumerate() {
        let corner = whole.left_top() + vec2(width * index as f32, 0.0);
        let rect = Rect::from_min_size(corner, vec2(width, size::TAB));
        let on = *page == shown;
        let response = ui.interact(rect, ui.scope_id().with(("tab", *label)), Sense::click());
        let ink = if on || response.hovered() { c.text } else { c.weak };
        ui.painter()
            .text(rect.center(), Align2::CENTER_CENTER, label, type_scale::body(), ink);
        if on {
            let line = Stroke::new(2.0, c.accent);
            ui.painter().hline(rect.x_range(), rect.bottom() - 1.0, line);
        }
        focus_ring(ui, rect.shrink(2.0), &response, f32::from(radius::CONTROL));
        response.widget_info(|| WidgetInfo::selected(Role::Tab, ui.is_enabled(), on, label));
        if response.on_hover_text(*tip).clicked() && !on {
            picked = Some(*page);
        }
    }
    picked
}

fn look(ui: &Ui, response: &Response, on: bool) -> (Color32, Color32) {
    let c = colours(ui);
    match (on, response.hovered()) {
        (true, _) => (c.accent_soft, c.text),
        (_, true) => (c.control_hot, c.text),
        _ => (c.control, c.text),
    }
}

/// What is on has an edge of the accent.
fn edge(ui: &Ui, rect: Rect, on: bool) {
    if on {
        let stroke = Stroke::new(1.0, colours(ui).accent);
        ui.painter()
            .rect_stroke(rect, radius::CONTROL, stroke, StrokeKind::Inside);
    }
}

fn focus_ring(ui: &Ui, rect: Rect, response: &Response, rounding: f32) {
    if response.has_focus() {
        let stroke = Stroke::new(1.5, colours(ui).accent);
        ui.painter().rect_stroke(rect, rounding, stroke, StrokeKind::Outside);
    }
}

fn named(ui: &Ui, response: Response, role: Role, on: bool, name: &str) -> Response {
    response.widget_info(|| WidgetInfo::selected(role, ui.is_enabled(), on, name));
    response.on_hover_text(name)
}
