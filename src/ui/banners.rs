//! Sentences under the menu, each with its button and a way to dismiss it.

use super::controls::icon_button;
use super::icon::Icon;
use super::tokens::{colours, space, type_scale};
use crate::session::{Command, Commands, Session, Tone};
use egui::{Align, Frame, Layout, Margin, Panel, Rect, RichText, Sense, Ui, vec2};

/// Draws every banner, newest at the bottom.
pub fn show(ui: &mut Ui, session: &Session, commands: &mut Commands) {
    let c = colours(ui);
    for (index, banner) in session.banners.iter().enumerate() {
        let ink = match banner.tone {
            Tone::Note => c.accent,
            Tone::Warning => c.warning,
            Tone::Error => c.bad,
        };
        let frame = Frame::new()
            .fill(c.raised)
            .inner_margin(Margin::symmetric(space::ROOMY as i8, 6));
        Panel::top(ui.scope_id().with(("banner", index)))
            .frame(frame)
            .show_separator_line(false)
            .show(ui, |ui| {
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    if icon_button(ui, Icon::Close, "Dismiss", false).clicked() {
                        commands.push(Command::DismissBanner(index));
                    }
                    if let Some(action) = &banner.action
                        && ui.button(action.label).clicked()
                    {
                        commands.push((*action.command).clone());
                        commands.push(Command::DismissBanner(index));
                    }
                    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                        let (mark, _) = ui.allocate_exact_size(vec2(3.0, 18.0), Sense::hover());
                        ui.painter()
                            .rect_filled(Rect::from_center_size(mark.center(), mark.size()), 1.5, ink);
                        let text = RichText::new(&banner.text).font(type_scale::body()).color(c.text);
                        ui.add(egui::Label::new(text).wrap());
                    });
                });
            });
    }
}
