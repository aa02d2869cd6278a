//! Genre, mood, strength and latent sliders.

use crate::app::App;
use crate::decode::Resolved;
use crate::session::{Mixer, Standing};

impl App {
    /// Lets the sliders show what sounds: its latent and, as recorded, its labels.
    pub(super) fn follow(&mut self, resolved: &Resolved) {
        let Some(part) = resolved.row.first() else {
            return;
        };
        self.session.global.clone_from(&part.latent.global);
        if self.session.mixer.as_recorded {
            self.session.mixer.show_labels(&part.condition);
        }
    }

    /// Changes the mixer and lets it be heard.
    pub(in crate::app) fn remix(&mut self, label: &'static str, change: impl FnOnce(&mut Mixer)) {
        self.remember_edit(label);
        change(&mut self.session.mixer);
        self.heard();
    }

    /// Back to the labels of what sounds.
    pub(in crate::app) fn as_recorded(&mut self) {
        self.remember_edit("as recorded");
        self.session.mixer.as_recorded = true;
        self.heard();
    }

    /// Moves one dimension of g.
    pub(in crate::app) fn set_global(&mut self, dim: usize, value: f32) {
        if self.sounding.choice.is_none() || dim >= self.session.global.len() {
            return;
        }
        let mut values = self.session.global.clone();
        values[dim] = value;
        self.set_whole_global(values);
    }

    /// Moves all of g.
    pub(in crate::app) fn set_whole_global(&mut self, values: Vec<f32>) {
        if self.sounding.choice.is_none() || values.len() != self.session.global.len() {
            return;
        }
        self.remember_edit("latent slider");
        self.session.global = values;
        if let Some(choice) = &mut self.sounding.choice {
            choice.global = Some(self.session.global.clone());
        }
        if let Some(selection) = &mut self.session.selection {
            selection.standing = Standing::Moved;
        }
        self.heard();
    }

    /// Decodes again if something sounds; the sliders show it in either case.
    pub(super) fn heard(&mut self) {
        if self.session.transport.playing {
            self.request_decode();
        } else if let Some(resolved) = self.resolved_now() {
            self.follow(&resolved);
        }
    }
}
