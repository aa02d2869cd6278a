//! Not real-time: the back-end that keeps time when there is no device: everything runs, nothing sounds.

use crate::audio::events::{AudioEvent, EventSender};
use crate::audio::output::Output;
use crate::sync::{Worker, priority};
use std::time::{Duration, Instant};

/// Its rate and block.
pub const RATE_HZ: u32 = 48_000;
pub const BLOCK_FRAMES: u32 = 256;

/// Farther behind, it does not catch up: after the machine slept nobody needs the silence that was missed.
const MOST_BEHIND: Duration = Duration::from_millis(200);

/// Starts pulling blocks from `output` at the pace of a device.
pub fn start(mut output: Output, events: EventSender) -> Worker {
    Worker::spawn(
        "audio silence",
        move |stop| {
            priority::raise();
            let mut block = [0.0f32; BLOCK_FRAMES as usize];
            let mut pace = Pace::new(Instant::now());
            while !stop.is_stopped() {
                output.fill(&mut block, 1, Instant::now(), |sample| sample);
                if let Some(wait) = pace.wait_after_block(Instant::now()) {
                    std::thread::sleep(wait);
                }
            }
        },
        move |message| events.send(AudioEvent::Died(format!("the silent back-end stopped: {message}"))),
    )
}

/// When blocks are due.
struct Pace {
    due: Instant,
}

impl Pace {
    /// The first block is due `now`.
    fn new(now: Instant) -> Self {
        Self { due: now }
    }

    /// A block was made; how long to wait `now` for the next one to be due, if it is not yet.
    fn wait_after_block(&mut self, now: Instant) -> Option<Duration> {
        self.due += Duration::from_secs_f64(f64::from(BLOCK_FRAMES) / f64::from(RATE_HZ));
        if now.saturating_duration_since(self.due) > MOST_BEHIND {
            self.due = now;
        }
        self.due.checked_duration_since(now).filter(|wait| !wait.is_zero())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Blocks made from `now` until `end`, by a machine that needs no time for one.
    fn blocks_until(pace: &mut Pace, now: &mut Instant, end: Instant) -> u32 {
        let mut blocks = 0;
        while *now < end {
            blocks += 1;
            *now += pace.wait_after_block(*now).unwrap_or_default();
        }
        blocks
    }

    #[test]
    fn it_makes_a_second_of_blocks_a_second() {
        let begin = Instant::now();
        let (mut pace, mut now) = (Pace::new(begin), begin);
        let blocks = blocks_until(&mut pace, &mut now, begin + Duration::from_secs(10));
        assert!(blocks.abs_diff(10 * RATE_HZ / BLOCK_FRAMES) <= 1, "{blocks} blocks");
    }

    #[test]
    fn it_catches_up_after_a_short_stop_and_not_after_a_long_one() {
        for (stop_ms, second_of_blocks) in [(100, 1.1), (5_000, 1.0)] {
            let begin = Instant::now();
            let (mut pace, mut now) = (Pace::new(begin), begin);
            blocks_until(&mut pace, &mut now, begin + Duration::from_secs(1));
            now += Duration::from_millis(stop_ms);
            let end = now + Duration::from_secs(1);
            let blocks = blocks_until(&mut pace, &mut now, end);
            let expected = (second_of_blocks * RATE_HZ as f32) as u32 / BLOCK_FRAMES;
            assert!(blocks.abs_diff(expected) <= 2, "{blocks} blocks after {stop_ms} ms");
        }
    }
}
