//! The strip above the player while keys play: root, scale, envelope, drone, and the keyboard.

use super::piano;
use super::state::KeyboardState;
use crate::session::{Command, Commands, KeySettings, Session};
use crate::ui::controls::{caption, toggle_chip};
use crate::ui::tokens::{size, space};
use crate::values::{PITCH_CLASSES, Scale, key_name};
use egui::{ComboBox, DragValue, Ui};

/// Height of the strip, in points.
pub const HEIGHT: f32 = size::ROW + space::TIGHT + 58.0 + 2.0 * space::SNUG;

/// Draws the strip.
pub fn show(ui: &mut Ui, session: &Session, state: &mut KeyboardState, commands: &mut Commands) {
    let now = session.settings.keys;
    let mut wanted = now;
    ui.spacing_mut().item_spacing.y = space::TIGHT;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::SNUG;
        root(ui, session, &mut wanted);
        scale(ui, session, &mut wanted);
        let tip = "Keep the envelope of the sound, its formants, where it is while the pitch moves";
        if toggle_chip(ui, "Envelope", tip, now.keeps_envelope).clicked() {
            wanted.keeps_envelope = !now.keeps_envelope;
        }
        if toggle_chip(ui, "Drone", "The sound itself goes on under the keys", now.drone).clicked() {
            wanted.drone = !now.drone;
        }
        if ui.available_width() > 260.0 {
            secs(ui, "Attack", &mut wanted.attack_secs, 0.001..=5.0);
            secs(ui, "Release", &mut wanted.release_secs, 0.005..=10.0);
        }
        let more = ui.available_width();
        if more > 120.0 {
            caption(ui, "Z to M and Q to P play; Page up and down: octave");
        }
    });
    piano::show(ui, session, state, commands);
    if wanted != now {
        commands.push(Command::SetKeys(wanted));
    }
}

fn root(ui: &mut Ui, session: &Session, wanted: &mut KeySettings) {
    let root = session.keys.root;
    let found = wanted.root.is_none();
    let answer = ComboBox::from_id_salt("root key")
        .selected_text(format!("Root {}", root.name()))
        .width(112.0)
        .show_ui(ui, |ui| {
            ui.selectable_value(&mut wanted.root, None, "Found from the sound");
            for key in 36..=84u8 {
                ui.selectable_value(&mut wanted.root, Some(key), key_name(key));
            }
        });
    let how = if found { root.why() } else { "chosen" };
    answer
        .response
        .on_hover_text(format!("This key plays the sound as it is: {how}"));
}

fn scale(ui: &mut Ui, session: &Session, wanted: &mut KeySettings) {
    ComboBox::from_id_salt("scale")
        .selected_text(wanted.scale.name())
        .width(120.0)
        .show_ui(ui, |ui| {
            for scale in Scale::ALL {
                ui.selectable_value(&mut wanted.scale, scale, scale.name());
            }
        })
        .response
        .on_hover_text("Keys beside the scale play the nearest pitch that is in it");
    if wanted.scale == Scale::Chromatic {
        return;
    }
    let own = usize::from(session.keys.root.key.round().clamp(0.0, 127.0) as u8 % 12);
    let text = wanted.tonic.map_or(format!("on {}", PITCH_CLASSES[own]), |tonic| {
        format!("on {}", PITCH_CLASSES[usize::from(tonic % 12)])
    });
    ComboBox::from_id_salt("tonic")
        .selected_text(text)
        .width(64.0)
        .show_ui(ui, |ui| {
            ui.selectable_value(&mut wanted.tonic, None, "The root");
            for (tonic, name) in (0..).zip(PITCH_CLASSES) {
                ui.selectable_value(&mut wanted.tonic, Some(tonic), name);
            }
        });
}

/// Seconds to drag, finer where they are short.
fn secs(ui: &mut Ui, name: &str, value: &mut f32, range: std::ops::RangeInclusive<f32>) {
    let speed = f64::from((*value * 0.02).max(0.000_5));
    let drag = DragValue::new(value)
        .range(range)
        .speed(speed)
        .max_decimals(3)
        .prefix(format!("{name} "))
        .suffix(" s");
    ui.add(drag);
}
