//! The tab that learns: before a training its sheet, during it the curves.

mod curves;
mod estimate;
mod findings;
mod previews;
mod progress;
mod sheet;

use super::controls::footer;
use super::tokens::space;
use crate::session::{Commands, Session};
use crate::train::TrainOptions;
pub use curves::Curve;
use egui::{ScrollArea, Ui};
use std::collections::BTreeMap;

/// What the pane remembers between frames.
#[derive(Debug, Default)]
pub struct TrainingState {
    /// The sheet being filled in.
    pub options: TrainOptions,
    /// The folder typed or chosen.
    pub source: String,
    /// Names typed for spellings of genres and not kept yet.
    pub genre_names: BTreeMap<String, String>,
    curve: Curve,
    previews: previews::PreviewsState,
}

/// Draws the tab. What one presses stands below what scrolls.
pub fn show(ui: &mut Ui, session: &Session, state: &mut TrainingState, commands: &mut Commands) {
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
            ui.add_space(space::ROOMY);
            curves::show(ui, training, &mut state.curve);
            previews::show(ui, training, &mut state.previews, commands);
            return;
        }
        sheet::show(ui, session, state, commands);
        if !training.curve.is_empty() {
            ui.add_space(space::WIDE);
            curves::show(ui, training, &mut state.curve);
            previews::show(ui, training, &mut state.previews, commands);
        }
    });
}
