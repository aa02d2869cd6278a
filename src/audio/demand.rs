//! Real-time: how a device asks for sound: in what portions, and how far it runs ahead of time.
//!
//! A sound server that was held up asks for its whole buffer at once, in several blocks that follow each other faster than
//! any thread can fill a ring; so the ring must hold what the device has been seen to take at once, not only two of
//! its blocks.

use std::time::Instant;

/// The ring is made for this many portions at least, and at most: what a device takes beyond that, after the whole machine
/// stood still, is no reason to play everything late from then on.
const LEAST_PORTIONS: f64 = 2.0;
const MOST_PORTIONS: f64 = 4.0;

/// How much faster than its rate a device's advance is forgotten: clocks that disagree a little must not add up.
const FORGETTING: f64 = 1.02;

/// Weight of the newest block in the mean portion.
const NEWEST: f64 = 1.0 / 32.0;

/// What one connection's device has asked for so far.
#[derive(Debug)]
pub struct Demand {
    rate_hz: f64,
    asked_at: Option<Instant>,
    /// Mean block, in frames.
    portion: f64,
    /// Frames taken that real time has not used up yet (a leaky bucket), and the most
    /// there ever were.
    ahead: f64,
    farthest_ahead: f64,
}

impl Demand {
    /// Of a device of `rate_hz`.
    pub fn new(rate_hz: u32) -> Self {
        Self {
            rate_hz: f64::from(rate_hz),
            asked_at: None,
            portion: 0.0,
            ahead: 0.0,
            farthest_ahead: 0.0,
        }
    }

    /// The device asks for `frames` at `now`.
    pub fn take(&mut self, frames: usize, now: Instant) {
        let frames = frames as f64;
        match self.asked_at.replace(now) {
            Some(before) => {
                let passed_secs = now.saturating_duration_since(before).as_secs_f64();
                self.ahead = (self.ahead - passed_secs * self.rate_hz * FORGETTING).max(0.0);
                self.portion += (frames - self.portion) * NEWEST;
            }
            None => self.portion = frames,
        }
        self.ahead += frames;
        self.farthest_ahead = self.farthest_ahead.max(self.ahead);
    }

    /// Frames that must be at hand when it asks, so that it may ask like that again.
    pub fn frames(&self) -> u32 {
        self.farthest_ahead
            .clamp(LEAST_PORTIONS * self.portion, MOST_PORTIONS * self.portion)
            .ceil() as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    const RATE_HZ: u32 = 48_000;

    /// Asks for blocks of `frames`, each `gap_ms` after the one before.
    fn ask(demand: &mut Demand, now: &mut Instant, frames: usize, gaps_ms: &[f64]) {
        for gap_ms in gaps_ms {
            *now += Duration::from_secs_f64(gap_ms * 1e-3);
            demand.take(frames, *now);
        }
    }

    #[test]
    fn a_device_that_keeps_time_needs_two_blocks_of_any_size() {
        for frames in [32, 256, 1_000] {
            let (mut demand, mut now) = (Demand::new(RATE_HZ), Instant::now());
            // Its clock is half a per cent too fast.
            let gap_ms = frames as f64 * 0.995e3 / f64::from(RATE_HZ);
            ask(&mut demand, &mut now, frames, &[gap_ms; 2_000]);
            assert_eq!(demand.frames(), 2 * frames as u32);
        }
    }

    #[test]
    fn what_was_taken_at_once_may_be_taken_again() {
        let (mut demand, mut now) = (Demand::new(RATE_HZ), Instant::now());
        ask(&mut demand, &mut now, 341, &[7.1; 200]);
        ask(&mut demand, &mut now, 341, &[21.3, 0.1, 0.1]);
        ask(&mut demand, &mut now, 341, &[7.1; 200]);
        assert!((1_000..=1_023).contains(&demand.frames()), "{}", demand.frames());
    }

    #[test]
    fn a_machine_that_stood_still_does_not_make_everything_late() {
        let (mut demand, mut now) = (Demand::new(RATE_HZ), Instant::now());
        ask(&mut demand, &mut now, 256, &[5.3; 100]);
        ask(&mut demand, &mut now, 256, &[500.0]);
        ask(&mut demand, &mut now, 256, &[0.1; 90]);
        ask(&mut demand, &mut now, 256, &[5.3; 300]);
        assert_eq!(demand.frames(), 4 * 256);
    }

    #[test]
    fn one_large_block_is_forgotten() {
        let (mut demand, mut now) = (Demand::new(RATE_HZ), Instant::now());
        ask(&mut demand, &mut now, 4_096, &[0.0]);
        ask(&mut demand, &mut now, 256, &[85.3]);
        ask(&mut demand, &mut now, 256, &[5.3; 400]);
        assert!(demand.frames() <= 4 * 257, "{}", demand.frames());
    }
}
