//! Real-time: the synth's end of a connection: hops, converted to the device's rate, pushed ahead of the device.

use super::converter::Converter;
use super::counters::Counters;
use super::link::Mark;
use super::synth::Synth;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Least time the ring must bridge, whatever the block size: a scheduler on a busy machine wakes a thread that late.
const AHEAD_SECS: f64 = 0.012;

/// Most time the ring may hold.
const AHEAD_LIMIT_SECS: f64 = 0.25;

/// Blocks that narrow escapes add at most, one each. A sound server that was held up asks for all its buffer at once, and
/// seldom only once: the ring should have grown before one hears it.
const ESCAPE_BLOCKS: usize = 2;

/// Keeps the ring two to three device blocks ahead, a little more after every time it ran empty or nearly did.
pub struct Feed {
    ring: rtrb::Producer<f32>,
    marks: rtrb::Producer<Mark>,
    converter: Converter,
    rate_hz: u32,
    counters: Arc<Counters>,
    pushed_frames: u64,
    empty_rings_before: u64,
    narrow_escapes_before: u64,
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
            narrow_escapes_before: counters.narrow_escapes.load(Relaxed),
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
        let block = self.counters.block_frames.load(Relaxed) as usize;
        let hop = (hop_len as f64 * self.converter.ratio()).ceil() as usize;
        let least = (AHEAD_SECS * rate_hz) as usize;
        let since = |count: &AtomicU64, before: u64| count.load(Relaxed).saturating_sub(before) as usize;
        let starved = since(&self.counters.empty_rings, self.empty_rings_before);
        let escaped = since(&self.counters.narrow_escapes, self.narrow_escapes_before);
        let caution = starved * least / 4 + escaped.min(ESCAPE_BLOCKS) * block;
        let limit = ((AHEAD_LIMIT_SECS * rate_hz) as usize).max(2 * block + hop);
        let room = self.ring.buffer().capacity() - 2 * hop;
        ((2 * block + hop).max(least) + caution).min(limit).min(room)
    }
}

#[cfg(test)]
mod tests {
    use super::super::connect::connect;
    use super::super::controls::Controls;
    use super::super::link::Link;
    use super::*;
    use std::time::Instant;

    const HOP_LEN: usize = 256;
    const BLOCK_FRAMES: usize = 341;
    /// At the device's rate.
    const HOP_FRAMES: usize = 279;

    impl Feed {
        /// Fills the ring to its target, which it returns.
        fn top_up(&mut self) -> usize {
            let target = self.target_frames(HOP_LEN);
            self.counters.target_frames.store(target as u32, Relaxed);
            while self.ahead_frames() < target {
                let _ = self.ring.push_partial_slice(&[0.1; HOP_FRAMES]);
            }
            target
        }
    }

    #[test]
    fn the_ring_grows_before_a_server_that_takes_blocks_at_once_empties_it() {
        let (controls, counters) = (Arc::new(Controls::default()), Arc::new(Counters::default()));
        let Link {
            mut feed, mut output, ..
        } = connect(44_100, HOP_LEN, 48_000, &controls, &counters).expect("usual rates");
        let mut block = [0.0; 2 * BLOCK_FRAMES];
        let mut take = |blocks: usize| {
            for _ in 0..blocks {
                output.fill(&mut block, 2, Instant::now(), |sample| sample);
            }
        };
        controls.playing.store(true, Relaxed);
        counters.connected(BLOCK_FRAMES as u32);
        let usual = feed.top_up();
        for _ in 0..100 {
            take(1);
            assert_eq!(feed.top_up(), usual, "a server that keeps time changes nothing");
        }
        // Two blocks at once now and then, as after a hold-up: they are there, though hardly more.
        for _ in 0..10 {
            take(2);
            feed.top_up();
            take(1);
            feed.top_up();
        }
        take(4);
        assert_eq!(counters.empty_rings.load(Relaxed), 0);
        assert!(feed.top_up() >= usual + 2 * BLOCK_FRAMES);
    }
}
