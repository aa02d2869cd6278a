//! A slider that is its own label: the name in the trough, the value beside it.

use super::elided::elided;
use crate::ui::tokens::{colours, radius, space, type_scale};
use egui::accesskit::{Action, ActionData};
use egui::{
    Align2, Color32, CursorIcon, EventFilter, Key, PointerButton, Rect, Response, Sense, Stroke, StrokeKind, Ui,
    WidgetInfo, vec2,
};
use std::ops::RangeInclusive;

/// What a [`Bar`] is and looks like.
pub struct Bar<'a> {
    /// Accessible name.
    pub label: &'a str,
    /// Shown at its right.
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
        let track = rect.with_max_x(rect.right() - VALUE_WIDTH);
        let moved = self.moved(ui, &response, track, value).map(|v| v.clamp(low, high));
        let shown = moved.unwrap_or(value);

        if ui.is_rect_visible(rect) {
            let fraction = |value: f32| (value - low) / span;
            self.paint(
                ui,
                rect,
                track,
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
    fn paint(&self, ui: &Ui, rect: Rect, track: Rect, response: &Response, (knob, full): (f32, f32)) {
        let c = colours(ui);
        let painter = ui.painter();
        let tint = self.tint.unwrap_or(c.accent);
        painter.rect_filled(track, radius::CONTROL, c.trough);
        let origin = self.origin.map_or(0.0, |o| {
            (o - self.range.start()) / (self.range.end() - self.range.start())
        });
        let x = |f: f32| track.left() + track.width() * f.clamp(0.0, 1.0);
        let filled = Rect::from_x_y_ranges(x(origin.min(full))..=x(origin.max(full)), track.y_range());
        let hot = response.dragged() || response.hovered();
        painter.rect_filled(
            filled,
            radius::CONTROL,
            tint.gamma_multiply(if hot { 0.50 } else { 0.36 }),
        );
        let knob = x(knob).clamp(track.left() + 1.5, track.right() - 1.5);
        painter.vline(knob, track.shrink(4.0).y_range(), Stroke::new(3.0, tint));
        if response.has_focus() {
            painter.rect_stroke(track, radius::CONTROL, Stroke::new(1.0, c.accent), StrokeKind::Inside);
        }
        painter.text(
            rect.right_center(),
            Align2::RIGHT_CENTER,
            &self.value_text,
            type_scale::figures(),
            c.text,
        );
        let room = track.width() - 2.0 * space::SNUG;
        let label = elided(painter, self.label, type_scale::body(), c.text, room);
        let cut = label.elided;
        let place = track.left_center() + vec2(space::SNUG, -0.5 * label.size().y);
        painter.galley(place, label, c.text);
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

/// Room for the value, in points.
const VALUE_WIDTH: f32 = 54.0;
