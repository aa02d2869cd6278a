//! Real-time: a click on every beat, a higher one on the first of a bar.

use super::clock::ClockControls;
use std::f32::consts::TAU;
use std::sync::atomic::Ordering::Relaxed;

const BEAT_HZ: f32 = 1_000.0;
const BAR_HZ: f32 = 1_600.0;
/// Seconds in which a click falls to a third.
const DECAY_SECS: f32 = 0.008;
const LEVEL: f32 = 0.35;
/// A click is over at this level.
const OVER: f32 = 1e-4;

/// One click after the other.
pub struct Metronome {
    rate_hz: f32,
    level: f32,
    phase: f32,
    step: f32,
}

impl Metronome {
    /// Silent, for sound of `rate_hz`.
    pub fn new(rate_hz: u32) -> Self {
        Self {
            rate_hz: rate_hz as f32,
            level: 0.0,
            phase: 0.0,
            step: 0.0,
        }
    }

    /// Adds what clicks in this hop to `hop`.
    pub fn add(&mut self, clock: &ClockControls, hop: &mut [[f32; 2]]) {
        if !clock.metronome.load(Relaxed) {
            self.level = 0.0;
            return;
        }
        let beats_per_sample = clock.beats_per_sec() / f64::from(self.rate_hz);
        let begin = clock.beat();
        let next = begin.ceil();
        let strikes_at = ((next - begin) / beats_per_sample).round();
        let decay = (-1.0 / (DECAY_SECS * self.rate_hz)).exp();
        for (index, frame) in hop.iter_mut().enumerate() {
            if index as f64 == strikes_at {
                let bar = f64::from(clock.beats_per_bar.load(Relaxed));
                let hz = if next.rem_euclid(bar) < 0.5 { BAR_HZ } else { BEAT_HZ };
                (self.level, self.phase, self.step) = (LEVEL, 0.0, TAU * hz / self.rate_hz);
            }
            if self.level > OVER {
                let click = self.level * self.phase.sin();
                *frame = frame.map(|sample| sample + click);
                self.phase += self.step;
                self.level *= decay;
            }
        }
    }
}
