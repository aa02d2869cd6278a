//! The card that leads through the first minute.

use super::controls::{caption, floating, hint};
use super::tokens::{colours, space, type_scale};
use crate::session::{Command, Commands, Session, Tour};
use egui::{Align, Area, Button, Id, Layout, Margin, Order, Rect, RichText, Ui, vec2};

const WIDTH: f32 = 280.0;

/// Draws the step that is due into the lower right of `room`, since the legend stands at the left; how high it is, with its margin.
pub fn show(ui: &Ui, session: &Session, room: Rect, commands: &mut Commands) -> f32 {
    let Some(step) = session.tour.filter(|_| session.space.is_some()) else {
        return 0.0;
    };
    let frame = floating(ui, colours(ui).accent).inner_margin(Margin::same(space::ROOMY as i8));
    let shown = Area::new(Id::unique("tour"))
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
    shown.response.rect.height() + space::SNUG
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
