//! The part of a sound that loops go round, and the point where sounds are begun.

use crate::app::App;
use crate::session::{PlayMode, PlaybackSource};
use crate::values::LoopRegion;

impl App {
    /// Lets loops go round `region`.
    pub(in crate::app) fn set_region(&mut self, region: Option<LoopRegion>) {
        if region != self.session.transport.region {
            self.remember_edit("loop region");
            self.session.transport.region = region;
            self.push_playback();
        }
    }

    /// Lets what a hand begins begin there.
    pub(in crate::app) fn set_start(&mut self, secs: Option<f32>) {
        let secs = secs.filter(|secs| secs.is_finite()).map(|secs| secs.max(0.0));
        if secs != self.session.transport.start_secs {
            self.remember_edit("start point");
            self.session.transport.start_secs = secs;
            self.push_playback();
        }
    }

    /// Goes on at this share of what sounds; a loop stays in its region.
    pub(in crate::app) fn seek(&mut self, place: f32) {
        let place = place.clamp(0.0, 1.0);
        let (transport, whole) = (&self.session.transport, self.session.strip.secs);
        let secs = place * whole;
        let region = transport.region.filter(|_| transport.takes_region() && whole > 0.0);
        let place = match region {
            Some(region) if secs < transport.start_secs.unwrap_or(region.begin_secs).min(region.begin_secs) => {
                region.begin_secs / whole
            }
            Some(region) if secs >= region.end_secs => region.begin_secs / whole,
            _ => place,
        };
        self.audio.seek(place);
    }

    /// What answers the next request begins at the start point, if there is one.
    pub(super) fn begin_at_start(&mut self) {
        let Some(secs) = self.start_secs() else { return };
        if self.session.transport.source == PlaybackSource::Original {
            self.go_to_start();
        } else {
            self.audio.start_at(secs, self.sounding.generation + 1);
        }
    }

    /// What sounds already goes on from the start point; whether there is one.
    pub(super) fn go_to_start(&mut self) -> bool {
        let whole = self.session.strip.secs;
        let place = self.start_secs().filter(|secs| *secs < whole);
        if let Some(secs) = place {
            self.audio.seek(secs / whole);
        }
        place.is_some()
    }

    fn start_secs(&self) -> Option<f32> {
        let transport = &self.session.transport;
        transport.start_secs.filter(|_| transport.takes_start())
    }

    /// In another mode the strip shows a clip instead of a chunk, or the other way round: what was set on it means nothing there.
    pub(in crate::app) fn forget_marks(&mut self, before: PlayMode, now: PlayMode) {
        if (before == PlayMode::Song) != (now == PlayMode::Song) {
            let transport = &mut self.session.transport;
            (transport.region, transport.start_secs) = (None, None);
        }
    }

    /// Something sounds that is on no map, all of it.
    pub(in crate::app) fn set_marks_aside(&mut self) {
        let transport = &mut self.session.transport;
        let marks = (transport.region.take(), transport.start_secs.take());
        self.sounding.marks_aside.get_or_insert(marks);
        self.push_playback();
    }

    /// The map sounds again.
    pub(super) fn take_marks_back(&mut self) {
        if let Some(marks) = self.sounding.marks_aside.take() {
            (self.session.transport.region, self.session.transport.start_secs) = marks;
            self.push_playback();
        }
    }
}
