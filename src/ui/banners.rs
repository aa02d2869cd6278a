//! Sentences over the map, each with its button and a way to dismiss it. They float: nothing moves away under the hand
//! when one comes or goes.

use super::controls::{floating, icon_button};
use super::icon::Icon;
use super::tokens::{colours, size, space, type_scale};
use crate::session::{Banner, Command, Commands, Session, Tone};
use egui::{Align, Align2, Area, Id, Layout, Margin, Order, Rect, RichText, Sense, Ui, vec2};

/// Widest banner: longer sentences wrap, because long lines are hard to read.
const WIDEST: f32 = 400.0;

/// Draws every banner into the lower right of `room`, newest at the bottom, above what covers the lowest `covered` points there:
/// what one looks at and plays lies in the middle.
pub fn show(ui: &Ui, session: &Session, room: Rect, covered: f32, commands: &mut Commands) {
    if session.banners.is_empty() {
        return;
    }
    let width = WIDEST.min(room.width() - 2.0 * space::ROOMY);
    Area::new(Id::unique("banners"))
        .order(Order::Foreground)
        .pivot(Align2::RIGHT_BOTTOM)
        .fixed_pos(room.right_bottom() - vec2(space::ROOMY, space::ROOMY + covered))
        .constrain_to(room)
        .show(ui.ctx(), |ui| {
            ui.set_width(width);
            for (index, banner) in session.banners.iter().enumerate() {
                one(ui, index, banner, commands);
            }
        });
}

fn one(ui: &mut Ui, index: usize, banner: &Banner, commands: &mut Commands) {
    let c = colours(ui);
    let ink = match banner.tone {
        Tone::Note => c.accent,
        Tone::Warning => c.warning,
        Tone::Error => c.bad,
    };
    let frame = floating(ui, c.line).inner_margin(Margin::symmetric(space::ROOMY as i8, space::SNUG as i8));
    let shown = frame.show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = space::TIGHT;
        // As high as its text: the room below belongs to the map.
        let one_line = vec2(ui.available_width(), size::ROW);
        ui.allocate_ui_with_layout(one_line, Layout::right_to_left(Align::Min), |ui| {
            if icon_button(ui, Icon::Close, "Dismiss", false).clicked() {
                commands.push(Command::DismissBanner(index));
            }
            ui.with_layout(Layout::top_down(Align::Min), |ui| {
                ui.horizontal_top(|ui| {
                    ui.add_space(space::SNUG);
                    let text = RichText::new(&banner.text).font(type_scale::body()).color(c.text);
                    ui.add(egui::Label::new(text).wrap());
                });
                if let Some(action) = &banner.action {
                    ui.horizontal(|ui| {
                        ui.add_space(space::SNUG);
                        if ui.button(action.label).clicked() {
                            commands.push((*action.command).clone());
                            commands.push(Command::DismissBanner(index));
                        }
                    });
                }
            });
        });
    });
    let rect = shown.response.rect;
    let edge = Rect::from_min_size(
        rect.min + vec2(space::SNUG, space::SNUG),
        vec2(3.0, rect.height() - 2.0 * space::SNUG),
    );
    ui.painter().rect_filled(edge, 1.5, ink);
    // What lies under a banner must not hear the pointer.
    ui.interact(rect, ui.scope_id().with(("banner", index)), Sense::hover());
}
