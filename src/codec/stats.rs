//! Per-band standardisation over a corpus.

use crate::space::Frames;
use serde::{Deserialize, Serialize};

/// Smallest standard deviation in nats: a band that never moves is not blown up.
const STD_FLOOR: f32 = 0.5;
/// Standardised values are held within this many deviations.
const CLAMP: f32 = 4.0;

/// Mean and standard deviation of every band, in the codec's own unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BandStats {
    pub mean: Vec<f32>,
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
    pub fn finish(&self) -> Option<BandStats> {
        let n = self.count as f64;
        (self.count > 0).then(|| BandStats {
            mean: self.sum.iter().map(|sum| (sum / n) as f32).collect(),
            std: self
                .sum
                .iter()
                .zip(&self.square)
                .map(|(sum, square)| ((square / n - (sum / n).powi(2)).max(0.0).sqrt() as f32).max(STD_FLOOR))
                .collect(),
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
        let stats = fit.finish().unwrap();
        assert_eq!(stats.std[1], STD_FLOOR, "a still band has the floor");
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
}
