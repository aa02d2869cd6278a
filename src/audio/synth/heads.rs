//! Real-time: where in what sounds the playhead goes on: at the same place, at the start point, or where a hand asked for.

use super::playhead::Playhead;
use super::region_loop::AskedRegion;
use super::source::Source;
use super::synthesiser::Synth;
use crate::audio::Mode;

impl Synth {
    /// A jump is a cross-fade to the same source at another place.
    pub(super) fn seek(&mut self) {
        let fraction = self.controls.seek.swap(f32::NAN);
        if fraction.is_finite() {
            self.lanes.score.sought(fraction);
        }
        if fraction.is_finite()
            && let Some(source) = self.selected()
        {
            let head = Playhead::new(fraction, source.extent());
            self.switch(source, head);
        }
    }

    /// The playhead goes on where it is; after the end of a one-shot it begins again. A loop stays in its region.
    pub(super) fn head_for(&self, source: &Source) -> Playhead {
        let extent = source.extent();
        let head = match self.voices.as_ref().and_then(|voices| voices.head()) {
            Some(head) if !head.ended() => Playhead::at_frames(head.frames(), extent.clone()),
            _ => Playhead::new(0.0, extent.clone()),
        };
        let region = AskedRegion::of(&self.controls).within(&extent);
        match region.filter(|_| self.controls.mode() == Mode::Loop) {
            Some(region) => Playhead::at_frames(region.inside(head.frames()), extent),
            None => head,
        }
    }

    /// Where `source` was asked to begin. What waits for a beat begins as that says.
    pub(super) fn start_of(&self, source: &Source) -> Option<f32> {
        self.controls.start.take(source.origin?.generation)
    }

    /// `secs` into `source`, or at its beginning where it is shorter.
    pub(super) fn begin_at(&mut self, secs: f32, source: &Source) -> Playhead {
        self.lanes.score.started(secs);
        let extent = source.extent();
        let frames = extent.start + f64::from(secs) / self.controls.hop_secs;
        Playhead::at_frames(if frames < extent.end { frames } else { extent.start }, extent)
    }
}
