//! Playing, undo, recipes, the sound card, MIDI and OSC.

use super::entries::{action, check, entry, submenu};
use super::played;
use crate::session::{Command, Commands, PlayMode, PlaybackSource, Session};
use crate::ui::controls::caption;
use crate::ui::keys::Action;
use crate::ui::{Dialog, Panes};
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
    for (mode, text) in [
        (PlayMode::Loop, "Loop"),
        (PlayMode::Song, "Song"),
        (PlayMode::OneShot, "Once"),
        (PlayMode::Freeze, "Freeze"),
        (PlayMode::Endless, "Endless"),
    ] {
        if check(ui, transport.mode == mode, text) {
            commands.push(Command::SetMode(mode));
        }
    }
    ui.separator();
    if check(ui, transport.hold_content, "Hold what happens") {
        commands.push(Command::SetHoldContent(!transport.hold_content));
    }
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
        if check(ui, original, "Hear the original") {
            commands.push(Command::SetSource(transport.source.other()));
        }
    });
    if check(ui, transport.match_loudness, "Match loudness") {
        commands.push(Command::SetMatchLoudness(!transport.match_loudness));
    }
    ui.separator();
    for (verb, what, step) in [
        ("Undo", session.undo_label, Action::Undo),
        ("Redo", session.redo_label, Action::Redo),
    ] {
        let text = what.map_or(verb.to_owned(), |what| format!("{verb} {what}"));
        action(ui, what.is_some(), &text, step, session, panes, commands);
    }
    ui.separator();
    let sounding = session.selection.is_some();
    action(
        ui,
        sounding,
        "Bookmark this sound",
        Action::Bookmark,
        session,
        panes,
        commands,
    );
    if entry(ui, sounding, "Copy the recipe") {
        commands.push(Command::CopyRecipe);
    }
    if entry(ui, open, "Paste a recipe…") {
        panes.dialog = Some(Dialog::recipe());
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
