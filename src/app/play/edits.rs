//! Undo and redo of conditions, latent sliders, places and what loops.

use super::edit_state::EditState;
use crate::app::App;

/// Edits of the same kind this close together are one step of undo.
const ONE_SLIDE_SECS: f64 = 1.0;

impl App {
    /// Remembers the state before an edit, unless it goes on with the last one.
    pub(in crate::app) fn remember_edit(&mut self, label: &'static str) {
        let continues = label != "point"
            && self
                .last_edit
                .is_some_and(|(at, last)| last == label && self.now_secs - at < ONE_SLIDE_SECS);
        if !continues {
            let before = self.edit_state();
            self.history.record(label, before);
        }
        self.last_edit = Some((self.now_secs, label));
        self.name_edits();
    }

    pub(in crate::app) fn undo(&mut self) {
        let now = self.edit_state();
        if let Some(before) = self.history.undo(now) {
            self.restore(before);
        }
    }

    pub(in crate::app) fn redo(&mut self) {
        let now = self.edit_state();
        if let Some(after) = self.history.redo(now) {
            self.restore(after);
        }
    }

    fn edit_state(&self) -> EditState {
        EditState {
            choice: self.sounding.choice.clone(),
            layout: self.session.settings.layout,
            mixer: self.session.mixer.clone(),
            region: self.session.transport.region,
            start_secs: self.session.transport.start_secs,
        }
    }

    fn restore(&mut self, state: EditState) {
        self.last_edit = None;
        self.session.mixer = state.mixer;
        self.session.settings.layout = state.layout;
        self.session.transport.region = state.region;
        self.session.transport.start_secs = state.start_secs;
        self.push_playback();
        match state.choice {
            Some(choice) if self.session.transport.playing => {
                self.play_choice(choice);
            }
            Some(choice) => {
                self.select(choice);
                self.heard();
            }
            None => self.session.selection = None,
        }
        self.name_edits();
    }

    fn name_edits(&mut self) {
        self.session.undo_label = self.history.undo_label();
        self.session.redo_label = self.history.redo_label();
    }
}
