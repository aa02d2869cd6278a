//! Real-time: the synth's end of a connection: hops, converted to the device's rate, pushed ahead of the device.

use super::converter::Converter;
use super::counters::Counters;
use super::link::Mark;
use super::synth::Synth;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

/// Least time the ring must bridge, whatever the block size: a scheduler on a busy machine wakes a thread that late.
const AHEAD_SECS: f64 = 0.012;

/// From the moment the device has taken something until the synth has noticed and made the next hop.
const WAKE_SECS: f64 = 0.002;

/// Most time the ring may hold.
const AHEAD_LIMIT_SECS: f64 = 0.25;

/// Keeps the ring ahead by what the device takes at once, two blocks at least, and a little more after every time it ran empty.
pub struct Feed {
    ring: rtrb::Producer<f32>,
    marks: rtrb::Producer<Mark>,
    converter: Converter,
    rate_hz: u32,
    counters: Arc<Counters>,
    pushed_frames: u64,
    empty_rings_before: u64,
}

impl Feed {
    /// The producing end; everything it needs is allocated by the caller.
    pub fn new(
        ring: rtrb::Producer<f32>,
        marks: rtrb::Producer<Mark>,
        converter: Converter,
        rate_hz: u32,
        counters: Arc<Counters>,
    ) -> Self {
        Self {
            ring,
            marks,
            converter,
            rate_hz,
            empty_rings_before: counters.empty_rings.load(Relaxed),
            counters,
            pushed_frames: 0,
        }
    }

    /// Renders hops of `synth` until the ring is as full as it should be; returns how many.
    pub fn pump(&mut self, synth: &mut Synth) -> u32 {
        let target = self.target_frames(synth.hop_len());
        self.counters.target_frames.store(target as u32, Relaxed);
        let mut hops = 0u32;
        while self.ahead_frames() < target {
            self.push_hop(synth);
            hops += 1;
        }
        hops
    }

    fn push_hop(&mut self, synth: &mut Synth) {
        let late = self.converter.latency_samples();
        let ratio = self.converter.ratio();
        let (hop, mark) = synth.hop();
        if let Some(mark) = mark {
            let offset = (mark.delay_samples as f64 * ratio) as u64 + late as u64;
            // A full lane loses a latency reading, nothing else.
            let _ = self.marks.push(Mark {
                origin: mark.origin,
                at_frame: self.pushed_frames + offset,
            });
        }
        let (pushed, _) = self.ring.push_partial_slice(self.converter.process(hop));
        self.pushed_frames += pushed.len() as u64;
    }

    fn ahead_frames(&self) -> usize {
        self.ring.buffer().capacity() - self.ring.slots()
    }

    fn target_frames(&self, hop_len: usize) -> usize {
        let rate_hz = f64::from(self.rate_hz);
        let demand = self.counters.demand_frames.load(Relaxed) as usize;
        let hop = (hop_len as f64 * self.converter.ratio()).ceil() as usize;
        let needed = demand + hop + (WAKE_SECS * rate_hz) as usize;
        let least = (AHEAD_SECS * rate_hz) as usize;
        let starved = self
            .counters
            .empty_rings
            .load(Relaxed)
            .saturating_sub(self.empty_rings_before) as usize;
        let caution = starved * least / 4;
        let limit = ((AHEAD_LIMIT_SECS * rate_hz) as usize).max(needed);
        let room = self.ring.buffer().capacity() - 2 * hop;
        (needed.max(least) + caution).min(limit).min(room)
    }
}
