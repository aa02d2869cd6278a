//! What a hand does with the relative that the sliders lead to.

use crate::app::App;
use crate::decode::{Choice, Place};
use crate::session::Banner;

impl App {
    /// The sliders lead to the relative that they lead to now, whatever else they find; or no more.
    pub(in crate::app) fn pin_relative(&mut self, pinned: bool) {
        let relative = self.session.relative.map(|relative| relative.chunk);
        self.session.transport.pinned_relative = relative.filter(|_| pinned);
        self.heard();
    }

    /// Goes to the relative: it becomes the choice, under its own labels.
    pub(in crate::app) fn go_to_relative(&mut self) {
        let Some(relative) = self.session.relative else {
            self.session.announce(Banner::note(
                "Move a genre or the mood first: that leads to a relative.",
            ));
            return;
        };
        self.remember_edit("relative");
        self.session.transport.pinned_relative = None;
        self.session.mixer.as_recorded = true;
        self.play_choice(Choice::new(Place::Chunk(relative.chunk)));
    }
}
