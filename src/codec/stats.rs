//! Per-band standardisation over a corpus.

use crate::values::Frames;
use serde::{Deserialize, Serialize};

/// Standardised values are held within this many deviations, whatever the unit.
const CLAMP: f32 = 4.0;

/// Mean and standard deviation of every band, in the codec's own unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BandStats {
    /// One value per band, over all frames of the corpus.
    pub mean: Vec<f32>,
    /// One value per band, above zero: raised to the [`StdFloor`] where a band hardly moves.
    pub std: Vec<f32>,
}

impl BandStats {
    /// To zero mean, unit deviation, clamped.
    pub fn standardise(&self, frames: &mut Frames) {
        let width = frames.width().max(1);
        for row in frames.as_mut_slice().chunks_exact_mut(width) {
            for ((value, mean), std) in row.iter_mut().zip(&self.mean).zip(&self.std) {
                *value = ((*value - mean) / std).clamp(-CLAMP, CLAMP);
            }
        }
    }

    /// Back to the codec's unit.
    pub fn restore(&self, frames: &mut Frames) {
        let width = frames.width().max(1);
        for row in frames.as_mut_slice().chunks_exact_mut(width) {
            for ((value, mean), std) in row.iter_mut().zip(&self.mean).zip(&self.std) {
                *value = *value * std + mean;
            }
        }
    }
}

/// The smallest standard deviation a band is given, so that one that never moves is not blown up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum StdFloor {
    /// In the codec's unit.
    Fixed(f32),
    /// A share of the mean deviation of all bands, where the codec has no unit.
    Share(f32),
}

impl StdFloor {
    /// For levels in nats.
    pub const LEVELS: Self = Self::Fixed(0.5);
    /// For a neural codec's latents, whose scale is its weights' own affair.
    pub const LATENTS: Self = Self::Share(0.1);

    fn below(self, std: &[f32]) -> f32 {
        match self {
            Self::Fixed(floor) => floor,
            // Above zero even where nothing moves at all: values are divided by it.
            Self::Share(share) => (share * std.iter().sum::<f32>() / std.len().max(1) as f32).max(f32::MIN_POSITIVE),
        }
    }
}

/// Running sums of many frames.
#[derive(Clone, Debug)]
pub struct StatsFit {
    count: u64,
    sum: Vec<f64>,
    square: Vec<f64>,
}

impl StatsFit {
    /// Nothing seen yet.
    pub fn new(bands: usize) -> Self {
        Self {
            count: 0,
            sum: vec![0.0; bands],
            square: vec![0.0; bands],
        }
    }

    /// Takes in frames of `bands` values; rows that are not finite are left out.
    pub fn add(&mut self, frames: &Frames) {
        for row in frames.rows().filter(|row| row.iter().all(|value| value.is_finite())) {
            self.count += 1;
            for ((sum, square), value) in self.sum.iter_mut().zip(&mut self.square).zip(row) {
                let value = f64::from(*value);
                *sum += value;
                *square += value * value;
            }
        }
    }

    /// The statistics of what was seen; `None` when nothing was.
    pub fn finish(&self, floor: StdFloor) -> Option<BandStats> {
        if self.count == 0 {
            return None;
        }
        let n = self.count as f64;
        let deviation = |(sum, square): (&f64, &f64)| (square / n - (sum / n).powi(2)).max(0.0).sqrt() as f32;
        let mut std: Vec<f32> = self.sum.iter().zip(&self.square).map(deviation).collect();
        let floor = floor.below(&std);
        for std in &mut std {
            *std = std.max(floor);
        }
        Some(BandStats {
            mean: self.sum.iter().map(|sum| (sum / n) as f32).collect(),
            std,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn standardised_frames_come_back() {
        let frames = Frames::from_vec(2, vec![-3.0, 5.0, 1.0, 5.0, -1.0, 5.0]);
        let mut fit = StatsFit::new(2);
        fit.add(&frames);
        fit.add(&Frames::from_vec(2, vec![f32::NAN, 0.0]));
        let stats = fit.finish(StdFloor::LEVELS).unwrap();
        assert_eq!(stats.std[1], 0.5, "a still band has the floor");
        let mut there = frames.clone();
        stats.standardise(&mut there);
        assert!(there.time_mean().iter().all(|mean| mean.abs() < 1e-5));
        stats.restore(&mut there);
        assert!(
            there
                .as_slice()
                .iter()
                .zip(frames.as_slice())
                .all(|(a, b)| (a - b).abs() < 1e-5)
        );
    }

    #[test]
    fn latents_of_any_scale_are_standardised_alike() {
        let frames = [1.0, 0.3, 1e-4, -1.0, -0.3, -1e-4];
        for scale in [1e-3, 1.0, 1e3] {
            let mut fit = StatsFit::new(3);
            fit.add(&Frames::from_vec(3, frames.map(|value| value * scale).to_vec()));
            let std = fit.finish(StdFloor::LATENTS).unwrap().std;
            assert!(
                (std[0] / scale - 1.0).abs() < 1e-3 && (std[1] / scale - 0.3).abs() < 1e-3,
                "{std:?}"
            );
            assert!(
                (std[2] / scale - 0.0433).abs() < 1e-3,
                "a still value has a tenth of the mean: {std:?}"
            );
        }
        let mut still = StatsFit::new(1);
        still.add(&Frames::from_vec(1, vec![2.0, 2.0]));
        assert!(still.finish(StdFloor::LATENTS).unwrap().std[0] > 0.0);
    }
}
