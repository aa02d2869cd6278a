//! What is hidden on the map does not sound.

use crate::app::App;
use crate::decode::Place;
use crate::session::{Gesture, PlayPoint, Shown, Standing, is_shown};

impl App {
    /// Only these chunks are on the map from now on. What sounds of a hidden one stops, as a muted track does; a blend goes on
    /// without its hidden sources.
    pub(in crate::app) fn show_only(&mut self, shown: Option<Shown>) {
        if self.session.shown == shown {
            return;
        }
        self.session.shown = shown;
        // What is hidden is no relative either.
        self.sounding.space_changed();
        // A motion asks again by itself, with its next step.
        if !self.session.transport.playing || self.session.motion.is_some() {
            return;
        }
        if !self.is_choice_shown() {
            self.session.transport.playing = false;
            self.sounding.held = false;
            self.audio.stop();
        } else if let Some(place) = self.blended_place() {
            self.play(place, Gesture::Continue);
        }
    }

    /// Whether what was chosen last is on the map, or is no place of it.
    pub(super) fn is_choice_shown(&self) -> bool {
        let anchor = self.session.selection.filter(|_| self.session.sample.is_none());
        anchor.is_none_or(|selection| is_shown(self.session.shown(), selection.chunk))
    }

    /// The place between points that sounds, unless it was moved by hand.
    fn blended_place(&self) -> Option<PlayPoint> {
        let selection = self.session.selection?;
        let on_map = matches!(self.sounding.choice.as_ref()?.place, Place::At { .. });
        let blended = matches!(selection.standing, Standing::Blend | Standing::Exact);
        (on_map && blended && self.session.sample.is_none()).then_some(PlayPoint::At(selection.point))
    }
}
