//! Genre, mood, strength and latent sliders.

use crate::app::App;
use crate::decode::Resolved;
use crate::session::{Mixer, Standing};

impl App {
    /// While sounding as recorded, the faders show the labels of what sounds.
    pub(super) fn follow_labels(&mut self, resolved: &Resolved) {
        if let (true, Some(part)) = (self.session.mixer.as_recorded, resolved.row.first()) {
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
        if let Some(resolved) = self.resolved_now() {
            self.follow_labels(&resolved);
        }
        self.heard();
    }

    /// Moves one dimension of g.
    pub(in crate::app) fn set_global(&mut self, dim: usize, value: f32) {
        if self.sounding.choice.is_none() || dim >= self.session.global.len() {
            return;
        }
        self.remember_edit("latent slider");
        self.session.global[dim] = value;
        if let Some(choice) = &mut self.sounding.choice {
            choice.global = Some(self.session.global.clone());
        }
        if let Some(selection) = &mut self.session.selection {
            selection.standing = Standing::Moved;
        }
        self.heard();
    }

    /// Decodes again if something sounds.
    fn heard(&mut self) {
        if self.session.transport.playing {
            self.request_decode();
        }
    }
}
