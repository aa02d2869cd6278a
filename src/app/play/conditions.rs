//! Genre, mood, strength and latent sliders; undo and redo of them and of the place.

use crate::app::App;
use crate::app::window::EditState;
use crate::session::{Gesture, Mixer, PlayPoint, Standing};
use crate::values::Condition;
use std::sync::Arc;

/// Edits of the same kind this close together are one step of undo.
const ONE_SLIDE_SECS: f64 = 1.0;

impl App {
    /// The condition to decode under.
    pub(in crate::app) fn condition_now(&self) -> Option<Condition> {
        let view = self.session.space.as_ref()?;
        if !self.session.mixer.as_recorded {
            return Some(self.session.mixer.condition());
        }
        match self.session.selection {
            Some(selection) if (selection.chunk.0 as usize) < view.snapshot.chunks.len() => {
                Some(view.snapshot.labels(selection.chunk))
            }
            _ => Some(Condition::unknown(view.snapshot.meta.genres.len())),
        }
    }

    /// While sounding as recorded, the faders show the labels of what sounds.
    pub(in crate::app) fn follow_labels(&mut self) {
        if self.session.mixer.as_recorded
            && let Some(labels) = self.condition_now()
        {
            self.session.mixer.show_labels(&labels);
        }
    }

    /// Changes the mixer, which leaves "as recorded", and lets it be heard.
    pub(in crate::app) fn remix(&mut self, label: &'static str, change: impl FnOnce(&mut Mixer)) {
        self.remember_edit(label);
        change(&mut self.session.mixer);
        self.heard();
    }

    /// Back to the labels of what sounds.
    pub(in crate::app) fn as_recorded(&mut self) {
        self.remember_edit("as recorded");
        self.session.mixer.as_recorded = true;
        self.follow_labels();
        self.heard();
    }

    /// Moves one dimension of g.
    pub(in crate::app) fn set_global(&mut self, dim: usize, value: f32) {
        let Some(latent) = self.sounding.latent.as_mut().map(Arc::make_mut) else {
            return;
        };
        if let Some(slot) = latent.global.get_mut(dim) {
            *slot = value;
            self.session.global.clone_from(&latent.global);
            if let Some(selection) = &mut self.session.selection {
                selection.standing = Standing::Moved;
            }
            self.heard();
        }
    }

    /// Remembers the state before an edit, unless it goes on with the last one.
    pub(in crate::app) fn remember_edit(&mut self, label: &'static str) {
        let continues = label != "point"
            && self
                .last_edit
                .is_some_and(|(at, last)| last == label && self.now_secs - at < ONE_SLIDE_SECS);
        if !continues {
            let before = self.memento();
            self.history.record(label, before);
        }
        self.last_edit = Some((self.now_secs, label));
        self.name_edits();
    }

    pub(in crate::app) fn undo(&mut self) {
        let now = self.memento();
        if let Some(before) = self.history.undo(now) {
            self.restore(before);
        }
    }

    pub(in crate::app) fn redo(&mut self) {
        let now = self.memento();
        if let Some(after) = self.history.redo(now) {
            self.restore(after);
        }
    }

    fn memento(&self) -> EditState {
        EditState {
            selection: self.session.selection,
            layout: self.session.settings.layout,
            mixer: self.session.mixer.clone(),
        }
    }

    fn restore(&mut self, memento: EditState) {
        self.last_edit = None;
        self.session.mixer = memento.mixer;
        self.session.settings.layout = memento.layout;
        if let Some(selection) = memento.selection
            && self.session.transport.playing
        {
            let point = if selection.standing == Standing::Chunk {
                PlayPoint::Chunk(selection.chunk)
            } else {
                PlayPoint::At(selection.point)
            };
            self.play(point, Gesture::Continue);
        } else {
            self.session.selection = memento.selection;
        }
        self.name_edits();
    }

    fn name_edits(&mut self) {
        self.session.undo_label = self.history.undo_label();
        self.session.redo_label = self.history.redo_label();
    }

    /// Decodes again if something sounds.
    fn heard(&mut self) {
        if self.session.transport.playing {
            self.request_decode();
        }
    }
}
