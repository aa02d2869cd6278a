//! The card that leads through the first minute.

use super::controls::{caption, hint};
use super::tokens::{colours, radius, space, type_scale};
use crate::session::{Command, Commands, Session, Tour};
use egui::{Align, Area, Button, CornerRadius, Frame, Id, Layout, Margin, Order, Rect, RichText, Stroke, Ui, vec2};

const WIDTH: f32 = 280.0;

/// Draws the step that is due into the lower right of `room`: the legend stands at the left, banners at the top.
pub fn show(ui: &Ui, session: &Session, room: Rect, commands: &mut Commands) {
    let Some(step) = session.tour.filter(|_| session.space.is_some()) else {
        return;
    };
    let c = colours(ui);
    let frame = Frame::new()
        .fill(c.raised)
        .stroke(Stroke::new(1.0, c.accent))
        .corner_radius(CornerRadius::same(radius::CARD))
        .shadow(ui.visuals().popup_shadow)
        .inner_margin(Margin::same(space::ROOMY as i8));
    Area::new(Id::unique("tour"))
        .order(Order::Foreground)
        .pivot(egui::Align2::RIGHT_BOTTOM)
        .fixed_pos(room.right_bottom() - vec2(space::ROOMY, space::ROOMY))
        .constrain_to(room)
        .show(ui.ctx(), |ui| {
            frame.show(ui, |ui| {
                ui.set_width(WIDTH.min(room.width() - 4.0 * space::ROOMY));
                card(ui, step, commands);
            });
        });
}

fn card(ui: &mut Ui, step: Tour, commands: &mut Commands) {
    let (what, then) = step.words();
    let ink = colours(ui).text;
    ui.label(RichText::new(what).font(type_scale::title()).color(ink));
    ui.add_space(space::HAIR);
    hint(ui, then);
    ui.add_space(space::SNUG);
    ui.horizontal(|ui| {
        caption(ui, format!("{} of {}", step.number(), Tour::STEPS.len()));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if step.next().is_some() {
                if ui.button("Next").clicked() {
                    commands.push(Command::TourOn);
                }
                if ui.add(Button::new("Skip the tour").frame(false)).clicked() {
                    commands.push(Command::EndTour);
                }
            } else if ui.button("End the tour").clicked() {
                commands.push(Command::EndTour);
            }
        });
    });
}
