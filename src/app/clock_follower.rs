//! The beats of another clock, from ticks that come more or less in time; and how ours is led to them.

use crate::audio::AudioEngine;
use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// Ticks of a MIDI clock in a beat.
pub const TICKS: u32 = 24;
/// Ticks that the tempo is read from: two beats.
const KEPT: usize = 48;
/// The fewest.
const LEAST: usize = 6;
/// After so long without a tick there is no clock.
const PATIENCE: Duration = Duration::from_millis(500);
/// A tick that comes so much of its time too early or too late begins a new tempo.
const ANOTHER_TEMPO: f64 = 0.35;
/// So far off, our count is moved instead of being led there: a tenth of a beat.
const MOVED_FROM: f64 = 0.1;
/// The tempo is changed by so much of it for every beat that we are off: half of that is caught up within a second at 120.
const PULL: f64 = 0.5;
const MOST_PULL: f64 = 0.06;

/// A beat of another clock.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FollowedBeat {
    /// Beats since it began.
    pub beat: f64,
    /// When that is.
    pub at: Instant,
    /// Its tempo.
    pub bpm: f64,
}

impl FollowedBeat {
    /// Leads the engine's clock there.
    pub fn steer(&self, audio: &AudioEngine) {
        let off = self.beat - audio.clock().beat_at(self.at);
        if off.abs() > MOVED_FROM && audio.is_playing() {
            audio.move_clock(off);
            audio.set_tempo(self.bpm as f32);
        } else {
            let pull = (PULL * off).clamp(-MOST_PULL, MOST_PULL);
            audio.set_tempo((self.bpm * (1.0 + pull)) as f32);
        }
    }
}

/// Reads a MIDI clock.
#[derive(Debug, Default)]
pub struct ClockFollower {
    ticks: VecDeque<Instant>,
    /// Ticks since the start, before the next one.
    count: u64,
    runs: bool,
    bpm: Option<f64>,
}

impl ClockFollower {
    /// The other clock begins, from its beginning or where it stopped; the next tick is its first.
    pub fn start(&mut self, anew: bool) {
        if anew {
            self.count = 0;
        }
        self.runs = true;
    }

    /// It stops; its ticks may go on.
    pub fn stop(&mut self) {
        self.runs = false;
    }

    /// The tempo, while ticks come.
    pub fn bpm(&self, now: Instant) -> Option<f32> {
        let last = *self.ticks.back()?;
        (now.saturating_duration_since(last) < PATIENCE).then_some(self.bpm? as f32)
    }

    /// A tick came `at`; where the other clock is, once that can be told. A clock that ticks without having started counts too:
    /// not every machine says that it starts.
    pub fn tick(&mut self, at: Instant) -> Option<FollowedBeat> {
        self.forget_another_tempo(at);
        self.ticks.push_back(at);
        if self.ticks.len() > KEPT {
            self.ticks.pop_front();
        }
        let number = self.count;
        self.count += 1;
        if self.ticks.len() < LEAST {
            return None;
        }
        let (late_secs, tick_secs) = self.line()?;
        let bpm = 60.0 / (tick_secs * f64::from(TICKS));
        self.bpm = Some(bpm);
        // Where the line says that this tick belongs.
        let due = if late_secs >= 0.0 {
            at.checked_sub(Duration::from_secs_f64(late_secs))?
        } else {
            at + Duration::from_secs_f64(-late_secs)
        };
        Some(FollowedBeat {
            beat: number as f64 / f64::from(TICKS),
            at: due,
            bpm,
        })
    }

    fn forget_another_tempo(&mut self, at: Instant) {
        let Some(last) = self.ticks.back() else { return };
        let gap = at.saturating_duration_since(*last);
        let expected = self.bpm.map(|bpm| 60.0 / (bpm * f64::from(TICKS)));
        let is_other = match expected {
            // Over three ticks, so that one that is late alone is no new tempo.
            Some(expected) if self.ticks.len() > LEAST => {
                let third = self.ticks[self.ticks.len() - 3];
                let passed = at.saturating_duration_since(third).as_secs_f64() / 3.0;
                (passed / expected - 1.0).abs() > ANOTHER_TEMPO
            }
            _ => false,
        };
        if gap > PATIENCE || is_other {
            let kept = if gap > PATIENCE { 0 } else { 3 };
            let surplus = self.ticks.len().saturating_sub(kept);
            self.ticks.drain(..surplus);
        }
    }

    /// The straight line through the ticks: how much later than it the newest came, and the seconds from one to the next.
    fn line(&self) -> Option<(f64, f64)> {
        let newest = *self.ticks.back()?;
        let count = self.ticks.len() as f64;
        let middle = (count - 1.0) / 2.0;
        let (mut sum, mut slope, mut spread) = (0.0, 0.0, 0.0);
        for (index, tick) in self.ticks.iter().enumerate() {
            let before = -(newest.saturating_duration_since(*tick).as_secs_f64());
            let way = index as f64 - middle;
            sum += before;
            slope += way * before;
            spread += way * way;
        }
        let slope = slope / spread;
        let at_newest = sum / count + slope * (count - 1.0 - middle);
        (slope > 1e-4).then_some((-at_newest, slope))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dsp::WhiteNoise;

    /// Ticks of `bpm` from `at` on, each up to `jitter_ms` beside its time.
    fn ticks(at: Instant, bpm: f64, count: u32, jitter_ms: f64) -> Vec<Instant> {
        let noise = WhiteNoise::new(3);
        (0..count)
            .zip(noise)
            .map(|(tick, noise)| {
                let jitter = f64::from(noise) * 2.0 * jitter_ms;
                let secs = 60.0 / bpm / f64::from(TICKS) * f64::from(tick) + 1.0 + jitter / 1e3;
                at + Duration::from_secs_f64(secs)
            })
            .collect()
    }

    #[test]
    fn tempo_and_beats_are_read_through_the_jitter() {
        let begun = Instant::now();
        let mut follower = ClockFollower::default();
        follower.start(true);
        let mut last = None;
        for tick in ticks(begun, 133.0, 200, 3.0) {
            last = follower.tick(tick).or(last);
        }
        let last = last.expect("a clock");
        assert!((last.bpm - 133.0).abs() < 0.7, "{}", last.bpm);
        let due = begun + Duration::from_secs_f64(1.0 + 199.0 * 60.0 / 133.0 / 24.0);
        let off = last.at.max(due) - last.at.min(due);
        assert!(off < Duration::from_micros(1_500), "{off:?}");
        assert!((last.beat - 199.0 / 24.0).abs() < 1e-9);
    }

    #[test]
    fn another_tempo_is_followed_within_a_beat_and_silence_is_no_clock() {
        let begun = Instant::now();
        let mut follower = ClockFollower::default();
        for tick in ticks(begun, 100.0, 100, 0.5) {
            follower.tick(tick);
        }
        let later = begun + Duration::from_secs_f64(100.0 * 60.0 / 100.0 / 24.0);
        let mut last = None;
        for tick in ticks(later, 160.0, 26, 0.5) {
            last = follower.tick(tick).or(last);
        }
        let bpm = last.expect("a clock").bpm;
        assert!((bpm - 160.0).abs() < 3.0, "{bpm}");
        assert!(follower.bpm(later + Duration::from_secs(60)).is_none());
    }
}
