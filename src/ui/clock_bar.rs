//! The line above the player while loops follow the clock: tempo, tap, metronome, when sounds take over, whom it follows.

use super::controls::{caption, segmented, toggle_chip};
use super::tokens::{colours, size, space, type_scale};
use crate::session::{ClockSettings, ClockSync, Command, Commands, Quantise, Session};
use egui::{Button, DragValue, RichText, Sense, Ui, vec2};

/// Draws the line.
pub fn show(ui: &mut Ui, session: &Session, commands: &mut Commands) {
    let now = &session.settings.clock;
    let mut wanted = now.clone();
    ui.horizontal_centered(|ui| {
        ui.spacing_mut().item_spacing.x = space::SNUG;
        lamps(ui, session);
        let followed = session.clock.followed_bpm;
        // In a Link session everybody may set the tempo.
        ui.add_enabled_ui(followed.is_none() || now.sync == ClockSync::Link, |ui| {
            let mut bpm = followed.unwrap_or(wanted.bpm);
            let drag = DragValue::new(&mut bpm)
                .range(ClockSettings::TEMPI)
                .speed(0.25)
                .max_decimals(1)
                .suffix(" BPM");
            let drag = ui.add_sized(vec2(84.0, size::ROW), drag);
            if drag.on_hover_text("Tempo of the loops").changed() {
                wanted.bpm = bpm;
            }
            if ui.add(Button::new("Tap")).on_hover_text("Tap the beat (T)").clicked() {
                commands.push(Command::TapTempo);
            }
        });
        if toggle_chip(ui, "Click", "A metronome", now.metronome).clicked() {
            wanted.metronome = !now.metronome;
        }
        caption(ui, "Sounds change");
        let moments = [
            (Quantise::Off, "at once", "A new sound takes over at once"),
            (Quantise::Beat, "at a beat", "A new sound waits for the next beat"),
            (Quantise::Bar, "at a bar", "A new sound waits for the next bar"),
        ];
        if let Some(quantise) = segmented(ui, now.quantise, &moments) {
            wanted.quantise = quantise;
        }
        let sources = [
            (ClockSync::Own, "Own", "The clock is its own master"),
            (ClockSync::Midi, "MIDI", "The clock follows MIDI clock, start and stop"),
            (
                ClockSync::Link,
                "Link",
                "Tempo and beats are shared with programs that speak Ableton Link",
            ),
        ];
        if let Some(sync) = segmented(ui, now.sync, &sources) {
            wanted.sync = sync;
        }
        if session.clock.beatless && session.transport.playing {
            let text = RichText::new("No steady beat was found in this clip: it loops freely");
            ui.label(text.font(type_scale::caption()).color(colours(ui).warning))
                .on_hover_text("It keeps its own tempo and length; clips with a beat follow the clock");
        }
        if now.sync == ClockSync::Midi && followed.is_none() {
            caption(ui, "no clock comes in");
        }
        if let Some(peers) = session.clock.peers {
            caption(ui, format!("{peers} others"));
        }
        if let Some(name) = &now.send_to {
            caption(ui, format!("sent to {name}"));
        }
    });
    if wanted != *now {
        commands.push(Command::SetClock(wanted));
    }
}

/// One lamp a beat of the bar.
fn lamps(ui: &mut Ui, session: &Session) {
    const LAMP: f32 = 8.0;
    let beats = session.settings.clock.beats_per_bar;
    let (rect, _) = ui.allocate_exact_size(vec2(f32::from(beats) * (LAMP + space::HAIR), LAMP), Sense::hover());
    let c = colours(ui);
    let now = session.clock.beat.map(|beat| beat.rem_euclid(f64::from(beats)) as u8);
    for beat in 0..beats {
        let centre = rect.left_center() + vec2(0.5 * LAMP + f32::from(beat) * (LAMP + space::HAIR), 0.0);
        let fill = if now == Some(beat) { c.accent } else { c.trough };
        ui.painter().circle_filled(centre, 0.5 * LAMP, fill);
    }
}
