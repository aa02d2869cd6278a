//! A slider that is its own label: the name at the left of the trough, the value at its right.

use super::elided::elided;
use crate::ui::tokens::{colours, radius, space, type_scale};
use egui::accesskit::{Action, ActionData};
use egui::{
    Color32, CornerRadius, CursorIcon, EventFilter, Key, PointerButton, Rect, Response, Sense, Stroke, StrokeKind, Ui,
    WidgetInfo, pos2, vec2,
};
use std::ops::RangeInclusive;

/// What a [`Bar`] is and looks like.
pub struct Bar<'a> {
    /// Accessible name.
    pub label: &'a str,
    /// Shown at the right, inside.
    pub value_text: String,
    pub range: RangeInclusive<f32>,
    /// `None` = the accent.
    pub tint: Option<Color32>,
    /// Where the bar grows from; `None` = its left end.
    pub origin: Option<f32>,
    /// In points; a list of many is set tighter.
    pub height: f32,
}

/// What a hand did with it.
#[derive(Debug)]
pub struct BarOutcome {
    /// The new value, if it moved.
    pub moved: Option<f32>,
    /// By hand; Enter does the same.
    pub double_clicked: bool,
    pub response: Response,
}

impl Bar<'_> {
    /// Draws it as wide as there is room and reads mouse, arrow keys and assistive technology.
    pub fn show(self, ui: &mut Ui, value: f32) -> BarOutcome {
        self.show_filled(ui, value, None)
    }

    /// The same, filled up to another value than its knob stands at.
    pub fn show_filled(self, ui: &mut Ui, value: f32, filled: Option<f32>) -> BarOutcome {
        let width = ui.available_width();
        let (rect, response) = ui.allocate_exact_size(vec2(width, self.height), Sense::click_and_drag());
        let response = response.on_hover_cursor(CursorIcon::ResizeHorizontal);
        let (low, high) = (*self.range.start(), *self.range.end());
        let span = high - low;
        let moved = self.moved(ui, &response, rect, value).map(|v| v.clamp(low, high));
        let shown = moved.unwrap_or(value);

        if ui.is_rect_visible(rect) {
            let fraction = |value: f32| (value - low) / span;
            self.paint(
                ui,
                rect,
                &response,
                (fraction(shown), fraction(filled.unwrap_or(shown))),
            );
        }
        response.widget_info(|| WidgetInfo::slider(ui.is_enabled(), f64::from(shown), self.label));
        ui.ctx().accesskit_node_builder(response.id, |node| {
            if !self.value_text.is_empty() {
                node.set_value(self.value_text.as_str());
            }
            node.set_min_numeric_value(f64::from(low));
            node.set_max_numeric_value(f64::from(high));
            node.set_numeric_value_step(f64::from(span * STEP));
            for action in [Action::SetValue, Action::Increment, Action::Decrement] {
                node.add_action(action);
            }
        });
        BarOutcome {
            moved: moved.filter(|v| *v != value),
            double_clicked: response.double_clicked() || response.clicked() && !clicked_by_hand(&response),
            response,
        }
    }

    fn moved(&self, ui: &Ui, response: &Response, rect: Rect, value: f32) -> Option<f32> {
        let (low, span) = (*self.range.start(), self.range.end() - self.range.start());
        if let Some(pointer) = response.interact_pointer_pos()
            && (response.dragged() || clicked_by_hand(response))
        {
            return Some(low + span * ((pointer.x - rect.left()) / rect.width()).clamp(0.0, 1.0));
        }
        let focused = response.has_focus();
        if focused {
            ui.memory_mut(|memory| {
                let filter = EventFilter {
                    horizontal_arrows: true,
                    ..EventFilter::default()
                };
                memory.set_focus_lock_filter(response.id, filter);
            });
        }
        let (steps, exact) = ui.input(|input| {
            let arrows = if focused {
                input.num_presses(Key::ArrowRight) as f32 - input.num_presses(Key::ArrowLeft) as f32
            } else {
                0.0
            };
            let asked = |action| input.num_accesskit_action_requests(response.id, action) as f32;
            let exact = input
                .accesskit_action_requests(response.id, Action::SetValue)
                .filter_map(|request| match request.data {
                    Some(ActionData::NumericValue(value)) => Some(value as f32),
                    _ => None,
                })
                .last();
            (arrows + asked(Action::Increment) - asked(Action::Decrement), exact)
        });
        exact.or((steps != 0.0).then_some(value + steps * span * STEP))
    }

    /// `knob` and `full` are fractions of the range.
    fn paint(&self, ui: &Ui, rect: Rect, response: &Response, (knob, full): (f32, f32)) {
        let c = colours(ui);
        let painter = ui.painter();
        painter.rect_filled(rect, radius::CONTROL, c.trough);
        let origin = self.origin.map_or(0.0, |o| {
            (o - self.range.start()) / (self.range.end() - self.range.start())
        });
        let x = |f: f32| rect.left() + rect.width() * f.clamp(0.0, 1.0);
        let filled = Rect::from_x_y_ranges(x(origin.min(full))..=x(origin.max(full)), rect.y_range());
        // A colour that means something fills it in full, and what is written on it turns; the accent stays quiet.
        let (fill, mark) = self.tint.map_or((c.accent_soft, c.accent), |tint| (tint, tint));
        let rounding = |left: bool, right: bool| {
            let corner = |outer: bool| if outer { radius::CONTROL } else { 1 };
            CornerRadius {
                nw: corner(left),
                sw: corner(left),
                ne: corner(right),
                se: corner(right),
            }
        };
        let (to_left, to_right) = (filled.left() <= rect.left() + 1.0, filled.right() >= rect.right() - 1.0);
        painter.rect_filled(filled, rounding(to_left, to_right), fill);
        let hot = response.dragged() || response.hovered();
        let knob = x(knob).clamp(rect.left() + 1.5, rect.right() - 1.5);
        let value = painter.layout_no_wrap(self.value_text.clone(), type_scale::figures(), c.text);
        let right = rect.right() - space::SNUG - value.size().x;
        let room = right - rect.left() - 2.0 * space::SNUG;
        let label = elided(painter, self.label, type_scale::body(), c.text, room);
        if self.tint.is_none() || (knob - filled.right()).abs() > 3.0 {
            let stroke = Stroke::new(if hot { 4.0 } else { 3.0 }, mark);
            let left = rect.left() + space::SNUG;
            let words = [(left, left + label.size().x), (right, rect.right() - space::SNUG)];
            if words.iter().any(|(from, to)| (from - 3.0..to + 3.0).contains(&knob)) {
                // What is written stays readable under the knob.
                painter.vline(knob, rect.top()..=rect.top() + 4.0, stroke);
                painter.vline(knob, rect.bottom() - 4.0..=rect.bottom(), stroke);
            } else {
                painter.vline(knob, rect.shrink(3.0).y_range(), stroke);
            }
        }
        if hot || response.has_focus() {
            let edge = if response.has_focus() { c.accent } else { c.line_strong };
            painter.rect_stroke(rect, radius::CONTROL, Stroke::new(1.0, edge), StrokeKind::Inside);
        }
        let on_fill = if self.tint.is_some() { c.ground } else { c.text };
        let cut = label.elided;
        let place = |galley: &egui::Galley, left: f32| pos2(left, rect.center().y - 0.5 * galley.size().y);
        let words = [
            (place(&label, rect.left() + space::SNUG), label),
            (place(&value, right), value),
        ];
        for (at, galley) in words {
            let whole = Rect::from_min_size(at, galley.size());
            if filled.intersects(whole) && on_fill != c.text {
                for (part, ink) in [
                    (filled, on_fill),
                    (rect.with_min_x(filled.right()), c.text),
                    (rect.with_max_x(filled.left()), c.text),
                ] {
                    let clip = part.intersect(ui.clip_rect());
                    painter
                        .with_clip_rect(clip)
                        .galley_with_override_text_color(at, galley.clone(), ink);
                }
            } else {
                painter.galley(at, galley, c.text);
            }
        }
        if cut && response.hovered() {
            response.clone().on_hover_text(self.label);
        }
    }
}

/// By a pointer, not by Enter or a screen reader.
fn clicked_by_hand(response: &Response) -> bool {
    response.clicked_by(PointerButton::Primary)
}

/// One arrow key, as a part of the range.
const STEP: f32 = 0.02;
