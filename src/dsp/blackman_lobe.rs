//! The main lobe that a sine has under a Blackman window: where the sine lies in it, and what is lost beside its middle.

use super::Window;
use std::f32::consts::PI;

/// Steps of the tables, and how far from the middle of a bin they reach.
const STEPS: usize = 256;
const REACH: f32 = 0.6;

/// Tables of the lobe, read without a transcendental function per peak.
pub struct BlackmanLobe {
    /// Offset in bins by the rise in nats from the bin below the loudest to the bin above it, over `-steepest..=steepest`.
    offsets: Vec<f32>,
    steepest: f32,
    /// Nats that the loudest bin lies under the sine itself, by offset over `-REACH..=REACH`.
    scalloped: Vec<f32>,
    /// Factor that makes up for frames that were moved by whole bins and lie this far, `-REACH..=REACH`, beside their frequency.
    beside: Vec<f32>,
}

impl BlackmanLobe {
    /// The lobe of windows of `fft_len` samples.
    pub fn new(fft_len: usize) -> Self {
        let offset = |step: usize| (2.0 * step as f32 / STEPS as f32 - 1.0) * REACH;
        let rise = |offset: f32| (level(1.0 - offset) / level(1.0 + offset)).ln();
        let steepest = rise(REACH);
        let mut offsets = Vec::with_capacity(STEPS + 1);
        let mut below = 0;
        for step in 0..=STEPS {
            let wanted = (2.0 * step as f32 / STEPS as f32 - 1.0) * steepest;
            while below + 2 <= STEPS && rise(offset(below + 1)) < wanted {
                below += 1;
            }
            let (low, high) = (rise(offset(below)), rise(offset(below + 1)));
            let share = ((wanted - low) / (high - low)).clamp(0.0, 1.0);
            offsets.push(offset(below) + share * (offset(below + 1) - offset(below)));
        }
        let window = Window::blackman(fft_len);
        let overlap = |offset: f32| -> f32 {
            let squares = window.values().iter().enumerate();
            squares
                .map(|(i, weight)| {
                    let turn = 2.0 * PI * offset * (i as f32 / fft_len as f32 - 0.5);
                    weight * weight * turn.cos()
                })
                .sum()
        };
        Self {
            offsets,
            steepest,
            scalloped: (0..=STEPS)
                .map(|step| (level(0.0) / level(offset(step))).ln())
                .collect(),
            beside: (0..=STEPS).map(|step| overlap(0.0) / overlap(offset(step))).collect(),
        }
    }

    /// How far above the middle of the loudest bin a sine lies, in bins, where the level rises by `rise` nats from the bin below
    /// to the bin above.
    pub fn offset(&self, rise: f32) -> f32 {
        read(&self.offsets, rise / self.steepest)
    }

    /// Nats that a bin `offset` bins beside a sine lies under it.
    pub fn scalloped(&self, offset: f32) -> f32 {
        read(&self.scalloped, offset / REACH)
    }

    /// The factor for frames whose sine lies `offset` bins beside the frequency that they turn with: they cancel in part where
    /// they overlap.
    pub fn beside(&self, offset: f32) -> f32 {
        read(&self.beside, offset / REACH)
    }
}

/// Height of the lobe `offset` bins from its middle.
fn level(offset: f32) -> f32 {
    let sinc = |x: f32| if x.abs() < 1e-4 { 1.0 } else { (PI * x).sin() / (PI * x) };
    let beside = |by: f32| sinc(offset - by) + sinc(offset + by);
    0.42 * sinc(offset) + 0.25 * beside(1.0) + 0.04 * beside(2.0)
}

/// `table` at `place`, -1..=1.
fn read(table: &[f32], place: f32) -> f32 {
    let place = if place.is_finite() { place.clamp(-1.0, 1.0) } else { 0.0 };
    let place = (0.5 + 0.5 * place) * (table.len() - 1) as f32;
    let below = (place as usize).min(table.len() - 2);
    table[below] + (place - below as f32) * (table[below + 1] - table[below])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dsp::Stft;

    #[test]
    fn a_sine_is_placed_within_a_thousandth_of_a_bin_and_its_level_within_a_hundredth_of_a_decibel() {
        let (len, lobe) = (2_048, BlackmanLobe::new(2_048));
        for hundredth in -49..=49 {
            let offset = hundredth as f32 * 0.01;
            let turn = 2.0 * std::f64::consts::PI * (60.0 + f64::from(offset)) / len as f64;
            let samples: Vec<f32> = (0..3 * len).map(|i| (turn * i as f64).sin() as f32).collect();
            let mut stft = Stft::new(len, 256);
            let spectrum = stft.spectrum_around(&samples, len + len / 2);
            let level = |bin: usize| spectrum[bin].norm().ln();
            let read = lobe.offset(level(61) - level(59));
            assert!((read - offset).abs() < 1e-3, "{offset} is read as {read}");
            let full_scale = Window::blackman(len).full_scale().ln();
            let own = level(60) + lobe.scalloped(read) - full_scale;
            assert!(own.abs() < 0.00115, "{offset}: {own} nats");
        }
    }
}
