//! The master clock: how it runs, what it follows and who follows it.

pub use crate::audio::Quantise;
use serde::{Deserialize, Serialize};

/// Remembered in the settings. Whether loops follow is not: every start begins with sounds at their own tempo.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ClockSettings {
    /// Beats a minute.
    pub bpm: f32,
    /// Beats in a bar.
    pub beats_per_bar: u8,
    /// When a new sound takes over.
    pub quantise: Quantise,
    /// Whether every beat clicks.
    pub metronome: bool,
    /// What it follows.
    pub sync: ClockSync,
    /// Name of the MIDI output that is sent the clock.
    pub send_to: Option<String>,
}

impl ClockSettings {
    /// What the tempo may be.
    pub const TEMPI: std::ops::RangeInclusive<f32> = 20.0..=400.0;
}

impl Default for ClockSettings {
    fn default() -> Self {
        Self {
            bpm: 120.0,
            beats_per_bar: 4,
            quantise: Quantise::Off,
            metronome: false,
            sync: ClockSync::Own,
            send_to: None,
        }
    }
}

/// What the clock follows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ClockSync {
    /// Nothing: it is the master.
    #[default]
    Own,
    /// MIDI clock, start and stop.
    Midi,
    /// Tempo and beats of a Link session.
    Link,
}

/// What the clock is doing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ClockStatus {
    /// Whether loops follow it.
    pub on: bool,
    /// Beats since it began; `None` while it stands still.
    pub beat: Option<f64>,
    /// What sounds has no steady beat that could follow it.
    pub beatless: bool,
    /// The tempo that is followed; `None` where nothing is, or nothing comes.
    pub followed_bpm: Option<f32>,
    /// Others in the Link session; `None` where it was not asked for.
    pub peers: Option<usize>,
    /// MIDI outputs that are there.
    pub outputs: Vec<String>,
}

/// Tempo from taps.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Taps(Vec<f64>);

impl Taps {
    /// A tap after a longer pause begins anew: the slowest tempo has a beat in three seconds.
    const PAUSE_SECS: f64 = 3.0;
    /// Taps that count.
    const KEPT: usize = 8;

    /// Takes a tap at `now_secs`; the tempo once there are two.
    pub fn tap(&mut self, now_secs: f64) -> Option<f32> {
        if self
            .0
            .last()
            .is_some_and(|last| !(0.0..=Self::PAUSE_SECS).contains(&(now_secs - last)))
        {
            self.0.clear();
        }
        self.0.push(now_secs);
        let surplus = self.0.len().saturating_sub(Self::KEPT);
        self.0.drain(..surplus);
        let (first, last) = (self.0.first()?, self.0.last()?);
        let beats = (self.0.len() - 1) as f64;
        (beats > 0.0 && last > first).then(|| {
            let bpm = (60.0 * beats / (last - first)) as f32;
            bpm.clamp(*ClockSettings::TEMPI.start(), *ClockSettings::TEMPI.end())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn taps_are_a_tempo_and_a_pause_forgets_them() {
        let mut taps = Taps::default();
        assert_eq!(taps.tap(10.0), None);
        let bpm = (1..6).map(|tap| taps.tap(10.0 + 0.5 * f64::from(tap))).last().flatten();
        assert!(bpm.is_some_and(|bpm| (bpm - 120.0).abs() < 0.01), "{bpm:?}");
        assert_eq!(taps.tap(30.0), None);
        assert!(taps.tap(30.4).is_some_and(|bpm| (bpm - 150.0).abs() < 0.01));
    }
}
