//! Real-time: what the times of a device's callbacks tell: how long its buffer is, and when it ran dry.

use super::counters::Counters;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

/// A device that says that its buffer is longer talks nonsense.
const LONGEST_LATENCY: Duration = Duration::from_secs(2);
/// So many callbacks in a row without a usable figure, and it counts as unknown.
const NONSENSE: u32 = 64;
/// Weight of a new figure: they jump by a block where the device counts in blocks.
const SMOOTHING: f32 = 1.0 / 16.0;
/// Blocks in the buffer of a device that does not say how long it is.
const BLOCKS: u32 = 2;
/// Clocks and figures are not exact to the millisecond.
const TOLERANCE: Duration = Duration::from_millis(2);
/// A device that starts takes blocks when it likes.
const WARM_UP: Duration = Duration::from_millis(500);

/// Watches the callbacks of one connection.
pub struct DeviceClock {
    counters: Arc<Counters>,
    rate_hz: u32,
    /// Smoothed, in seconds.
    latency_secs: Option<f32>,
    nonsense: u32,
    begun: Option<Instant>,
    /// What was handed over lasts until then.
    lasts_until: Option<Instant>,
    xruns: u64,
}

impl DeviceClock {
    /// Watches a device of `rate_hz` that has just been opened.
    pub fn new(rate_hz: u32, counters: Arc<Counters>) -> Self {
        Self {
            rate_hz,
            latency_secs: None,
            nonsense: 0,
            begun: None,
            lasts_until: None,
            xruns: counters.xruns.load(Relaxed),
            counters,
        }
    }

    /// The device asks `now` for `frames` frames, which it says will sound after `latency`.
    pub fn asked(&mut self, frames: usize, latency: Duration, now: Instant) {
        let begun = *self.begun.get_or_insert(now);
        let usable = Some(latency).filter(|latency| !latency.is_zero() && *latency <= LONGEST_LATENCY);
        let xruns = self.counters.xruns.load(Relaxed);
        let ran_dry = self.lasts_until.is_some_and(|until| now > until + TOLERANCE);
        // One gap is often told by both.
        if (ran_dry || xruns != self.xruns) && now.saturating_duration_since(begun) > WARM_UP {
            self.counters.dropouts.fetch_add(1, Relaxed);
        }
        self.xruns = xruns;
        let block = Duration::from_secs_f64(frames as f64 / f64::from(self.rate_hz.max(1)));
        self.lasts_until = Some(now + usable.map_or(block * BLOCKS, |latency| latency + block));
        self.measure(usable);
    }

    fn measure(&mut self, latency: Option<Duration>) {
        match latency {
            Some(latency) => {
                let secs = latency.as_secs_f32();
                let old = self.latency_secs.unwrap_or(secs);
                self.latency_secs = Some(old + (secs - old) * SMOOTHING);
                self.nonsense = 0;
            }
            None if self.nonsense >= NONSENSE => self.latency_secs = None,
            None => self.nonsense += 1,
        }
        let micros = self.latency_secs.map_or(0, |secs| (secs * 1e6) as u32);
        self.counters.device_latency_us.store(micros, Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE_HZ: u32 = 48_000;
    const BLOCK: usize = 480;
    const BLOCK_MS: u64 = 10;

    /// A device that is asked for every 10 ms and says that what it gets sounds after `latency_ms`.
    struct Card {
        clock: DeviceClock,
        counters: Arc<Counters>,
        now: Instant,
    }

    impl Card {
        fn new() -> Self {
            let counters = Arc::<Counters>::default();
            let clock = DeviceClock::new(RATE_HZ, Arc::clone(&counters));
            let now = Instant::now();
            Self { clock, counters, now }
        }

        /// One that has played for a second.
        fn playing(latency_ms: u64) -> Self {
            let mut card = Self::new();
            card.ask_for(100, latency_ms);
            card
        }

        fn ask_for(&mut self, blocks: usize, latency_ms: u64) {
            for _ in 0..blocks {
                self.ask_after(BLOCK_MS, latency_ms);
            }
        }

        fn ask_after(&mut self, pause_ms: u64, latency_ms: u64) {
            self.now += Duration::from_millis(pause_ms);
            self.clock.asked(BLOCK, Duration::from_millis(latency_ms), self.now);
        }

        fn dropouts(&self) -> u64 {
            self.counters.dropouts.load(Relaxed)
        }

        fn latency_ms(&self) -> Option<f32> {
            self.counters
                .device_latency()
                .map(|latency| latency.as_secs_f32() * 1e3)
        }
    }

    #[test]
    fn a_callback_that_comes_when_the_buffer_is_empty_is_a_dropout() {
        let mut card = Card::playing(30);
        card.ask_after(35, 5);
        assert_eq!(card.dropouts(), 0, "30 ms and the block of 10 bridge it");
        card.ask_after(25, 30);
        assert_eq!(card.dropouts(), 1, "5 ms and the block do not");
        card.ask_for(100, 30);
        assert_eq!(card.dropouts(), 1);
    }

    #[test]
    fn a_gap_that_the_device_reports_too_counts_once() {
        let mut card = Card::playing(30);
        card.counters.xruns.fetch_add(1, Relaxed);
        card.ask_after(80, 30);
        assert_eq!(card.dropouts(), 1);
        card.counters.xruns.fetch_add(1, Relaxed);
        card.ask_after(BLOCK_MS, 30);
        assert_eq!(card.dropouts(), 2, "one that no clock shows");
    }

    #[test]
    fn what_a_device_does_while_it_starts_is_no_dropout() {
        let mut card = Card::new();
        card.ask_after(0, 0);
        card.ask_after(0, 10);
        card.counters.xruns.fetch_add(1, Relaxed);
        card.ask_after(300, 20);
        assert_eq!(card.dropouts(), 0);
    }

    #[test]
    fn the_buffer_is_smoothed_and_nonsense_is_unknown() {
        let mut card = Card::playing(40);
        assert!(
            card.latency_ms().is_some_and(|ms| (ms - 40.0).abs() < 0.1),
            "{:?}",
            card.latency_ms()
        );
        card.ask_after(BLOCK_MS, 56);
        assert!(
            card.latency_ms().is_some_and(|ms| (40.5..42.0).contains(&ms)),
            "{:?}",
            card.latency_ms()
        );
        card.ask_for(3, 0);
        assert!(card.latency_ms().is_some(), "a figure may be missing");
        card.ask_for(NONSENSE as usize, 0);
        assert_eq!(card.latency_ms(), None, "a device that always says 0 does not know");
        card.ask_for(100, 3_600_000);
        assert_eq!(card.latency_ms(), None, "an hour is no buffer");
        card.ask_for(1, 40);
        assert!(card.latency_ms().is_some());
    }

    #[test]
    fn a_device_that_does_not_say_has_two_blocks() {
        let mut card = Card::playing(0);
        card.ask_after(19, 0);
        assert_eq!(card.dropouts(), 0);
        card.ask_after(30, 0);
        assert_eq!(card.dropouts(), 1);
    }
}
