//! Not real-time: the handle's part that plays keys, and sets and reads the master clock.

use super::monitor::lock;
use super::{AudioEngine, ClockPlay, ClockTime, KeyPlay};
use crate::values::KeyEvent;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

impl AudioEngine {
    /// Plays keys so from the next hop on.
    pub fn set_keys(&self, play: KeyPlay) {
        self.inner.controls.keys.set(play);
        lock(&self.inner.source_sender).set_attack(play.on && play.from_attack);
    }

    /// Hands a key, bend or pedal to the voices; the next hop plays it. From any thread; what the engine cannot take (a thousand
    /// at once) is lost.
    pub fn key(&self, event: KeyEvent) {
        let _ = lock(&self.inner.keys_tx).push(event);
    }

    /// Notes that sound, those that fade among them.
    pub fn notes_sounding(&self) -> u32 {
        self.inner.controls.keys.sounding.load(Relaxed)
    }

    /// Runs the clock so from the next hop on.
    pub fn set_clock(&self, play: ClockPlay) {
        self.inner.controls.clock.set(play);
    }

    /// The tempo alone: what follows another clock changes it often.
    pub fn set_tempo(&self, bpm: f32) {
        if bpm.is_finite() {
            self.inner.controls.clock.bpm.set(bpm.clamp(20.0, 400.0));
        }
    }

    /// Moves the count of beats, from the next hop on. Until what was asked for last can be read, nothing is moved again.
    pub fn move_clock(&self, beats: f64) {
        const READABLE: Duration = Duration::from_millis(120);
        let controls = &self.inner.controls;
        let now = controls.began.map_or(Duration::ZERO, |began| began.elapsed());
        let before = Duration::from_micros(controls.clock.moved_micros.load(Relaxed));
        if before.is_zero() || now > before + READABLE {
            controls.clock.moved_micros.store(now.as_micros() as u64, Relaxed);
            controls.clock.move_by(beats);
        }
    }

    /// Where the clock is. It stands still while nothing plays.
    pub fn clock(&self) -> ClockTime {
        let clock = &self.inner.controls.clock;
        let stamp = clock.stamped();
        ClockTime {
            beat: stamp.beat,
            at: self.inner.controls.began.unwrap_or_else(Instant::now) + Duration::from_micros(stamp.micros),
            bpm: clock.bpm.get(),
        }
    }

    /// Whether loops follow the clock.
    pub fn follows_clock(&self) -> bool {
        self.inner.controls.clock.on.load(Relaxed)
    }
}
