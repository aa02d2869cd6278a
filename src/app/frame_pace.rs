//! How often the window draws while something moves: where drawing is dear (no graphics card), seldom enough that the sound keeps
//! the processor. Input is answered at once all the same. UI thread.

use std::time::{Duration, Instant};

/// A frame that takes longer than this is dear.
const DEAR: Duration = Duration::from_millis(25);
/// Part of one core that drawing may take while frames are dear.
const SHARE: f32 = 0.5;
/// However dear, what moves is still seen to move.
const LONGEST: Duration = Duration::from_millis(400);
/// The cost is measured again this often.
const MEASURE_EVERY: Duration = Duration::from_secs(4);
/// Frames drawn back to back for a measurement: the first ones only fill the queue of the graphics driver.
const BURST: u32 = 3;

/// Measures what a frame takes and spaces frames out accordingly.
///
/// A driver without hardware draws on threads of its own, after the frame has been handed over. So what it takes shows only where
/// frames follow each other without a pause: the time from one to the next is then the time of one.
#[derive(Debug)]
pub struct FramePace {
    /// Threads that draw at once; 0 where a graphics card does.
    threads: u32,
    last: Option<Instant>,
    measured: Option<Instant>,
    /// Frames of the measurement still to come.
    burst: u32,
    /// The quickest of the measurement that runs.
    quickest: Duration,
    /// What a frame takes, as measured last.
    cost: Duration,
}

impl FramePace {
    /// For a window drawn by `threads` threads of the processor, or by a graphics card where that is 0.
    pub fn new(threads: u32) -> Self {
        Self {
            threads,
            last: None,
            measured: None,
            burst: 0,
            quickest: Duration::MAX,
            cost: Duration::ZERO,
        }
    }

    /// A frame begins at `now`, the one before took `busy` of the UI thread, and something goes on moving that would like its
    /// next frame after `wanted`: how long it has to wait.
    pub fn pause(&mut self, now: Instant, busy: Duration, wanted: Duration) -> Duration {
        let since_last = self.last.replace(now).map(|last| now.saturating_duration_since(last));
        if self.threads == 0 {
            self.cost = busy;
            return self.spaced(1.0, wanted);
        }
        if self.burst > 0 {
            self.burst -= 1;
            // The first of them waited as long as it was told to.
            if let Some(gap) = since_last.filter(|_| self.burst + 1 < BURST) {
                self.quickest = self.quickest.min(gap);
            }
            if self.burst > 0 {
                return Duration::ZERO;
            }
            self.cost = self.quickest;
            self.measured = Some(now);
        } else if self
            .measured
            .is_none_or(|at| now.saturating_duration_since(at) >= MEASURE_EVERY)
        {
            self.burst = BURST;
            self.quickest = Duration::MAX;
            return Duration::ZERO;
        }
        self.spaced(self.threads as f32, wanted)
    }

    /// Far enough apart that `cost` on `cores` cores is no more than [`SHARE`] of one.
    fn spaced(&self, cores: f32, wanted: Duration) -> Duration {
        if self.cost <= DEAR {
            return wanted;
        }
        // The pause counts from the beginning of this frame.
        wanted.max(self.cost.mul_f32(cores / SHARE).min(LONGEST))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WANTED: Duration = Duration::from_millis(33);

    /// Draws for `secs` on the clock `now`; a frame takes `cost_ms`. Returns how many were drawn a second, without the first
    /// half second.
    fn frames_per_sec(pace: &mut FramePace, now: &mut Instant, cost_ms: u64, secs: u64) -> f32 {
        let (begin, cost) = (*now, Duration::from_millis(cost_ms));
        let mut drawn = 0;
        while *now < begin + Duration::from_secs(secs) {
            let pause = pace.pause(*now, cost, WANTED);
            *now += pause.max(cost);
            drawn += u32::from(*now > begin + Duration::from_millis(500));
        }
        drawn as f32 / (secs as f32 - 0.5)
    }

    #[test]
    fn dear_frames_take_half_a_core_and_cheap_ones_come_as_wanted() {
        for threads in [1, 2] {
            let mut now = Instant::now();
            for cost_ms in [30, 45, 70] {
                let rate = frames_per_sec(&mut FramePace::new(threads), &mut now, cost_ms, 20);
                let cores = rate * cost_ms as f32 / 1e3 * threads as f32;
                assert!(
                    cores < 0.6 && rate >= 2.0,
                    "{cost_ms} ms on {threads}: {cores} cores, {rate} frames a second"
                );
            }
            let rate = frames_per_sec(&mut FramePace::new(threads), &mut now, 8, 20);
            assert!(rate > 28.0, "cheap frames come as wanted: {rate}");
        }
    }

    #[test]
    fn a_graphics_card_that_waits_for_the_screen_is_not_dear() {
        let mut pace = FramePace::new(0);
        let mut now = Instant::now();
        for _ in 0..100 {
            assert_eq!(pace.pause(now, Duration::from_millis(3), WANTED), WANTED);
            now += WANTED;
        }
        let pause = pace.pause(now, Duration::from_millis(60), WANTED);
        assert!(pause > Duration::from_millis(119), "{pause:?}");
    }

    #[test]
    fn a_window_that_gets_quicker_is_noticed() {
        let (mut pace, mut now) = (FramePace::new(2), Instant::now());
        frames_per_sec(&mut pace, &mut now, 60, 10);
        assert_eq!(pace.cost, Duration::from_millis(60));
        frames_per_sec(&mut pace, &mut now, 5, 5);
        assert!(frames_per_sec(&mut pace, &mut now, 5, 10) > 28.0);
    }
}
