//! Beside the map: what the sound should be like, whatever the point.

mod advanced;
mod mixer;
mod pad;
mod relative;

use super::controls::{Bar, caption, follow_keyboard, footer, heading, learnable, toggle_chip};
use super::tokens::{size, space};
use crate::session::{Command, Commands, MidiTarget, Session, SpaceView, mood_in_words};
use crate::values::STRENGTHS;
use egui::{Align, Layout, ScrollArea, Ui};

/// What the pane remembers between frames.
#[derive(Debug, Default)]
pub struct ConditionsState {
    mixer: mixer::MixerState,
    pad: pad::PadState,
    advanced: advanced::AdvancedState,
}

/// Draws what scrolls, the mixer and the advanced sliders, and below it mood and strength, which are always there.
pub fn show(ui: &mut Ui, session: &Session, state: &mut ConditionsState, commands: &mut Commands) {
    let Some(view) = &session.space else {
        caption(ui, "Genres and moods of a space appear here.");
        return;
    };
    let tallest = pad_height(ui.available_height());
    footer(ui, "mood and strength", |ui| {
        mood(ui, session, view, &mut state.pad, tallest, commands);
        ui.add_space(space::TIGHT);
        strength(ui, session, commands);
    });
    ScrollArea::vertical().auto_shrink([false; 2]).show(ui, |ui| {
        ui.horizontal(|ui| {
            heading(ui, "Genre");
            if !view.snapshot.meta.genres.is_empty() && session.mixer.shares().iter().all(|share| *share <= 0.0) {
                caption(ui, "No genre selected").on_hover_text("Every point keeps its own");
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let tip = "Every clip sounds under its own labels; moving a slider leaves this";
                if toggle_chip(ui, "As recorded", tip, session.mixer.as_recorded).clicked() {
                    commands.push(Command::AsRecorded);
                }
            });
        });
        mixer::show(ui, session, view, &mut state.mixer, commands);
        relative::show(ui, session, view, commands);
        ui.add_space(space::SNUG);
        advanced::show(ui, session, &mut state.advanced, commands);
        follow_keyboard(ui);
    });
}

/// How high the pad may be in a panel of `height` points: the genres keep about half of it.
fn pad_height(height: f32) -> f32 {
    const LOWEST: f32 = 64.0;
    const HIGHEST: f32 = 148.0;
    (0.3 * height - 20.0).clamp(LOWEST, HIGHEST)
}

fn mood(
    ui: &mut Ui,
    session: &Session,
    view: &SpaceView,
    pad: &mut pad::PadState,
    tallest: f32,
    commands: &mut Commands,
) {
    ui.spacing_mut().item_spacing.y = space::TIGHT;
    ui.horizontal(|ui| {
        heading(ui, "Mood");
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            match session.mixer.emotion {
                Some(mood) => caption(ui, mood_in_words(mood)),
                None => caption(ui, "off"),
            };
        });
    });
    pad::show(ui, session, view, pad, tallest, commands);
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
    let tip = "How strongly genre and mood shape the sound, 0 to 300 %: 0 ignores them, 100 % is as learned, more \
               exaggerates.\nDouble click (Enter): 100 %.";
    learnable(
        outcome.response.on_hover_text(tip),
        MidiTarget::Strength,
        session,
        commands,
    );
}
