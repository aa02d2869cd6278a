//! Keys, clock, and what moves by itself: what the strips have no room for.

use super::entries::{action, check, entry};
use crate::session::{ClockSync, Command, Commands, MidiTarget, ModulationSource, Modulator, Session, WaveShape};
use crate::ui::Panes;
use crate::ui::controls::caption;
use crate::ui::keys::Action;
use egui::{ComboBox, DragValue, Ui};

/// What a finger's slide and a wave may move.
const TARGETS: [MidiTarget; 8] = [
    MidiTarget::MapX,
    MidiTarget::MapY,
    MidiTarget::Valence,
    MidiTarget::Arousal,
    MidiTarget::Strength,
    MidiTarget::Detail,
    MidiTarget::Texture,
    MidiTarget::Volume,
];

/// Draws the menu of keys.
pub(super) fn keys(ui: &mut Ui, session: &Session, panes: &mut Panes, commands: &mut Commands) {
    let text = if session.keys.on {
        "Stop playing keys"
    } else {
        "Play keys"
    };
    action(
        ui,
        session.space.is_some(),
        text,
        Action::Keys,
        session,
        panes,
        commands,
    );
    let now = session.settings.keys;
    let mut wanted = now;
    if check(ui, now.shows_strip, "Show the keyboard") {
        wanted.shows_strip = !now.shows_strip;
    }
    if check(ui, now.mpe, "MPE: every note bends by itself") {
        wanted.mpe = !now.mpe;
        wanted.bend_semitones = if wanted.mpe { 48.0 } else { 2.0 };
    }
    if check(ui, now.pressure, "Pressure moves the strength") {
        wanted.pressure = !now.pressure;
    }
    ui.horizontal(|ui| {
        ui.label("A slide moves");
        target_box(ui, "slide", session, &mut wanted.slide);
    });
    ui.horizontal(|ui| {
        ui.label("A full bend");
        ui.add(
            DragValue::new(&mut wanted.bend_semitones)
                .range(0.0..=96.0)
                .suffix(" semitones"),
        );
    });
    ui.horizontal(|ui| {
        ui.label("Notes on this channel strike pins");
        let mut channel = wanted.pins_channel + 1;
        ui.add(DragValue::new(&mut channel).range(1..=16));
        wanted.pins_channel = channel.saturating_sub(1);
    });
    if wanted != now {
        commands.push(Command::SetKeys(wanted));
    }
}

fn target_box(ui: &mut Ui, id: &str, session: &Session, target: &mut Option<MidiTarget>) {
    let text = target.map_or("nothing".to_owned(), |target| session.name_of(target));
    ComboBox::from_id_salt(id).selected_text(text).show_ui(ui, |ui| {
        ui.selectable_value(target, None, "nothing");
        for own in TARGETS {
            ui.selectable_value(target, Some(own), session.name_of(own));
        }
    });
}

/// Draws the menu of the clock.
pub(super) fn clock(ui: &mut Ui, session: &Session, panes: &mut Panes, commands: &mut Commands) {
    let on = session.clock.on;
    let text = if on {
        "Let loops keep their tempo"
    } else {
        "Loops follow the clock"
    };
    action(ui, true, text, Action::Clock, session, panes, commands);
    action(ui, on, "Tap the tempo", Action::Tap, session, panes, commands);
    let now = &session.settings.clock;
    let mut wanted = now.clone();
    ui.horizontal(|ui| {
        ui.label("Beats in a bar");
        ui.add(DragValue::new(&mut wanted.beats_per_bar).range(1..=16));
    });
    for (sync, text) in [
        (ClockSync::Midi, "Follow MIDI clock"),
        (ClockSync::Link, "Ableton Link"),
    ] {
        if check(ui, now.sync == sync, text) {
            wanted.sync = if now.sync == sync { ClockSync::Own } else { sync };
        }
    }
    ui.separator();
    caption(ui, "Send MIDI clock to");
    if check(ui, now.send_to.is_none(), "Nobody") {
        wanted.send_to = None;
    }
    for output in &session.clock.outputs {
        if check(ui, now.send_to.as_ref() == Some(output), output) {
            wanted.send_to = Some(output.clone());
        }
    }
    if wanted != *now {
        commands.push(Command::SetClock(wanted));
    }
}

/// Draws the menu of what moves by itself.
pub(super) fn movers(ui: &mut Ui, session: &Session, commands: &mut Commands) {
    let now = &session.settings.modulators;
    let mut wanted = now.clone();
    let mut gone = None;
    caption(ui, "Waves and levels move these while something plays.");
    for (index, modulator) in wanted.iter_mut().enumerate() {
        ui.push_id(index, |ui| {
            ui.horizontal(|ui| {
                if mover(ui, session, modulator) {
                    gone = Some(index);
                }
            });
        });
    }
    if let Some(index) = gone {
        wanted.remove(index);
    }
    if entry(ui, wanted.len() < 8, "Add a wave") {
        wanted.push(Modulator::default());
    }
    if entry(ui, wanted.len() < 8, "Add an envelope follower") {
        wanted.push(Modulator {
            source: ModulationSource::Level,
            target: MidiTarget::Strength,
            ..Modulator::default()
        });
    }
    if wanted != *now {
        commands.push(Command::SetModulators(wanted));
    }
}

/// One of them in a line; true where it is to go.
fn mover(ui: &mut Ui, session: &Session, modulator: &mut Modulator) -> bool {
    ui.checkbox(&mut modulator.on, "");
    match &mut modulator.source {
        ModulationSource::Wave { shape, beats } => {
            ComboBox::from_id_salt("shape")
                .width(72.0)
                .selected_text(shape.name())
                .show_ui(ui, |ui| {
                    for own in WaveShape::ALL {
                        ui.selectable_value(shape, own, own.name());
                    }
                });
            ui.add(DragValue::new(beats).range(0.25..=256.0).speed(0.25).suffix(" beats"));
        }
        ModulationSource::Level => {
            ui.label("Level");
        }
    }
    let mut target = Some(modulator.target);
    target_box(ui, "target", session, &mut target);
    modulator.target = target.unwrap_or(modulator.target);
    let percent = |value: &mut f32, name: &str, low: f32, ui: &mut Ui| {
        let mut shown = *value * 100.0;
        let drag = DragValue::new(&mut shown)
            .range(low * 100.0..=100.0)
            .speed(0.5)
            .max_decimals(0);
        if ui.add(drag.prefix(format!("{name} ")).suffix(" %")).changed() {
            *value = shown / 100.0;
        }
    };
    percent(&mut modulator.centre, "round", 0.0, ui);
    percent(&mut modulator.depth, "by", -1.0, ui);
    ui.button("Remove").clicked()
}
