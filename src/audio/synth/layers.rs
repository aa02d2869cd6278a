//! Real-time: the sources that sound at once while one fades into the next.
//!
//! Every switch puts a new layer on top and fades it in over [`FADE_HOPS`]; what lies beneath goes on moving. A
//! switch during a fade (dragging) simply adds another layer, so no weight ever jumps. Never allocates: the stack's
//! room is reserved, and sources leave through the retirement lane instead of being freed here.

use super::controls::Controls;
use super::playhead::Playhead;
use super::retirement::Retirement;
use super::source::Source;
use crate::values::BeatGrid;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

/// Hops a cross-fade lasts: 46 ms at the standard axis. A raw cut of the samples bursts by +25 dB in the highs, a hard
/// switch of the frame by -7 dB, eight hops by -17 dB.
pub const FADE_HOPS: u8 = 8;

/// Layers that can sound at once; a drag at 50 chunks a second keeps four alive.
const CAPACITY: usize = 8;

/// One sounding source; `S` is what its voice must remember about it.
pub struct Layer<S> {
    pub source: Arc<Source>,
    pub head: Playhead,
    pub state: S,
    faded_hops: u8,
}

impl<S> Layer<S> {
    /// Factor on the speed of the part that sounds.
    pub fn pace(&self) -> f32 {
        self.source.pace_at(self.head.frames())
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
        self.stack.iter().all(|layer| layer.pace() == 1.0)
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

    /// One hop has been played: playheads move, fades go on, covered layers leave.
    pub fn advance(&mut self, controls: &Controls, retirement: &mut Retirement) {
        let (mode, speed) = (controls.mode(), controls.speed.get());
        let mut covered = 0;
        let top = self.stack.len().saturating_sub(1);
        for (index, layer) in self.stack.iter_mut().enumerate() {
            let ended = layer.head.advance(mode, speed * layer.pace());
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
    }
}
