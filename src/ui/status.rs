//! The bottom line: how fast, how steady, on what.

use super::controls::caption;
use super::tokens::{colours, space, type_scale};
use crate::session::Session;
use egui::{Align, Layout, RichText, Ui};

/// Draws the line.
pub fn show(ui: &mut Ui, session: &Session) {
    let c = colours(ui);
    ui.horizontal_centered(|ui| {
        ui.spacing_mut().item_spacing.x = space::WIDE;
        let meters = &session.meters;
        let figure = |ui: &mut Ui, name: &str, value: String, tip: &str| {
            ui.label(
                RichText::new(format!("{name} {value}"))
                    .font(type_scale::figures())
                    .color(c.weak),
            )
            .on_hover_text(tip);
        };
        let ms = |value: Option<f32>| value.map_or("–".to_owned(), |v| format!("{v:.0} ms"));
        figure(
            ui,
            "latency",
            ms(meters.latency_ms),
            "From the gesture to the first changed sample",
        );
        figure(
            ui,
            "decode",
            ms(meters.decode_ms),
            "What the model needed for the last sound",
        );
        let underruns = RichText::new(format!("underruns {}", meters.underruns)).font(type_scale::figures());
        let ink = if meters.underruns == 0 { c.weak } else { c.warning };
        ui.label(underruns.color(ink))
            .on_hover_text("Times the sound card ran dry");
        if let Some(target) = session.midi.learning {
            caption(ui, format!("Move a MIDI controller for {}…", session.name_of(target)));
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = space::WIDE;
            let device = match (&session.silence, &session.audio_device) {
                (Some(_), _) => "no sound".to_owned(),
                (None, Some(name)) => name.clone(),
                (None, None) => "no sound card".to_owned(),
            };
            let label =
                ui.add(egui::Label::new(RichText::new(device).font(type_scale::caption()).color(c.weak)).truncate());
            if let Some(why) = &session.silence {
                label.on_hover_text(why);
            }
            if !session.compute_device.is_empty() {
                caption(ui, session.compute_device.clone()).on_hover_text("What computes");
            }
            if let Some(preparing) = &session.device_preparing {
                ui.spinner();
                caption(ui, preparing.clone())
                    .on_hover_text("It computes when its programs are compiled; the CPU does meanwhile");
            }
            if let Some(busy) = &session.busy {
                ui.spinner();
                caption(ui, busy.clone());
            }
        });
    });
}
