//! The gradient descent of large maps. Step sizes and momentum as openTSNE has them (Poličar et al. 2024, after Belkina et al.
//! 2019): as many points as the attraction is exaggerated by, and no step longer than 5.
//!
//! Every point's sums are its own and whatever is summed over all points is summed in one order, so threads change nothing.

use super::affinities::Affinities;
use super::options::{EXAGGERATED_EPOCHS, TsneProgress, TsneStep};
use super::repulsion::RepulsionGrid;
use crate::atlas::AtlasError;
use crate::sync::StopFlag;
use crate::values::MapPoint;
use rayon::prelude::*;

/// How much stronger attraction is at first.
const EXAGGERATION: f32 = 12.0;
const LEAST_RATE: f32 = 200.0;
const MOMENTUM: f32 = 0.8;
const LEAST_GAIN: f32 = 0.01;
/// Longest step of one point.
const LONGEST_STEP: f32 = 5.0;
/// RMS of the start: the early phase needs one smaller than its first steps.
const START_SPREAD: f32 = 1e-4;

/// What is kept of one axis of one point between steps.
#[derive(Clone, Copy)]
struct Motion {
    step: MapPoint,
    gain: [f32; 2],
}

/// Points that `affinities` draw together, from `initial` on.
///
/// # Errors
/// When `stop` is set.
pub(super) fn descend(
    affinities: &Affinities,
    initial: &[MapPoint],
    epochs: usize,
    progress: &mut TsneProgress<'_>,
    stop: &StopFlag,
) -> Result<Vec<MapPoint>, AtlasError> {
    let n = affinities.len();
    let mut points = small_start(initial);
    let still = Motion {
        step: MapPoint::default(),
        gain: [1.0; 2],
    };
    let mut motions = vec![still; n];
    let mut attraction = vec![MapPoint::default(); n];
    let mut repulsion = RepulsionGrid::default();
    let exaggerated = EXAGGERATED_EPOCHS.min(epochs / 2);
    for epoch in 0..epochs {
        if stop.is_stopped() {
            return Err(AtlasError::Cancelled);
        }
        if epoch == exaggerated {
            motions.fill(still);
        }
        let exaggeration = if epoch < exaggerated { EXAGGERATION } else { 1.0 };
        let rate = (n as f32 / exaggeration).max(LEAST_RATE);
        attraction.par_iter_mut().enumerate().for_each(|(i, sum)| {
            *sum = attracted(affinities.row(i), points[i], &points);
        });
        let repelled = repulsion.forces(&points);
        points
            .par_iter_mut()
            .zip(&mut motions)
            .zip(attraction.par_iter().zip(repelled))
            .for_each(|((point, motion), (drawn, pushed))| {
                let gradient = [exaggeration * drawn.x - pushed.x, exaggeration * drawn.y - pushed.y];
                motion.follow(gradient, rate);
                point.x += motion.step.x;
                point.y += motion.step.y;
            });
        centre(&mut points);
        progress(TsneStep {
            done: epoch + 1,
            total: epochs,
            points: &points,
        });
    }
    Ok(points)
}

impl Motion {
    /// Delta-bar-delta (Jacobs 1988) with momentum.
    fn follow(&mut self, gradient: [f32; 2], rate: f32) {
        let mut step = [self.step.x, self.step.y];
        for axis in 0..2 {
            let goes_on = gradient[axis] * step[axis] <= 0.0;
            let gain = &mut self.gain[axis];
            *gain = if goes_on {
                *gain + 0.2
            } else {
                (*gain * 0.8).max(LEAST_GAIN)
            };
            step[axis] = MOMENTUM * step[axis] - rate * *gain * gradient[axis];
        }
        let length = step[0].hypot(step[1]);
        let shrink = if length > LONGEST_STEP {
            LONGEST_STEP / length
        } else {
            1.0
        };
        self.step = MapPoint {
            x: step[0] * shrink,
            y: step[1] * shrink,
        };
    }
}

/// Sum over the neighbours of a point of `p_ij (y_i - y_j) / (1 + |y_i - y_j|^2)`.
fn attracted(row: &[(u32, f32)], own: MapPoint, points: &[MapPoint]) -> MapPoint {
    let (mut x, mut y) = (0.0, 0.0);
    for (j, affinity) in row {
        let other = points[*j as usize];
        let (dx, dy) = (own.x - other.x, own.y - other.y);
        let weight = affinity / (1.0 + dx * dx + dy * dy);
        x += weight * dx;
        y += weight * dy;
    }
    MapPoint { x, y }
}

fn small_start(initial: &[MapPoint]) -> Vec<MapPoint> {
    let n = initial.len().max(1) as f32;
    let power = initial.iter().map(|p| p.x * p.x + p.y * p.y).sum::<f32>() / n;
    let scale = START_SPREAD / power.sqrt().max(f32::MIN_POSITIVE);
    let scaled = initial.iter().map(|p| MapPoint {
        x: p.x * scale,
        y: p.y * scale,
    });
    scaled.collect()
}

fn centre(points: &mut [MapPoint]) {
    let n = points.len().max(1) as f64;
    let (x, y) = points.iter().fold((0.0f64, 0.0f64), |(x, y), point| {
        (x + f64::from(point.x), y + f64::from(point.y))
    });
    let (x, y) = ((x / n) as f32, (y / n) as f32);
    for point in points {
        point.x -= x;
        point.y -= y;
    }
}
