//! The bottom line: how fast, how steady, on what.

use super::controls::caption;
use super::tokens::{colours, space, type_scale};
use crate::session::Session;
use egui::{Align, Layout, RichText, Spinner, Ui};

/// As high as the words beside it.
const SPINNER: f32 = 12.0;

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
            latency(meters.request_ms, meters.device_ms),
            "From the gesture until the sound card has the first changed sample, and from then until it sounds: the buffers of sound \
             card and sound server, as they tell it",
        );
        figure(
            ui,
            "decode",
            ms(meters.decode_ms),
            "What the model needed for the last sound",
        );
        let dropouts = RichText::new(format!("dropouts {}", meters.dropouts)).font(type_scale::figures());
        let ink = if meters.dropouts == 0 { c.weak } else { c.warning };
        ui.label(dropouts.color(ink))
            .on_hover_text("Gaps in the sound because the sound card got it too late");
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
            if let Some(text) = session.silence.as_ref().or(session.audio_details.as_ref()) {
                label.on_hover_text(text);
            }
            if !session.compute_device.is_empty() {
                caption(ui, session.compute_device.clone()).on_hover_text("What computes");
            }
            if let Some(preparing) = &session.device_preparing {
                ui.add(Spinner::new().size(SPINNER));
                caption(ui, preparing.clone())
                    .on_hover_text("It computes when its programs are compiled; the CPU does meanwhile");
            }
            if let Some(busy) = &session.busy {
                ui.add(Spinner::new().size(SPINNER));
                caption(ui, busy.clone());
            }
        });
    });
}

/// Both parts and their sum; what is not known is said.
fn latency(request_ms: Option<f32>, device_ms: Option<f32>) -> String {
    match (request_ms, device_ms) {
        (None, _) => "–".to_owned(),
        (Some(request), Some(device)) => format!("{request:.0} + {device:.0} = {:.0} ms", request + device),
        (Some(request), None) => format!("{request:.0} ms + unknown"),
    }
}

#[cfg(test)]
mod tests {
    use super::latency;

    #[test]
    fn the_latency_is_the_sum_of_both_parts_or_says_what_is_missing() {
        assert_eq!(latency(Some(12.4), Some(44.4)), "12 + 44 = 57 ms");
        assert_eq!(latency(Some(12.4), None), "12 ms + unknown");
        assert_eq!(latency(None, Some(44.0)), "–");
    }
}
