//! Real-time: the device's end of a connection: ring to block, transport and volume ramps, channel spread.
//!
//! Runs in the device's callback; never allocates, frees, locks or logs.

use super::controls::Controls;
use super::counters::Counters;
use super::demand::Demand;
use super::link::{Heard, Mark};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Instant;

/// Seconds of a full fade of transport or volume.
const RAMP_SECS: f32 = 0.010;

/// How fast the last sample dies away when the ring is empty, per sample: a millisecond instead of a click.
const DECAY: f32 = 0.98;

/// Hands out what the synth made.
pub struct Output {
    ring: rtrb::Consumer<f32>,
    marks: rtrb::Consumer<Mark>,
    heard: rtrb::Producer<Heard>,
    monitor: rtrb::Producer<f32>,
    controls: Arc<Controls>,
    counters: Arc<Counters>,
    demand: Demand,
    consumed_frames: u64,
    gain: f32,
    gain_step: f32,
    last: f32,
    /// The ring has been filled since it last ran empty.
    primed: bool,
}

impl Output {
    /// The consuming end for a device of `rate_hz`.
    pub fn new(
        ring: rtrb::Consumer<f32>,
        marks: rtrb::Consumer<Mark>,
        heard: rtrb::Producer<Heard>,
        monitor: rtrb::Producer<f32>,
        rate_hz: u32,
        controls: Arc<Controls>,
        counters: Arc<Counters>,
    ) -> Self {
        Self {
            ring,
            marks,
            heard,
            monitor,
            controls,
            counters,
            demand: Demand::new(rate_hz),
            consumed_frames: 0,
            gain: 0.0,
            gain_step: 1.0 / (RAMP_SECS * rate_hz as f32),
            last: 0.0,
            primed: false,
        }
    }

    /// Fills an interleaved block; the first two of `channels` carry the sound, further ones stay silent.
    /// `convert` turns a sample in -1..=1 into the device's format; `now` is when the device asked.
    pub fn fill<T: Copy>(&mut self, block: &mut [T], channels: usize, now: Instant, convert: impl Fn(f32) -> T) {
        let channels = channels.max(1);
        let frames = block.len() / channels;
        self.counters.callbacks.fetch_add(1, Relaxed);
        self.demand.take(frames, now);
        self.counters.demand_frames.store(self.demand.frames(), Relaxed);
        self.counters.ring_frames.store(self.ring.slots() as u32, Relaxed);
        let playing = self.controls.playing.load(Relaxed);
        if !playing && self.gain == 0.0 {
            self.rest();
        } else {
            self.controls.sounding.store(true, Relaxed);
        }
        self.prime(frames);
        let target = if playing { self.controls.volume.get() } else { 0.0 };
        let silent = convert(0.0);
        for frame in block.chunks_mut(channels) {
            let sample = if frame.len() == channels {
                self.next(target)
            } else {
                0.0
            };
            frame.fill(silent);
            for channel in frame.iter_mut().take(2) {
                *channel = convert(sample);
            }
        }
        self.report_marks(now);
    }

    /// Stopped and faded out: forget what the ring still holds, so that the next start is fresh.
    fn rest(&mut self) {
        self.controls.sounding.store(false, Relaxed);
        let stale = self.ring.slots();
        if let Ok(chunk) = self.ring.read_chunk(stale) {
            chunk.commit_all();
            self.consumed_frames += stale as u64;
        }
        while self.marks.peek().is_ok_and(|mark| mark.at_frame < self.consumed_frames) {
            let _ = self.marks.pop();
        }
        self.primed = false;
        self.last = 0.0;
    }

    /// Starts reading only once the ring is well filled, or one late hop would be heard twice.
    fn prime(&mut self, frames: usize) {
        let wanted = (self.counters.target_frames.load(Relaxed) as usize).max(2 * frames);
        self.primed |= self.ring.slots() >= wanted.min(self.ring.buffer().capacity() / 2);
    }

    fn next(&mut self, target: f32) -> f32 {
        let sample = if !self.primed {
            self.last *= DECAY;
            self.last
        } else if let Ok(sample) = self.ring.pop() {
            self.consumed_frames += 1;
            self.gain += (target - self.gain).clamp(-self.gain_step, self.gain_step);
            let heard = sample * self.gain;
            if heard.is_finite() { heard.clamp(-1.0, 1.0) } else { 0.0 }
        } else {
            self.counters.empty_rings.fetch_add(1, Relaxed);
            self.primed = false;
            self.gain = 0.0;
            self.last * DECAY
        };
        self.last = sample;
        // A monitor that does not keep up loses sound for the recorder; the device must not wait for it.
        if self.monitor.push(sample).is_err() {
            self.counters.unmonitored.fetch_add(1, Relaxed);
        }
        sample
    }

    fn report_marks(&mut self, now: Instant) {
        while self.marks.peek().is_ok_and(|mark| mark.at_frame < self.consumed_frames) {
            if let Ok(mark) = self.marks.pop() {
                let _ = self.heard.push(Heard {
                    origin: mark.origin,
                    at: now,
                });
            }
        }
    }
}
