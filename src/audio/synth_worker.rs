//! Real-time: the loop of the synth thread: keeps the ring of the current connection filled.

use super::controls::Controls;
use super::feed::Feed;
use super::synth::Synth;
use crate::sync::StopFlag;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

/// How often the ring is looked at: often enough that the smallest block loses nothing to it.
const PLAYING_POLL: Duration = Duration::from_millis(1);
const RESTING_POLL: Duration = Duration::from_millis(3);

/// Runs until `stop`; new connections arrive over `feeds_rx`.
pub fn run(mut synth: Synth, mut feeds_rx: rtrb::Consumer<Box<Feed>>, controls: &Controls, stop: &StopFlag) {
    let mut feed: Option<Box<Feed>> = None;
    while !stop.is_stopped() {
        while let Ok(new) = feeds_rx.pop() {
            if let Some(old) = feed.replace(new) {
                synth.retirement().feed(old);
            }
        }
        let active = controls.playing.load(Relaxed) || controls.sounding.load(Relaxed);
        if active && let Some(feed) = &mut feed {
            feed.pump(&mut synth);
        }
        std::thread::sleep(if active { PLAYING_POLL } else { RESTING_POLL });
    }
}
