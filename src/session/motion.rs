//! Points that move by themselves: drawn loops, walks between pins, a random walk.

use crate::decode::along;
use crate::values::MapPoint;

/// A motion in progress, advanced by the app once per frame.
#[derive(Clone, Debug, PartialEq)]
pub enum Motion {
    /// Round and round a closed path at constant speed.
    Path {
        /// At least two, in the layout's own units; the last leads back to the first.
        points: Vec<MapPoint>,
        /// 0..1 along the path.
        phase: f32,
        /// Seconds for one round.
        period_secs: f32,
    },
    /// Brownian drift with inertia, drawn back to where there are points.
    Random {
        /// View units per second, across and up.
        velocity: (f32, f32),
    },
}

impl Motion {
    /// A round through `points`, slower the longer it is. `extent` is the width of the map in the same units.
    pub fn round(points: Vec<MapPoint>, extent: f32) -> Option<Self> {
        /// How long a stroke across the whole map takes.
        const CROSSING_SECS: f32 = 12.0;
        let sides = closed(&points).zip(closed(&points).skip(1));
        let length: f32 = sides.map(|(a, b)| a.distance_squared(b).sqrt()).sum();
        (points.len() >= 2 && length > 0.0).then(|| Self::Path {
            points,
            phase: 0.0,
            period_secs: (length / extent.max(f32::MIN_POSITIVE) * CROSSING_SECS).clamp(2.0, 120.0),
        })
    }

    /// Where a path is at its phase; `None` for a random walk.
    pub fn place(&self) -> Option<MapPoint> {
        let Self::Path { points, phase, .. } = self else {
            return None;
        };
        along(closed(points), phase.rem_euclid(1.0))
    }
}

/// `points` and the first of them again.
pub fn closed(points: &[MapPoint]) -> impl Iterator<Item = MapPoint> + Clone {
    points.iter().chain(points.first()).copied()
}

/// `path` with points at least `spacing` apart, so that a shaky hand does not store thousands.
pub fn resample_path(path: &[MapPoint], spacing: f32) -> Vec<MapPoint> {
    let mut kept: Vec<MapPoint> = Vec::new();
    for point in path {
        if kept
            .last()
            .is_none_or(|last| last.distance_squared(*point) >= spacing * spacing)
        {
            kept.push(*point);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square() -> Vec<MapPoint> {
        [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]
            .map(|(x, y)| MapPoint { x, y })
            .to_vec()
    }

    #[test]
    fn a_round_has_constant_speed_and_closes() {
        let Some(Motion::Path {
            points, period_secs, ..
        }) = Motion::round(square(), 2.0)
        else {
            panic!("four corners are a path");
        };
        let place = |phase| {
            Motion::Path {
                points: points.clone(),
                phase,
                period_secs,
            }
            .place()
            .unwrap()
        };
        let steps: Vec<f32> = (0..40)
            .map(|i| {
                let (a, b) = (place(i as f32 / 40.0), place((i + 1) as f32 / 40.0));
                a.distance_squared(b).sqrt()
            })
            .collect();
        assert!(steps.iter().all(|step| (step - 0.1).abs() < 1e-3), "{steps:?}");
    }

    #[test]
    fn a_single_point_is_no_path() {
        assert_eq!(Motion::round(vec![MapPoint::default()], 1.0), None);
    }
}
