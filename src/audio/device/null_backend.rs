//! Not real-time: the back-end that keeps time when there is no device: everything runs, nothing sounds.

use crate::audio::events::{AudioEvent, EventSender};
use crate::audio::output::Output;
use crate::sync::{Worker, priority};
use std::time::{Duration, Instant};

/// Its rate and block.
pub const RATE_HZ: u32 = 48_000;
pub const BLOCK_FRAMES: u32 = 256;

/// Starts pulling blocks from `output` at the pace of a device.
pub fn start(mut output: Output, events: EventSender) -> Worker {
    Worker::spawn(
        "audio silence",
        move |stop| {
            priority::raise();
            let block_time = Duration::from_secs_f64(f64::from(BLOCK_FRAMES) / f64::from(RATE_HZ));
            let mut block = [0.0f32; BLOCK_FRAMES as usize];
            let mut due = Instant::now();
            while !stop.is_stopped() {
                output.fill(&mut block, 1, Instant::now(), |sample| sample);
                due += block_time;
                let now = Instant::now();
                match due.checked_duration_since(now) {
                    Some(wait) => std::thread::sleep(wait),
                    // Far behind, after the machine slept: no need to catch up on silence.
                    None if now - due > Duration::from_millis(200) => due = now,
                    None => {}
                }
            }
        },
        move |message| events.send(AudioEvent::Died(format!("the silent back-end stopped: {message}"))),
    )
}
