//! Playing, the sound card, MIDI and OSC.

use super::entries::{action, check, check_action, entry, submenu};
use super::played;
use crate::session::{Command, Commands, PlayMode, PlaybackSource, Session};
use crate::ui::Panes;
use crate::ui::controls::caption;
use crate::ui::keys::Action;
use egui::{DragValue, Ui};

/// Draws the menu.
pub(super) fn show(ui: &mut Ui, session: &Session, panes: &mut Panes, commands: &mut Commands) {
    let open = session.space.is_some();
    let transport = &session.transport;
    let text = if transport.playing { "Stop" } else { "Play" };
    action(ui, open, text, Action::TogglePlay, session, panes, commands);
    let text = if transport.recording {
        "Stop recording"
    } else {
        "Record"
    };
    action(ui, open, text, Action::Record, session, panes, commands);
    ui.separator();
    for (mode, text, what) in [
        (PlayMode::Loop, "Loop", Action::Loop),
        (PlayMode::Song, "Song", Action::Song),
        (PlayMode::OneShot, "Once", Action::OneShot),
        (PlayMode::Freeze, "Freeze", Action::Freeze),
        (PlayMode::Endless, "Endless", Action::Endless),
    ] {
        check_action(ui, transport.mode == mode, text, what, session, panes, commands);
    }
    ui.separator();
    let held = transport.hold_content;
    check_action(ui, held, "Hold notes", Action::Hold, session, panes, commands);
    let has_relative = session.relative.is_some();
    let pinned = transport.pinned_relative.is_some();
    ui.add_enabled_ui(has_relative || pinned, |ui| {
        if check(ui, pinned, "Pin the relative") {
            commands.push(Command::PinRelative(!pinned));
        }
    });
    if entry(ui, has_relative, "Go to the relative") {
        commands.push(Command::GoToRelative);
    }
    let original = transport.source == PlaybackSource::Original;
    let possible = original || session.why_no_original().is_none();
    ui.add_enabled_ui(possible, |ui| {
        check_action(
            ui,
            original,
            "Hear the original",
            Action::Compare,
            session,
            panes,
            commands,
        );
    });
    if check(ui, transport.match_loudness, "Match loudness") {
        commands.push(Command::SetMatchLoudness(!transport.match_loudness));
    }
    ui.separator();
    submenu(ui, true, "Keys", |ui| played::keys(ui, session, panes, commands));
    submenu(ui, true, "Clock", |ui| played::clock(ui, session, panes, commands));
    submenu(ui, true, "Modulation", |ui| played::movers(ui, session, commands));
    submenu(ui, true, "Sound card", |ui| {
        if session.audio_devices.is_empty() {
            entry(ui, false, "None found");
        }
        for device in &session.audio_devices {
            if check(ui, session.audio_device.as_ref() == Some(device), device) {
                commands.push(Command::ChooseAudioDevice(device.clone()));
            }
        }
        if let (Some(_), Some(details)) = (&session.audio_device, &session.audio_details) {
            ui.separator();
            caption(ui, details.clone());
        }
    });
    submenu(ui, true, "MIDI", |ui| midi(ui, session, commands));
    submenu(ui, true, "OSC", |ui| osc(ui, session, commands));
}

fn midi(ui: &mut Ui, session: &Session, commands: &mut Commands) {
    if session.midi.inputs.is_empty() {
        entry(ui, false, "No MIDI input connected");
    }
    for input in &session.midi.inputs {
        entry(ui, false, input);
    }
    caption(ui, "Right-click a slider to learn a controller.");
    if entry(ui, session.midi.learning.is_some(), "Stop learning") {
        commands.push(Command::LearnMidi(None));
    }
    ui.separator();
    caption(ui, "Send what moves to");
    let now = &session.settings.gestures_to;
    if check(ui, now.is_none(), "Nobody") {
        commands.push(Command::SendGestures(None));
    }
    for output in &session.clock.outputs {
        if check(ui, now.as_ref() == Some(output), output) {
            commands.push(Command::SendGestures(Some(output.clone())));
        }
    }
    ui.separator();
    let bound = session.midi.bindings.len();
    if entry(ui, bound > 0, &format!("Forget all controllers ({bound})")) {
        commands.push(Command::ForgetMidi);
    }
}

fn osc(ui: &mut Ui, session: &Session, commands: &mut Commands) {
    let now = session.settings.osc;
    let mut wanted = now;
    if check(ui, now.on, "Listen to Open Sound Control") {
        wanted.on = !now.on;
    }
    if check(ui, now.from_other_machines, "From other machines too") {
        wanted.from_other_machines = !now.from_other_machines;
    }
    for (name, port) in [
        ("Listens on port", &mut wanted.port),
        ("Answers on port", &mut wanted.answer_port),
    ] {
        ui.horizontal(|ui| {
            ui.label(name);
            ui.add(DragValue::new(port).range(1_024..=65_535).update_while_editing(false));
        });
    }
    if let Some(problem) = &session.osc.problem {
        caption(ui, problem.clone());
    } else if now.on {
        let heard = &session.osc;
        caption(
            ui,
            format!(
                "{} messages, {} not understood, {} overtaken",
                heard.understood, heard.malformed, heard.overtaken
            ),
        );
    }
    if wanted != now {
        commands.push(Command::SetOsc(wanted));
    }
}
