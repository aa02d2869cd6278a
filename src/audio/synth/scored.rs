//! Real-time: the synth's part in the score of a take: what it says, and how it begins without a past.

use super::playhead::Playhead;
use super::source::Source;
use super::synthesiser::{CHORD_HOPS, Synth};
use crate::audio::score::ScoreLane;

impl Synth {
    /// Nothing was handed to the device since the last hop.
    pub fn rest(&mut self) {
        self.renewal.is_rested = true;
    }

    /// Where the score of a take is told.
    pub fn score(&mut self) -> &mut ScoreLane {
        &mut self.lanes.score
    }

    /// Lets the next hop be the first of voices without a past, at frame `head` of what is selected then; `None` = silent.
    pub fn begin_anew(&mut self, head: Option<f64>) {
        self.renewal.is_rested = true;
        self.renewal.forced = Some(head);
    }

    /// Looks at the knobs, once a hop: what is heard and what a score says of them is the same.
    pub(super) fn hold_knobs(&mut self) {
        let knobs = self.controls.take_over();
        if knobs != self.knobs {
            self.knobs = knobs;
            self.lanes.score.turned(knobs);
        }
        if self.lanes.score.is_on() {
            self.tell_keys_and_clock();
        }
    }

    /// Fresh voices take over from those that play, where a spare is there.
    pub(super) fn renew(&mut self) {
        let Some(spare) = self.lanes.repair.spare() else { return };
        let own_head = self.voices.as_ref().and_then(|voices| voices.head()).copied();
        let old = self.voices.replace(spare);
        let place = match self.renewal.forced.take() {
            Some(frames) => frames,
            None => own_head.filter(|head| !head.ended()).map(|head| head.frames()),
        };
        let source = self.selected();
        let head = place.zip(source.as_ref());
        let head = head.map(|(frames, source)| Playhead::at_frames(frames, source.extent()));
        (self.waits_at, self.due_beat, self.hops_since_strike) = (None, None, CHORD_HOPS);
        self.tell_fresh(head.as_ref());
        if let (Some(source), Some(head)) = (source, head) {
            self.switch(source, head);
        }
        self.renewal.leave(old, &mut self.lanes.repair);
    }

    /// What was taken, where it has a number.
    pub(super) fn tell_taken(&mut self, source: Option<&Source>) {
        if let Some(source) = source {
            self.lanes.score.took(source.serial);
        }
    }

    /// Voices that have come take the place of those that panicked.
    pub(super) fn take_spare(&mut self) {
        self.voices = self.lanes.repair.spare();
        let source = self.selected();
        let head = source
            .as_ref()
            .map(|source| Playhead::new(self.controls.position.get(), source.extent()));
        if self.voices.is_some() {
            self.tell_fresh(head.as_ref());
        }
        if let (Some(source), Some(head)) = (source, head) {
            self.switch(source, head);
        }
    }

    /// Voices without a past begin at `head`; with everything that they look at.
    fn tell_fresh(&mut self, head: Option<&Playhead>) {
        self.lanes.score.fresh(head.map(Playhead::frames), self.knobs);
        (self.told_keys, self.told_clock) = (None, None);
        if self.lanes.score.is_on() {
            self.tell_keys_and_clock();
        }
    }

    /// What keys and clock are set to where that has changed, and where the clock stands where it did not come by itself.
    fn tell_keys_and_clock(&mut self) {
        let keys = self.controls.keys.play();
        if self.told_keys != Some(keys) {
            self.told_keys = Some(keys);
            self.lanes.score.keys(keys);
        }
        let (clock, beat) = (self.controls.clock.play(), self.controls.clock.beat());
        if self.told_clock != Some((clock, beat)) {
            self.lanes.score.clock(clock, beat);
        }
        let step = self.controls.hop_secs * self.controls.clock.beats_per_sec();
        self.told_clock = Some((clock, beat + step));
    }
}
