//! Real-time: the callback's end of the score: numbers hops, keeps the take's clock, and says what has changed.
//!
//! While no take is scored it costs one load of an atomic a block.

use super::note::{Knobs, Note, Place};
use crate::audio::{ClockPlay, KeyPlay};
use crate::values::KeyEvent;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Acquire, Ordering::Relaxed, Ordering::Release};

/// Notes on their way at once: whoever reads them may be seconds late.
const NOTES: usize = 8_192;

/// Samples between two notes of the level although it has not changed: what a crash can cost.
const SAID_EVERY: u64 = 44_100;

/// What both ends of the lane share.
#[derive(Debug, Default)]
pub struct ScoreShared {
    /// Number of the take that is to be scored; 0 = none.
    wanted: AtomicU64,
    /// Samples of it that have passed.
    clock: AtomicU64,
    /// Notes that found the lane full.
    lost: AtomicU64,
}

impl ScoreShared {
    /// Lets the score of take `number` begin with the next block; 0 ends it.
    pub fn want(&self, number: u64) {
        self.wanted.store(number, Release);
    }

    /// Samples of the take that have passed.
    pub fn clock(&self) -> u64 {
        self.clock.load(Relaxed)
    }

    /// Notes that were lost since the last take began.
    pub fn lost(&self) -> u64 {
        self.lost.load(Relaxed)
    }
}

/// The end that the synth holds.
pub struct ScoreLane {
    notes: rtrb::Producer<Note>,
    shared: Arc<ScoreShared>,
    /// The take that is scored; 0 = none.
    take: u64,
    wants_fresh: bool,
    hop: u64,
    serial: u64,
    /// Samples at the engine's rate since the take began.
    passed: f64,
    level: Option<(f32, bool)>,
    said_at: u64,
}

impl ScoreLane {
    /// The lane's two ends and what they share.
    pub fn new() -> (Self, rtrb::Consumer<Note>, Arc<ScoreShared>) {
        let (notes, far_end) = rtrb::RingBuffer::new(NOTES);
        let shared = Arc::<ScoreShared>::default();
        let lane = Self {
            notes,
            shared: Arc::clone(&shared),
            take: 0,
            wants_fresh: false,
            hop: 0,
            serial: 0,
            passed: 0.0,
            level: None,
            said_at: 0,
        };
        (lane, far_end, shared)
    }

    /// A block begins, while `left` samples of the newest hop are still to be handed over at `gain`.
    pub fn block(&mut self, left: usize, gain: f32, target: f32, sounding: bool) {
        let wanted = self.shared.wanted.load(Acquire);
        if wanted != self.take {
            if self.take != 0 {
                self.say(Note::Ended {
                    place: self.place(left),
                });
            }
            self.take = wanted;
            if wanted != 0 {
                self.begin(left, gain);
            }
        }
        if self.take == 0 {
            return;
        }
        let place = self.place(left);
        if self.level != Some((target, sounding)) || place.sample >= self.said_at + SAID_EVERY {
            self.level = Some((target, sounding));
            self.said_at = place.sample;
            self.say(Note::Level {
                place,
                target,
                sounding,
            });
        }
    }

    /// So many samples at the engine's rate were handed over or kept silent.
    pub fn pass(&mut self, samples: f64) {
        if self.take != 0 {
            self.passed += samples;
            self.shared.clock.store(self.passed as u64, Relaxed);
        }
    }

    /// Whether the take waits for voices without a past.
    pub fn wants_fresh(&self) -> bool {
        self.wants_fresh
    }

    /// They are there, and begin at `head`.
    pub fn fresh(&mut self, head: Option<f64>, knobs: Knobs) {
        self.wants_fresh = false;
        let (hop, serial) = (self.hop, self.serial);
        self.tell(Note::Fresh {
            hop,
            serial,
            head: head.map(f64::to_bits),
        });
        self.turned(knobs);
    }

    /// What call `serial` left was taken.
    pub fn took(&mut self, serial: u64) {
        self.serial = self.serial.max(serial);
        self.tell(Note::Took { hop: self.hop, serial });
    }

    /// Knobs have turned.
    pub fn turned(&mut self, knobs: Knobs) {
        self.tell(Note::Turned { hop: self.hop, knobs });
    }

    /// Whether a take is scored.
    pub fn is_on(&self) -> bool {
        self.take != 0
    }

    /// Keys play otherwise.
    pub fn keys(&mut self, play: KeyPlay) {
        self.tell(Note::Keys { hop: self.hop, play });
    }

    /// The voices have taken a key.
    pub fn key(&mut self, event: KeyEvent) {
        self.tell(Note::Key { hop: self.hop, event });
    }

    /// The master clock runs otherwise, or stands elsewhere.
    pub fn clock(&mut self, play: ClockPlay, beat: f64) {
        self.tell(Note::Clock {
            hop: self.hop,
            play,
            beat: beat.to_bits(),
        });
    }

    /// The playhead jumps.
    pub fn sought(&mut self, fraction: f32) {
        self.tell(Note::Sought {
            hop: self.hop,
            fraction,
        });
    }

    /// What was taken just now begins so many seconds into it.
    pub fn started(&mut self, secs: f32) {
        self.tell(Note::Started { hop: self.hop, secs });
    }

    /// A hop is made.
    pub fn made(&mut self) {
        self.hop += 1;
    }

    fn begin(&mut self, left: usize, gain: f32) {
        (self.hop, self.passed, self.said_at, self.level) = (0, 0.0, 0, None);
        self.wants_fresh = true;
        self.shared.clock.store(0, Relaxed);
        self.shared.lost.store(0, Relaxed);
        self.say(Note::Begun {
            left: left as u32,
            gain,
        });
    }

    fn place(&self, left: usize) -> Place {
        Place {
            hop: self.hop,
            left: left as u32,
            sample: self.passed as u64,
        }
    }

    fn tell(&mut self, note: Note) {
        if self.take != 0 {
            self.say(note);
        }
    }

    fn say(&mut self, note: Note) {
        if self.notes.push(note).is_err() {
            self.shared.lost.fetch_add(1, Relaxed);
        }
    }
}
