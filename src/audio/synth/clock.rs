//! Real-time: the master clock: beats counted hop by hop, and what follows them.
//!
//! Only the callback counts; others set the tempo, move the count, and read where it is and when it was there.

use super::atomic_f32::AtomicF32;
use crate::audio::{ClockPlay, Quantise};
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};

/// A beat that was due at a moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BeatStamp {
    /// Beats since the clock began.
    pub beat: f64,
    /// Microseconds since the engine began.
    pub micros: u64,
}

/// The clock.
#[derive(Debug)]
pub struct ClockControls {
    /// Loops follow it.
    pub on: AtomicBool,
    pub metronome: AtomicBool,
    pub bpm: AtomicF32,
    pub beats_per_bar: AtomicU8,
    quantise: AtomicU8,
    /// Beats to move the count by, once; NaN when there is nothing to do.
    moves: AtomicU64,
    /// When the count was moved last, in microseconds since the engine began; 0 = never.
    pub moved_micros: AtomicU64,
    /// The beat at the beginning of the hop that is being made.
    beat: AtomicU64,
    /// Odd while the two below are being written.
    version: AtomicU64,
    stamp_beat: AtomicU64,
    stamp_micros: AtomicU64,
}

impl Default for ClockControls {
    fn default() -> Self {
        let controls = Self {
            on: AtomicBool::new(false),
            metronome: AtomicBool::new(false),
            bpm: AtomicF32::default(),
            beats_per_bar: AtomicU8::new(4),
            quantise: AtomicU8::new(0),
            moves: AtomicU64::new(f64::NAN.to_bits()),
            moved_micros: AtomicU64::new(0),
            beat: AtomicU64::new(0.0f64.to_bits()),
            version: AtomicU64::new(0),
            stamp_beat: AtomicU64::new(0.0f64.to_bits()),
            stamp_micros: AtomicU64::new(0),
        };
        controls.set(ClockPlay::default());
        controls
    }
}

impl ClockControls {
    /// Takes over `play`, pulled into range.
    pub fn set(&self, play: ClockPlay) {
        if play.bpm.is_finite() {
            self.bpm.set(play.bpm.clamp(20.0, 400.0));
        }
        self.beats_per_bar.store(play.beats_per_bar.clamp(1, 16), Relaxed);
        self.quantise.store(play.quantise as u8, Relaxed);
        self.metronome.store(play.metronome, Relaxed);
        self.on.store(play.on, Relaxed);
    }

    /// How it runs now.
    pub fn play(&self) -> ClockPlay {
        ClockPlay {
            on: self.is_on(),
            bpm: self.bpm.get(),
            beats_per_bar: self.beats_per_bar.load(Relaxed),
            quantise: match self.quantise.load(Relaxed) {
                beat if beat == Quantise::Beat as u8 => Quantise::Beat,
                bar if bar == Quantise::Bar as u8 => Quantise::Bar,
                _ => Quantise::Off,
            },
            metronome: self.metronome.load(Relaxed),
        }
    }

    /// The hop that is made next begins at `beat`. Called by whoever makes hops alone.
    pub fn set_beat(&self, beat: f64) {
        self.beat.store(beat.to_bits(), Relaxed);
    }

    /// Whether loops follow.
    pub fn is_on(&self) -> bool {
        self.on.load(Relaxed)
    }

    /// Beats from one moment at which a new sound may take over to the next; `None` = at once.
    pub fn quantum(&self) -> Option<f64> {
        if !self.is_on() {
            return None;
        }
        match self.quantise.load(Relaxed) {
            beat if beat == Quantise::Beat as u8 => Some(1.0),
            bar if bar == Quantise::Bar as u8 => Some(f64::from(self.beats_per_bar.load(Relaxed))),
            _ => None,
        }
    }

    /// Beats a second.
    pub fn beats_per_sec(&self) -> f64 {
        f64::from(self.bpm.get()) / 60.0
    }

    /// The beat at the beginning of the hop that is being made.
    pub fn beat(&self) -> f64 {
        f64::from_bits(self.beat.load(Relaxed))
    }

    /// Moves the count by `beats`, from the next hop on.
    pub fn move_by(&self, beats: f64) {
        self.moves.store(beats.to_bits(), Relaxed);
    }

    /// Counts on by the hop that was made, `secs` long.
    pub fn advance(&self, secs: f64) {
        let moved = f64::from_bits(self.moves.swap(f64::NAN.to_bits(), Relaxed));
        let moved = if moved.is_finite() { moved } else { 0.0 };
        let beat = self.beat() + secs * self.beats_per_sec() + moved;
        self.beat.store(beat.to_bits(), Relaxed);
    }

    /// Says that `beat` is due at `micros`. Called by the callback alone.
    pub fn stamp(&self, stamp: BeatStamp) {
        self.version.fetch_add(1, Ordering::AcqRel);
        self.stamp_beat.store(stamp.beat.to_bits(), Ordering::Release);
        self.stamp_micros.store(stamp.micros, Ordering::Release);
        self.version.fetch_add(1, Ordering::AcqRel);
    }

    /// What was said last; tries again while it is being written.
    pub fn stamped(&self) -> BeatStamp {
        loop {
            let before = self.version.load(Ordering::Acquire);
            let stamp = BeatStamp {
                beat: f64::from_bits(self.stamp_beat.load(Ordering::Acquire)),
                micros: self.stamp_micros.load(Ordering::Acquire),
            };
            if before.is_multiple_of(2) && self.version.load(Ordering::Acquire) == before {
                return stamp;
            }
            std::hint::spin_loop();
        }
    }
}
