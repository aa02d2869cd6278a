//! Real-time: what sounds: the decoded source or the original, handed to the voices; and spare voices after a panic.
//!
//! Runs in the device's callback (or inside [`BlockRenderer`](crate::audio::BlockRenderer)); never allocates, frees, locks or logs.

use super::beat_phase::{in_time, phase};
use super::controls::Controls;
use super::playhead::Playhead;
use super::renewal::Renewal;
use super::repair::{Repair, Wreck};
use super::retirement::Retirement;
use super::source::{Origin, Source};
use super::voices::Voices;
use crate::audio::Mode;
use crate::audio::score::{Knobs, ScoreLane};
use crate::dsp::BandAxis;
use std::any::Any;
use std::sync::Arc;

/// The newest source of its kind, or `None` once cleared.
pub type SourceInbox = triple_buffer::Output<Option<Arc<Source>>>;

/// Voices that panic before they have made this many hops (1.2 s) panic because of what they play.
const STEADY_HOPS: u32 = 200;

/// A new source begins to sound `delay_samples` after the beginning of the hop it comes with.
pub struct HopMark {
    pub origin: Origin,
    pub delay_samples: usize,
}

/// The synth's ends of all lanes that lead to and from it.
pub struct SynthLanes {
    pub decoded_inbox: SourceInbox,
    pub original_inbox: SourceInbox,
    pub retirement: Retirement,
    pub repair: Repair,
    pub score: ScoreLane,
}

#[cfg(test)]
impl SynthLanes {
    /// Nobody at their other ends.
    pub fn unconnected() -> Self {
        let inbox = || triple_buffer::triple_buffer(&None).1;
        Self {
            decoded_inbox: inbox(),
            original_inbox: inbox(),
            retirement: Retirement::lane().0,
            repair: Repair::lane().0,
            score: ScoreLane::new().0,
        }
    }
}

/// Makes one hop of stereo sound after another, at the band axis' rate.
pub struct Synth {
    controls: Arc<Controls>,
    /// As they are for one hop.
    knobs: Knobs,
    renewal: Renewal,
    lanes: SynthLanes,
    decoded: Option<Arc<Source>>,
    original: Option<Arc<Source>>,
    hears_original: bool,
    /// `None` from a panic until a spare arrives.
    voices: Option<Box<Voices>>,
    hops_since_panic: u32,
    mark: Option<Origin>,
    /// The phase in its beat of what sounds while the newest source waits for the next one; `None` = nothing waits.
    waits_at: Option<f64>,
    sample_rate_hz: u32,
    /// What sounds while there are no voices.
    silence: Vec<[f32; 2]>,
}

impl Synth {
    /// A silent synth that plays what arrives in its inboxes.
    pub fn new(axis: &BandAxis, seed: u64, controls: Arc<Controls>, lanes: SynthLanes) -> Self {
        Self {
            controls,
            knobs: Knobs::default(),
            renewal: Renewal::new(axis.hop_len()),
            lanes,
            decoded: None,
            original: None,
            hears_original: false,
            voices: Some(Box::new(Voices::new(axis, seed))),
            hops_since_panic: STEADY_HOPS,
            mark: None,
            waits_at: None,
            sample_rate_hz: axis.sample_rate_hz(),
            silence: vec![[0.0; 2]; axis.hop_len()],
        }
    }

    /// Samples per hop.
    pub fn hop_len(&self) -> usize {
        self.silence.len()
    }

    /// Samples per second.
    pub fn sample_rate_hz(&self) -> u32 {
        self.sample_rate_hz
    }

    /// The stereo frames of the next hop, and whether a new source begins to sound in it.
    pub fn hop(&mut self) -> (&[[f32; 2]], Option<HopMark>) {
        self.hold_knobs();
        self.receive();
        if self.voices.is_none() {
            self.take_spare();
        }
        self.seek();
        self.cross_at_the_beat();
        if self.lanes.score.wants_fresh() || self.renewal.forced.is_some() {
            self.renew();
        }
        self.lanes.score.made();
        self.hops_since_panic = self.hops_since_panic.saturating_add(1);
        let Some(voices) = &mut self.voices else {
            return (&self.silence, None);
        };
        let mark = self.mark.take().map(|origin| HopMark {
            origin,
            delay_samples: voices.onset_samples(),
        });
        let SynthLanes { retirement, repair, .. } = &mut self.lanes;
        self.renewal.make(&self.controls, retirement);
        let hop = voices.hop(&self.controls, retirement);
        (self.renewal.mix(hop, repair), mark)
    }

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
    fn hold_knobs(&mut self) {
        let knobs = self.controls.take_over();
        if knobs != self.knobs {
            self.knobs = knobs;
            self.lanes.score.turned(knobs);
        }
    }

    /// Fresh voices take over from those that play, where a spare is there.
    fn renew(&mut self) {
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
        self.waits_at = None;
        self.lanes.score.fresh(head.as_ref().map(Playhead::frames), self.knobs);
        if let (Some(source), Some(head)) = (source, head) {
            self.switch(source, head);
        }
        self.renewal.leave(old, &mut self.lanes.repair);
    }

    /// After a panic in [`hop`](Self::hop): the voices leave with what it said, and a spare will go on at the same place. A
    /// source that makes new voices panic as well is dropped.
    pub fn recover(&mut self, message: Box<dyn Any + Send>) {
        let voices = self.voices.take();
        self.lanes.repair.send_away(Wreck {
            voices,
            message: Some(message),
        });
        self.renewal.end(&mut self.lanes.repair);
        if std::mem::take(&mut self.hops_since_panic) < STEADY_HOPS {
            let culprit = if self.hears_original {
                self.original.take()
            } else {
                self.decoded.take()
            };
            if let Some(culprit) = culprit {
                self.lanes.retirement.source(culprit);
            }
        }
    }

    fn take_spare(&mut self) {
        self.voices = self.lanes.repair.spare();
        let source = self.selected();
        let head = source
            .as_ref()
            .map(|source| Playhead::new(self.controls.position.get(), source.extent()));
        if self.voices.is_some() {
            self.lanes.score.fresh(head.as_ref().map(Playhead::frames), self.knobs);
        }
        if let (Some(source), Some(head)) = (source, head) {
            self.switch(source, head);
        }
    }

    /// Takes what arrived and switches to what should be heard.
    fn receive(&mut self) {
        let mut changed = false;
        if self.lanes.decoded_inbox.update() {
            let source = self.lanes.decoded_inbox.output_buffer_mut().take();
            self.tell_taken(source.as_deref());
            let is_new = !self.has_grown(source.as_ref());
            let phase = self.phase_before(source.as_deref()).filter(|_| !self.hears_original);
            match (is_new, phase) {
                (true, Some(phase)) => self.waits_at = Some(phase),
                (true, None) => {
                    self.waits_at = None;
                    changed |= !self.hears_original;
                }
                (false, _) => {}
            }
            if let Some(old) = std::mem::replace(&mut self.decoded, source) {
                self.lanes.retirement.source(old);
            }
        }
        if self.lanes.original_inbox.update() {
            let source = self.lanes.original_inbox.output_buffer_mut().take();
            self.tell_taken(source.as_deref());
            if let Some(old) = std::mem::replace(&mut self.original, source) {
                self.lanes.retirement.source(old);
            }
            changed |= self.hears_original;
        }
        let hears_original = self.knobs.original && self.original.is_some();
        changed |= hears_original != self.hears_original;
        self.hears_original = hears_original;
        changed |= hears_original && self.waits_at.take().is_some();
        if hears_original {
            self.mark = None;
        }
        if changed {
            match self.selected() {
                Some(source) => {
                    let head = self.head_for(&source);
                    self.switch(source, head);
                }
                None => self.silence(),
            }
        }
    }

    /// Whether `source` is more of the row that is there already; then the voices go on with it, and nothing is switched or
    /// timed. Otherwise its first sample is waited for.
    fn has_grown(&mut self, source: Option<&Arc<Source>>) -> bool {
        if let (Some(shorter), Some(longer)) = (&self.decoded, source)
            && longer.continues(shorter)
        {
            if let Some(voices) = &mut self.voices {
                voices.lengthen(shorter, longer, &mut self.lanes.retirement);
            }
            return true;
        }
        // The same sound by another voice is not waited for again.
        let is_known = matches!((&self.decoded, source), (Some(old), Some(new)) if new.answers_as(old));
        if !is_known {
            self.mark = source.and_then(|source| source.origin).filter(|origin| origin.is_timed);
        }
        false
    }

    /// The phase in the beat of what sounds, where `source` is to take over at the next beat: another recording with a beat.
    fn phase_before(&self, source: Option<&Source>) -> Option<f64> {
        let (grid, _) = self
            .voices
            .as_ref()?
            .beats()
            .zip(source?.beats())
            .filter(|(old, new)| old.0 != *new)?;
        self.knobs.playing.then(|| phase(grid.1, &grid.0))
    }

    /// What waits takes over once the beat of what sounds has come, in time with it.
    fn cross_at_the_beat(&mut self) {
        let Some(before) = self.waits_at else { return };
        let here = self.voices.as_ref().and_then(|voices| voices.beats());
        let now = here.map(|(grid, frames)| phase(frames, &grid));
        // Without a beat of what sounds there is nothing to wait for.
        if now.is_some_and(|now| now >= before && self.controls.mode() == Mode::Loop) {
            self.waits_at = now;
            return;
        }
        self.waits_at = None;
        if let Some(source) = self.selected() {
            let head = match (now, source.beats()) {
                (Some(now), Some(grid)) => in_time(&self.head_for(&source), now, &grid, source.extent()),
                _ => self.head_for(&source),
            };
            self.switch(source, head);
        }
    }

    /// A jump is a cross-fade to the same source at another place.
    fn seek(&mut self) {
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

    fn tell_taken(&mut self, source: Option<&Source>) {
        if let Some(source) = source {
            self.lanes.score.took(source.serial);
        }
    }

    fn selected(&self) -> Option<Arc<Source>> {
        if self.hears_original {
            self.original.clone()
        } else {
            self.decoded.clone()
        }
    }

    /// The playhead goes on where it is; after the end of a one-shot it begins again.
    fn head_for(&self, source: &Source) -> Playhead {
        match self.voices.as_ref().and_then(|voices| voices.head()) {
            Some(head) if !head.ended() => Playhead::at_frames(head.frames(), source.extent()),
            _ => Playhead::new(0.0, source.extent()),
        }
    }

    fn switch(&mut self, source: Arc<Source>, head: Playhead) {
        self.waits_at = None;
        match &mut self.voices {
            Some(voices) => voices.switch(source, head, &mut self.lanes.retirement),
            None => self.lanes.retirement.source(source),
        }
    }

    fn silence(&mut self) {
        if let Some(voices) = &mut self.voices {
            voices.silence(&mut self.lanes.retirement);
        }
    }
}
