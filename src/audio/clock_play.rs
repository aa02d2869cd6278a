//! Not real-time: how the master clock runs, as plain values, and the handle's part that sets and reads it.

use super::AudioEngine;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

/// When a new sound takes over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Quantise {
    /// At once.
    #[default]
    Off,
    /// At the next beat.
    Beat,
    /// At the next bar.
    Bar,
}

/// How the master clock runs. Values out of range are pulled into it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClockPlay {
    /// Whether loops are cut to whole beats and follow it; the speed is the clock's then.
    pub on: bool,
    /// Beats a minute, 20..=400.
    pub bpm: f32,
    /// 1..=16.
    pub beats_per_bar: u8,
    /// When a new sound takes over, while the clock is on.
    pub quantise: Quantise,
    /// Whether every beat clicks.
    pub metronome: bool,
}

impl Default for ClockPlay {
    fn default() -> Self {
        Self {
            on: false,
            bpm: 120.0,
            beats_per_bar: 4,
            quantise: Quantise::Off,
            metronome: false,
        }
    }
}

/// Where the clock is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClockTime {
    /// Beats since it began.
    pub beat: f64,
    /// When that beat leaves the engine for the sound card.
    pub at: Instant,
    /// Beats a minute.
    pub bpm: f32,
}

impl ClockTime {
    /// The beat at another moment, at the same tempo.
    pub fn beat_at(&self, moment: Instant) -> f64 {
        let secs = if moment >= self.at {
            (moment - self.at).as_secs_f64()
        } else {
            -(self.at - moment).as_secs_f64()
        };
        self.beat + secs * f64::from(self.bpm) / 60.0
    }
}

impl AudioEngine {
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
