//! Binding a MIDI controller to a control: a right click on it.

use super::card::caption;
use crate::session::{Command, Commands, MidiTarget, Session};

/// Lets a right click bind a MIDI controller to a control.
pub fn learnable(response: egui::Response, target: MidiTarget, session: &Session, commands: &mut Commands) {
    learnable_axes(&response, &[("", target)], session, commands);
}

/// The same for a control with several directions, each with its name.
pub fn learnable_axes(
    response: &egui::Response,
    targets: &[(&str, MidiTarget)],
    session: &Session,
    commands: &mut Commands,
) {
    response.context_menu(|ui| {
        for (name, target) in targets {
            if let Some((controller, _)) = session.midi.bindings.iter().find(|(_, bound)| bound == target) {
                caption(ui, format!("MIDI controller {controller} {name}"));
            }
            if ui
                .button(format!("Learn a MIDI controller {name}").trim_end())
                .clicked()
            {
                commands.push(Command::LearnMidi(Some(*target)));
            }
        }
    });
}
