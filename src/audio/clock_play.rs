//! Not real-time: how the master clock runs and where it is, as plain values.

use std::time::Instant;

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
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
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
