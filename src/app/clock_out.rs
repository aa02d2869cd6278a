//! MIDI clock out: 24 ticks a beat, start and stop, on a thread that sleeps until each is due.

use super::clock_follower::TICKS;
use super::midi_out::{MidiSink, connect};
use crate::audio::AudioEngine;
use crate::sync::{StopFlag, Worker, priority};
use std::time::{Duration, Instant};

/// Looked at so often while nothing plays; also the longest sleep, so that a new tempo is heard of.
const LOOK_EVERY: Duration = Duration::from_millis(4);
/// The clock is ahead or behind by more than this many ticks: it was moved.
const MOVED_TICKS: i64 = 12;

const TICK: u8 = 0xf8;
const START: u8 = 0xfa;
const CONTINUE: u8 = 0xfb;
const STOP: u8 = 0xfc;

/// The sender; dropping it ends it, and says stop where it had said start.
pub struct ClockOut {
    _worker: Worker,
}

impl ClockOut {
    /// Sends the clock of `audio` to `sink`.
    pub fn start(audio: AudioEngine, sink: Box<dyn MidiSink>) -> Self {
        let send = move |stop: &StopFlag| {
            priority::raise();
            run(&audio, sink, stop);
        };
        Self {
            _worker: Worker::spawn("midi clock", send, |message| {
                log::error!("the MIDI clock died: {message}");
            }),
        }
    }

    /// Sends it to the output called `name`; `None` where there is none.
    pub fn to_output(audio: AudioEngine, name: &str) -> Option<Self> {
        Some(Self::start(audio, connect(name, "songspace-clock")?))
    }
}

fn run(audio: &AudioEngine, mut sink: Box<dyn MidiSink>, stop: &StopFlag) {
    let mut next: Option<i64> = None;
    while !stop.is_stopped() {
        if !audio.is_playing() {
            if next.take().is_some() {
                sink.send(&[STOP]);
            }
            std::thread::sleep(LOOK_EVERY);
            continue;
        }
        let time = audio.clock();
        let ticks = |moment: Instant| time.beat_at(moment) * f64::from(TICKS);
        let now = Instant::now();
        let here = ticks(now);
        let due = match next {
            Some(tick) if (tick as f64 - here).abs() < MOVED_TICKS as f64 => tick,
            other => {
                let tick = here.ceil() as i64;
                if other.is_none() {
                    sink.send(&[if tick <= i64::from(TICKS) { START } else { CONTINUE }]);
                }
                tick
            }
        };
        next = Some(due);
        let wait_secs = (due as f64 - here) * 60.0 / (f64::from(time.bpm) * f64::from(TICKS));
        let wait = Duration::from_secs_f64(wait_secs.max(0.0));
        if wait > LOOK_EVERY {
            std::thread::sleep(LOOK_EVERY.min(wait - LOOK_EVERY / 2));
            continue;
        }
        std::thread::sleep(wait);
        sink.send(&[TICK]);
        next = Some(due + 1);
    }
    if next.is_some() {
        sink.send(&[STOP]);
    }
}
