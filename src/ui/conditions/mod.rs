//! Beside the map: what the sound should be like, whatever the point.

mod advanced;
mod mixer;
mod pad;
mod relative;

use super::controls::{Bar, caption, follow_keyboard, footer, heading, learnable, toggle_chip};
use super::tokens::{size, space};
use crate::session::{Command, Commands, MidiTarget, Session};
use crate::values::STRENGTHS;
use egui::{Align, Layout, ScrollArea, Ui};

/// What the pane remembers between frames.
#[derive(Debug, Default)]
pub struct ConditionsState {
    mixer: mixer::MixerState,
    pad: pad::PadState,
}

/// Draws mixer, pad and the advanced sliders, and below what scrolls the strength, which governs them all.
pub fn show(ui: &mut Ui, session: &Session, state: &mut ConditionsState, commands: &mut Commands) {
    let Some(view) = &session.space else {
        caption(ui, "Genres and moods of a space appear here.");
        return;
    };
    footer(ui, "strength", |ui| strength(ui, session, commands));
    ScrollArea::vertical().auto_shrink([false; 2]).show(ui, |ui| {
        ui.horizontal(|ui| {
            heading(ui, "Genre");
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let tip = "Every clip sounds under its own labels; moving a slider leaves this";
                if toggle_chip(ui, "As recorded", tip, session.mixer.as_recorded).clicked() {
                    commands.push(Command::AsRecorded);
                }
            });
        });
        mixer::show(ui, session, view, &mut state.mixer, commands);
        relative::show(ui, session, view, commands);
        ui.add_space(space::ROOMY);
        heading(ui, "Mood");
        pad::show(ui, session, view, &mut state.pad, commands);
        ui.add_space(space::ROOMY);
        advanced::show(ui, session, commands);
        follow_keyboard(ui);
    });
}

fn strength(ui: &mut Ui, session: &Session, commands: &mut Commands) {
    let value = session.mixer.strength;
    let bar = Bar {
        label: "Strength",
        value_text: format!("{:.0} %", value * 100.0),
        range: STRENGTHS,
        tint: None,
        origin: None,
        height: size::ROW,
    };
    let outcome = bar.show(ui, value);
    if outcome.double_clicked {
        commands.push(Command::SetStrength(1.0));
    } else if let Some(value) = outcome.moved {
        commands.push(Command::SetStrength(value));
    }
    let tip = "How strongly genre and mood shape the sound: 0 ignores them, 100 % is as learned, more exaggerates.\nDouble \
               click: 100 %.";
    learnable(
        outcome.response.on_hover_text(tip),
        MidiTarget::Strength,
        session,
        commands,
    );
}
