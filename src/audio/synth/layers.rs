//! Real-time: the sources that sound at once while one fades into the next.
//!
//! Every switch puts a new layer on top and fades it in over [`FADE_HOPS`]; what lies beneath goes on moving. A
//! switch during a fade (dragging) simply adds another layer, so no weight ever jumps. Never allocates: the stack's
//! room is reserved, and sources leave through the retirement lane instead of being freed here.

use super::beat_loop::{BeatLoop, period_near};
use super::controls::Controls;
use super::playhead::Playhead;
use super::region_loop::AskedRegion;
use super::retirement::Retirement;
use super::source::Source;
use crate::audio::Mode;
use crate::values::BeatGrid;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

/// Hops a cross-fade lasts: 46 ms at the standard axis. A raw cut of the samples bursts by +25 dB in the highs, a hard
/// switch of the frame by -7 dB, eight hops by -17 dB.
pub const FADE_HOPS: u8 = 8;

/// Layers that can sound at once; a drag at 50 chunks a second keeps four alive.
const CAPACITY: usize = 8;

/// A pace so near to 1 does not let phases drift apart.
const SAME_PACE: f32 = 2e-4;

/// The beat that will be heard of the frame that is read now.
#[derive(Clone, Copy, Debug)]
pub struct BeatTime {
    beat: f64,
    per_hop: f64,
    region: AskedRegion,
}

impl BeatTime {
    /// As the clock says; `None` where nothing follows it.
    pub fn of(controls: &Controls) -> Option<Self> {
        let per_hop = controls.clock.beats_per_sec() * controls.hop_secs;
        controls.clock.is_on().then(|| Self {
            beat: controls.clock.beat() + controls.latency_hops * per_hop,
            per_hop,
            region: AskedRegion::of(controls),
        })
    }

    /// One hop on.
    pub fn next(self) -> Self {
        Self {
            beat: self.beat + self.per_hop,
            ..self
        }
    }

    /// The beat.
    pub fn beat(self) -> f64 {
        self.beat
    }

    /// The frame of `source` that is to be read, where it is a loop with a beat.
    pub fn frame(self, source: &Source) -> Option<f64> {
        Some(self.beat_loop(source)?.frame_at(self.beat))
    }

    fn pace(self, source: &Source) -> Option<f32> {
        let wanted = 1.0 / self.per_hop;
        match self.beat_loop(source) {
            Some(beats) => Some(beats.pace(wanted)),
            None => Some((period_near(source.grid()?, wanted)? / wanted) as f32),
        }
    }

    fn beat_loop(self, source: &Source) -> Option<BeatLoop> {
        let grid = source.grid().filter(|_| source.is_single())?;
        let (extent, wanted) = (source.extent(), 1.0 / self.per_hop);
        match self.region.within(&extent) {
            Some(region) => BeatLoop::within(grid, &region.extent(), wanted),
            None => BeatLoop::of(grid, &extent, wanted),
        }
    }
}

/// One sounding source; `S` is what its voice must remember about it.
pub struct Layer<S> {
    pub source: Arc<Source>,
    pub head: Playhead,
    pub state: S,
    faded_hops: u8,
    /// Its pace where the clock says it.
    clock_pace: Option<f32>,
}

impl<S> Layer<S> {
    /// Factor on the speed of the part that sounds.
    pub fn pace(&self) -> f32 {
        self.clock_pace
            .unwrap_or_else(|| self.source.pace_at(self.head.frames()))
    }

    /// Frame `at`, or where its playhead is; `None` where it sounds no more.
    pub fn frames_at(&self, at: Option<f64>) -> Option<f64> {
        match at {
            None => (!self.head.ended()).then(|| self.head.frames()),
            Some(frames) => {
                let extent = self.source.extent();
                (frames < extent.end).then(|| frames.max(extent.start))
            }
        }
    }

    /// Its weight over the layers beneath at the beginning of this hop, and how much it grows until the next, 0..1.
    pub fn weight(&self) -> (f32, f32) {
        let step = 1.0 / f32::from(FADE_HOPS);
        let growth = if self.faded_hops < FADE_HOPS { step } else { 0.0 };
        (f32::from(self.faded_hops) * step, growth)
    }
}

/// A stack of layers, the newest on top.
pub struct Layers<S> {
    stack: Vec<Layer<S>>,
}

impl<S> Layers<S> {
    /// Nothing sounds.
    pub fn new() -> Self {
        Self {
            stack: Vec::with_capacity(CAPACITY),
        }
    }

    /// Whether nothing sounds.
    pub fn is_empty(&self) -> bool {
        self.stack.is_empty()
    }

    /// The newest layer.
    pub fn newest(&self) -> Option<&Layer<S>> {
        self.stack.last()
    }

    /// The playhead of the newest source.
    pub fn head(&self) -> Option<&Playhead> {
        self.stack.last().map(|layer| &layer.head)
    }

    /// Number of the part that the newest source is in, and the frames that it is into it; `None` in a row that is whole.
    pub fn course_place(&self) -> Option<(u64, f64)> {
        let layer = self.stack.last()?;
        layer.source.course_place(layer.head.frames())
    }

    /// When the newest source beats, and the frame at which it is; `None` where that does not matter.
    pub fn beats(&self) -> Option<(BeatGrid, f64)> {
        let layer = self.stack.last()?;
        Some((layer.source.beats()?, layer.head.frames()))
    }

    /// Whether every part that sounds is as fast as it was recorded.
    pub fn are_at_their_own_pace(&self) -> bool {
        self.stack.iter().all(|layer| (layer.pace() - 1.0).abs() < SAME_PACE)
    }

    /// The layers, oldest first, to look at.
    pub fn iter(&self) -> std::slice::Iter<'_, Layer<S>> {
        self.stack.iter()
    }

    /// The layers, oldest first.
    pub fn iter_mut(&mut self) -> std::slice::IterMut<'_, Layer<S>> {
        self.stack.iter_mut()
    }

    /// Begins to fade to `source` at `head`; at once when nothing sounds.
    pub fn push(&mut self, source: Arc<Source>, head: Playhead, state: S, retirement: &mut Retirement) {
        if self.stack.len() == CAPACITY {
            // The bottom has been covered seven times over by now.
            retirement.source(self.stack.remove(0).source);
        }
        let faded_hops = if self.stack.is_empty() { FADE_HOPS } else { 0 };
        self.stack.push(Layer {
            source,
            head,
            state,
            faded_hops,
            clock_pace: None,
        });
    }

    /// Goes on with `longer` wherever `source` sounds: at the same place, so there is nothing to fade.
    pub fn lengthen(&mut self, source: &Arc<Source>, longer: &Arc<Source>, retirement: &mut Retirement) {
        for layer in &mut self.stack {
            if Arc::ptr_eq(&layer.source, source) {
                layer.head.lengthen(longer.extent());
                retirement.source(std::mem::replace(&mut layer.source, Arc::clone(longer)));
            }
        }
    }

    /// Silences all layers.
    pub fn clear(&mut self, retirement: &mut Retirement) {
        for layer in self.stack.drain(..) {
            retirement.source(layer.source);
        }
    }

    /// One hop has been played: playheads move, fades go on, covered layers leave, and a loop goes round its region.
    pub fn advance(&mut self, controls: &Controls, retirement: &mut Retirement)
    where
        S: Default,
    {
        let (mode, speed) = (controls.mode(), controls.speed_now());
        let time = BeatTime::of(controls).filter(|_| mode == Mode::Loop);
        let region = AskedRegion::of(controls);
        let mut goes_on = None;
        let mut covered = 0;
        let top = self.stack.len().saturating_sub(1);
        for (index, layer) in self.stack.iter_mut().enumerate() {
            layer.clock_pace = time.and_then(|time| time.pace(&layer.source));
            let mut ended = layer.head.advance(mode, speed * layer.pace());
            if let Some(frames) = time.and_then(|time| time.next().frame(&layer.source)) {
                layer.head = Playhead::at_frames(frames, layer.source.extent());
                ended = false;
            } else if mode == Mode::Loop && index == top && layer.faded_hops + 1 >= FADE_HOPS {
                let lead = f64::from(FADE_HOPS) * f64::from(speed * layer.pace());
                let extent = layer.source.extent();
                let next = region
                    .within(&extent)
                    .and_then(|region| region.jump(layer.head.frames(), lead));
                goes_on = next.map(|frames| (Arc::clone(&layer.source), Playhead::at_frames(frames, extent)));
            }
            if ended && index == top {
                controls.ends.fetch_add(1, Relaxed);
            }
            layer.faded_hops = (layer.faded_hops + 1).min(FADE_HOPS);
            if layer.faded_hops == FADE_HOPS {
                covered = index;
            }
        }
        for layer in self.stack.drain(..covered) {
            retirement.source(layer.source);
        }
        if let Some((source, head)) = goes_on {
            self.push(source, head, S::default(), retirement);
        }
    }
}
