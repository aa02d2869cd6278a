//! Real-time: notes: the sound that plays, at the pitches of the keys that are down.
//!
//! All notes that follow the sound's own playhead read the same spectra, which are analysed once a hop; the last few are kept, so
//! that a note is whole from its first sample on. A note that begins at the attack has a playhead of its own and reads the
//! recording there.

use super::key_controls::KeyControls;
use super::layers::Layers;
use super::note::{Note, Slopes, Stage};
use super::own_frames::OwnFrames;
use crate::dsp::{BandAxis, PartialFrame, PitchRatio, PitchTables};
use crate::values::{KeyChange, KeyEvent, held_to_scale};
use realfft::num_complex::Complex32;
use std::sync::atomic::Ordering::Relaxed;

/// Notes that keys can hold at once.
const MOST_HELD: usize = 16;
/// Some more, for notes that make room.
const NOTES: usize = MOST_HELD + 4;
/// Each costs as much as eight of its hops: so many begin in one hop, the others in the next.
const STARTS_PER_HOP: usize = 4;
/// Frames under one window: so many a note must have read before its first hop is whole.
const OVERLAP: usize = 8;
/// Semitones that the whole instrument bends where each note has its own bend.
const COMMON_BEND: f32 = 2.0;

/// How the playhead moves in this hop.
#[derive(Clone, Copy)]
pub struct KeyHop<'a> {
    pub controls: &'a KeyControls,
    /// What sounds, where its own frames can be read by notes with playheads of their own.
    pub layers: &'a Layers<()>,
    /// Frames a hop, 1 = as recorded.
    pub speed: f32,
    pub detail: f32,
    pub texture: f32,
    pub at_own_pace: bool,
}

/// All notes.
pub struct Keys {
    tables: PitchTables,
    /// The newest frame at `newest`, older ones before it in a circle.
    frames: Vec<PartialFrame>,
    newest: usize,
    own_frames: OwnFrames,
    notes: Vec<Note>,
    number: u64,
    bends: [f32; 16],
    pedals: [bool; 16],
    starts: usize,
    hop: Vec<[f32; 2]>,
    rate_hz: f32,
    was_on: bool,
}

impl Keys {
    /// No note sounds; for spectra of `axis`.
    pub fn new(axis: &BandAxis, seed: u64) -> Self {
        let tables = PitchTables::new(axis.fft_len(), axis.hop_len());
        Self {
            frames: vec![tables.frame(); OVERLAP + 1],
            newest: 0,
            own_frames: OwnFrames::new(axis, seed),
            notes: (0..NOTES).map(|_| Note::new(&tables)).collect(),
            number: 0,
            bends: [0.0; 16],
            pedals: [false; 16],
            starts: 0,
            hop: vec![[0.0; 2]; axis.hop_len()],
            rate_hz: axis.sample_rate_hz() as f32,
            was_on: false,
            tables,
        }
    }

    /// Whether the spectrum that sounds is wanted in this hop.
    pub fn listens(&self, controls: &KeyControls) -> bool {
        controls.on.load(Relaxed) || self.notes.iter().any(Note::is_sounding)
    }

    /// Where the spectrum that sounds is to be put, `[bins]` of both channels, emptied.
    pub fn next_spectrum(&mut self) -> &mut [Vec<Complex32>; 2] {
        self.newest = (self.newest + 1) % self.frames.len();
        let spectrum = &mut self.frames[self.newest].spectrum;
        for channel in spectrum.iter_mut() {
            channel.fill(Complex32::ZERO);
        }
        spectrum
    }

    /// Whether `event` can be taken in this hop: a note may have to wait for the next.
    pub fn has_room_for(&self, event: &KeyEvent) -> bool {
        !matches!(event.change, KeyChange::On { .. })
            || self.starts < STARTS_PER_HOP && self.notes.iter().any(|note| !note.is_sounding())
    }

    /// Takes `event`; with `own_playhead`, a note begins there.
    pub fn take(&mut self, event: KeyEvent, controls: &KeyControls, own_playhead: Option<f64>) {
        let channel = event.channel % 16;
        let common = controls.per_note.load(Relaxed).then_some(0);
        match event.change {
            KeyChange::On { note, velocity } => {
                self.end_key(note, channel, Note::release);
                self.make_room();
                if let Some(free) = self.notes.iter_mut().find(|note| !note.is_sounding()) {
                    self.number += 1;
                    self.starts += 1;
                    free.begin(note, channel, velocity, self.number, own_playhead);
                }
            }
            KeyChange::Off { note } => {
                let pedal =
                    self.pedals[usize::from(channel)] || common.is_some_and(|common: usize| self.pedals[common]);
                self.end_key(note, channel, |note| {
                    if pedal {
                        note.stage = Stage::Sustained;
                    } else {
                        note.release();
                    }
                });
            }
            KeyChange::Bend(bend) => {
                self.bends[usize::from(channel)] = if bend.is_finite() { bend.clamp(-1.0, 1.0) } else { 0.0 };
            }
            KeyChange::Sustain(down) => {
                self.pedals[usize::from(channel)] = down;
                let is_common = common == Some(usize::from(channel));
                for note in self.notes.iter_mut().filter(|note| note.stage == Stage::Sustained) {
                    if !down && (is_common || note.channel == channel) {
                        note.release();
                    }
                }
            }
            KeyChange::AllOff => {
                self.pedals = [false; 16];
                self.notes.iter_mut().for_each(Note::release);
            }
        }
    }

    /// Adds what the notes make of the spectrum that was put in to `sum`.
    pub fn add_hop(&mut self, now: KeyHop<'_>, sum: &mut [[f32; 2]]) {
        let controls = now.controls;
        let is_on = controls.on.load(Relaxed);
        if std::mem::replace(&mut self.was_on, is_on) && !is_on {
            self.notes.iter_mut().for_each(Note::release);
        }
        self.analyse(now.at_own_pace);
        let hop_len = sum.len() as f32;
        let slopes = Slopes {
            attack: 1.0 / (controls.attack_secs.get() * self.rate_hz).max(1.0),
            release: (-6.908 / (controls.release_secs.get() * self.rate_hz)).exp(),
            dying: 1.0 / hop_len,
        };
        let mut notes = std::mem::take(&mut self.notes);
        for note in notes.iter_mut().filter(|note| note.is_sounding()) {
            let pitch = self.pitch(note, controls);
            let is_first = std::mem::take(&mut note.is_fresh);
            self.push(note, pitch, now, is_first);
            note.add(&self.hop, slopes, sum);
        }
        self.notes = notes;
        self.starts = 0;
        let sounding = self.notes.iter().filter(|note| note.is_sounding()).count();
        controls.sounding.store(sounding as u32, Relaxed);
    }

    fn analyse(&mut self, at_own_pace: bool) {
        let before = (self.newest + self.frames.len() - 1) % self.frames.len();
        if let Ok([frame, before]) = self.frames.get_disjoint_mut([self.newest, before]) {
            self.tables.analyse(frame, before, at_own_pace);
        }
    }

    fn pitch(&self, note: &Note, controls: &KeyControls) -> PitchRatio {
        let range = controls.bend_semitones.get();
        let own = self.bends[usize::from(note.channel)];
        let bend = match (controls.per_note.load(Relaxed), note.channel) {
            (false, _) => own * range,
            (true, 0) => own * COMMON_BEND,
            (true, _) => own * range + self.bends[0] * COMMON_BEND,
        };
        let key = held_to_scale(note.key, controls.tonic.load(Relaxed), controls.scale.load(Relaxed));
        let octaves = (f32::from(key) + bend - controls.root.get()) / 12.0;
        PitchRatio {
            ratio: octaves.clamp(-5.0, 5.0).exp2(),
            keeps_envelope: controls.keeps_envelope.load(Relaxed),
        }
    }

    /// Writes the next hop of `note`; before its first one, what its windows reach back to.
    fn push(&mut self, note: &mut Note, pitch: PitchRatio, now: KeyHop<'_>, is_first: bool) {
        let Some(place) = note.place else {
            let back = if is_first { OVERLAP - 1 } else { 0 };
            for back in (0..=back).rev() {
                let frame = &self.frames[(self.newest + self.frames.len() - back) % self.frames.len()];
                note.voice.push(&self.tables, frame, pitch, &mut self.hop);
            }
            return;
        };
        let step = f64::from(now.speed);
        let half = OVERLAP as f64 / 2.0;
        let first = if is_first {
            place + (half - OVERLAP as f64 + 1.0) * step
        } else {
            place
        };
        let count = if is_first { OVERLAP } else { 1 };
        for index in 0..count {
            let place = first + index as f64 * step;
            note.frames.swap(0, 1);
            let [frame, before] = &mut note.frames;
            self.own_frames
                .read(now.layers, place, (now.detail, now.texture), &mut frame.spectrum);
            self.tables.analyse(frame, before, now.speed == 1.0);
            note.voice.push(&self.tables, frame, pitch, &mut self.hop);
        }
        let next = first + count as f64 * step;
        note.place = Some(next);
        if now
            .layers
            .iter()
            .next_back()
            .is_none_or(|layer| next > layer.source.extent().end + half)
        {
            note.release();
        }
    }

    fn end_key(&mut self, key: u8, channel: u8, end: impl Fn(&mut Note)) {
        let is_its = |note: &&mut Note| note.stage == Stage::Held && (note.key, note.channel) == (key, channel);
        self.notes.iter_mut().filter(is_its).for_each(end);
    }

    /// The oldest of those that fade, or else of all, makes room where a key more would be too many.
    fn make_room(&mut self) {
        let living = |note: &&mut Note| note.is_sounding() && note.stage != Stage::Dying;
        if self.notes.iter_mut().filter(living).count() < MOST_HELD {
            return;
        }
        let oldest = self.notes.iter_mut().filter(living);
        if let Some(note) = oldest.min_by_key(|note| (note.is_kept(), note.number)) {
            note.stage = Stage::Dying;
        }
    }
}
