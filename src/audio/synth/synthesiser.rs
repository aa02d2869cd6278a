//! Real-time: what sounds: the decoded source or the original, handed to the voices; and spare voices after a panic.
//!
//! Runs in the device's callback (or inside [`BlockRenderer`](crate::audio::BlockRenderer)); never allocates, frees, locks or logs.

use super::beat_phase::{in_time, phase};
use super::controls::Controls;
use super::layers::{BeatTime, FADE_HOPS};
use super::playhead::Playhead;
use super::renewal::Renewal;
use super::repair::{Repair, Wreck};
use super::retirement::Retirement;
use super::source::{Origin, Source};
use super::voices::Voices;
use crate::audio::score::{Knobs, ScoreLane};
use crate::audio::{ClockPlay, KeyPlay, Mode};
use crate::dsp::BandAxis;
use crate::values::{KeyChange, KeyEvent};
use std::any::Any;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

/// The newest source of its kind, or `None` once cleared.
pub type SourceInbox = triple_buffer::Output<Option<Arc<Source>>>;

/// Voices that panic before they have made this many hops (1.2 s) panic because of what they play.
const STEADY_HOPS: u32 = 200;

/// Keys of one chord come within so many hops (35 ms): the sound begins again once.
pub(super) const CHORD_HOPS: u32 = 6;

/// A new source begins to sound `delay_samples` after the beginning of the hop it comes with.
pub struct HopMark {
    pub origin: Origin,
    pub delay_samples: usize,
}

/// The synth's ends of all lanes that lead to and from it.
pub struct SynthLanes {
    pub decoded_inbox: SourceInbox,
    pub original_inbox: SourceInbox,
    pub keys: rtrb::Consumer<KeyEvent>,
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
            keys: rtrb::RingBuffer::new(1).1,
            retirement: Retirement::lane().0,
            repair: Repair::lane().0,
            score: ScoreLane::new().0,
        }
    }
}

/// Makes one hop of stereo sound after another, at the band axis' rate.
pub struct Synth {
    pub(super) controls: Arc<Controls>,
    /// As they are for one hop.
    pub(super) knobs: Knobs,
    /// As a score was told last; of the clock, what comes next by itself.
    pub(super) told_keys: Option<KeyPlay>,
    pub(super) told_clock: Option<(ClockPlay, f64)>,
    pub(super) renewal: Renewal,
    pub(super) lanes: SynthLanes,
    decoded: Option<Arc<Source>>,
    original: Option<Arc<Source>>,
    hears_original: bool,
    /// `None` from a panic until a spare arrives.
    pub(super) voices: Option<Box<Voices>>,
    hops_since_panic: u32,
    /// Since a key let the sound begin again.
    pub(super) hops_since_strike: u32,
    mark: Option<Origin>,
    /// The phase in its beat of what sounds while the newest source waits for the next one; `None` = nothing waits.
    pub(super) waits_at: Option<f64>,
    /// The beat of the master clock at which the newest source takes over; `None` = nothing waits for it.
    pub(super) due_beat: Option<f64>,
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
            told_keys: None,
            told_clock: None,
            renewal: Renewal::new(axis.hop_len()),
            lanes,
            decoded: None,
            original: None,
            hears_original: false,
            voices: Some(Box::new(Voices::new(axis, seed))),
            hops_since_panic: STEADY_HOPS,
            hops_since_strike: CHORD_HOPS,
            mark: None,
            waits_at: None,
            due_beat: None,
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

    /// Samples that everything is later for the limiter's sake.
    pub fn limiter_latency_samples(&self) -> usize {
        self.voices
            .as_ref()
            .map_or(0, |voices| voices.limiter_latency_samples())
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
        self.cross_in_time();
        if self.lanes.score.wants_fresh() || self.renewal.forced.is_some() {
            self.renew();
        }
        self.take_keys();
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
        self.controls.clock.advance(self.controls.hop_secs);
        (self.renewal.mix(hop, repair), mark)
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

    /// Takes what arrived and switches to what should be heard.
    fn receive(&mut self) {
        let mut changed = false;
        let mut start = None;
        if self.lanes.decoded_inbox.update() {
            let source = self.lanes.decoded_inbox.output_buffer_mut().take();
            self.tell_taken(source.as_deref());
            let is_new = !self.has_grown(source.as_ref());
            if is_new {
                start = source.as_deref().and_then(|source| self.start_of(source));
            }
            let follows = self.controls.clock.is_on();
            let phase = self
                .phase_before(source.as_deref())
                .filter(|_| !self.hears_original && !follows);
            match (is_new, phase) {
                (true, Some(phase)) => self.waits_at = Some(phase),
                (true, None) => {
                    self.waits_at = None;
                    self.due_beat = self.boundary().filter(|_| source.is_some());
                    changed |= !self.hears_original && self.due_beat.is_none();
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
                    let head = match start.filter(|_| !self.hears_original) {
                        Some(secs) => self.begin_at(secs, &source),
                        None => self.head_for(&source),
                    };
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

    /// The beat of the master clock that the newest source has to wait for; `None` where it may sound at once.
    fn boundary(&self) -> Option<f64> {
        let quantum = self.controls.clock.quantum()?;
        let time = BeatTime::of(&self.controls)?;
        let is_heard = self.knobs.playing && !self.hears_original;
        let sounds = self.voices.as_ref().is_some_and(|voices| voices.head().is_some());
        (is_heard && sounds).then(|| self.due_beat.unwrap_or((time.beat() / quantum).ceil() * quantum))
    }

    /// What waits for the master clock takes over half a fade before its beat.
    fn cross_in_time(&mut self) {
        let Some(due) = self.due_beat else { return };
        let half_fade = f64::from(FADE_HOPS) / 2.0 * self.controls.clock.beats_per_sec() * self.controls.hop_secs;
        let is_due = BeatTime::of(&self.controls).is_none_or(|time| time.beat() + half_fade >= due);
        if is_due && let Some(source) = self.selected() {
            let head = self.head_for(&source);
            self.switch(source, head);
        }
    }

    /// Keys that came since the last hop.
    fn take_keys(&mut self) {
        self.hops_since_strike = self.hops_since_strike.saturating_add(1);
        let is_on = self.controls.keys.on.load(Relaxed);
        let mut strikes = false;
        while let Ok(event) = self.lanes.keys.peek() {
            let event = *event;
            let Some(voices) = self.voices.as_mut().filter(|voices| voices.has_room_for(&event)) else {
                break;
            };
            let _ = self.lanes.keys.pop();
            self.lanes.score.key(event);
            if is_on || !matches!(event.change, KeyChange::On { .. }) {
                strikes |= voices.take_key(event, &self.controls);
            }
        }
        if strikes
            && self.hops_since_strike >= CHORD_HOPS
            && let Some(source) = self.selected()
        {
            self.hops_since_strike = 0;
            let head = Playhead::at_frames(source.attack.max(source.extent().start), source.extent());
            self.switch(source, head);
        }
    }

    pub(super) fn selected(&self) -> Option<Arc<Source>> {
        if self.hears_original {
            self.original.clone()
        } else {
            self.decoded.clone()
        }
    }

    pub(super) fn switch(&mut self, source: Arc<Source>, head: Playhead) {
        (self.waits_at, self.due_beat) = (None, None);
        let frames = BeatTime::of(&self.controls)
            .filter(|_| self.controls.mode() == Mode::Loop)
            .and_then(|time| time.frame(&source));
        let head = frames.map_or(head, |frames| Playhead::at_frames(frames, source.extent()));
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
