//! The tab that learns: before a training its sheet, during it the curves.

mod curves;
mod estimate;
mod findings;
mod previews;
mod progress;
mod sheet;
mod state;

pub use findings::genre_names;
pub use state::TrainingPaneState;

use super::controls::{follow_keyboard, footer};
use super::tokens::space;
use crate::session::{Commands, Session, Training};
use egui::{ScrollArea, Ui};

/// Draws the tab. What one presses stands below what scrolls.
pub fn show(ui: &mut Ui, session: &Session, state: &mut TrainingPaneState, commands: &mut Commands) {
    let training = &session.training;
    let learning = training.is_active() || training.progress.is_some();
    footer(ui, "training actions", |ui| {
        if learning {
            progress::actions(ui, training, commands);
        } else {
            sheet::start(ui, state, commands);
        }
    });
    ScrollArea::vertical().auto_shrink([false; 2]).show(ui, |ui| {
        if learning {
            progress::show(ui, training);
            results(ui, training, state, commands);
        } else {
            sheet::show(ui, session, state, commands);
            if !training.curve.is_empty() {
                results(ui, training, state, commands);
            }
        }
        follow_keyboard(ui);
    });
}

/// What was gained: first for the ear, then as curves.
fn results(ui: &mut Ui, training: &Training, state: &mut TrainingPaneState, commands: &mut Commands) {
    previews::show(ui, training, &mut state.previews, commands);
    ui.add_space(space::ROOMY);
    curves::show(ui, training, &mut state.curve);
}
