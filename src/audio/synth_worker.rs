//! Not real-time: the loop of the synth thread: paces and times the real-time work, which keeps the ring of the current
//! connection filled.

use super::controls::Controls;
use super::counters::Counters;
use super::feed::Feed;
use super::synth::Synth;
use crate::sync::StopFlag;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

/// How often the ring is looked at: often enough that the smallest block loses nothing to it.
const PLAYING_POLL: Duration = Duration::from_millis(1);
const RESTING_POLL: Duration = Duration::from_millis(3);

/// Runs until `stop`; new connections arrive over `feeds_rx`.
pub fn run(
    mut synth: Synth,
    mut feeds_rx: rtrb::Consumer<Box<Feed>>,
    controls: &Controls,
    counters: &Counters,
    stop: &StopFlag,
) {
    crate::sync::priority::raise();
    let hop_time = Duration::from_secs_f64(synth.hop_len() as f64 / f64::from(synth.sample_rate_hz()));
    let mut feed: Option<Box<Feed>> = None;
    while !stop.is_stopped() {
        while let Ok(new) = feeds_rx.pop() {
            if let Some(old) = feed.replace(new) {
                synth.retirement().feed(old);
            }
        }
        let active = controls.playing.load(Relaxed) || controls.sounding.load(Relaxed);
        if active && let Some(feed) = &mut feed {
            let started = Instant::now();
            let hops = feed.pump(&mut synth);
            if hops > 0 {
                counters.add_work(started.elapsed(), hop_time * hops);
            }
        }
        std::thread::sleep(if active { PLAYING_POLL } else { RESTING_POLL });
    }
}
