//! Laying one map over another: the similarity transform that moves points least. Any thread.

use crate::values::MapPoint;

/// `p -> scale * R p + shift`, with R a rotation or a reflection.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Similarity {
    /// Rows of `scale * R`.
    matrix: [[f32; 2]; 2],
    shift: MapPoint,
}

impl Similarity {
    /// Leaves every point where it is.
    pub const IDENTITY: Self = Self {
        matrix: [[1.0, 0.0], [0.0, 1.0]],
        shift: MapPoint { x: 0.0, y: 0.0 },
    };

    /// The transform that brings `source` closest to `target` in the least-squares sense (orthogonal Procrustes with
    /// scale; Gower 1975). Points pair by index; pairs with a number that is not finite are left out.
    pub fn fit(source: &[MapPoint], target: &[MapPoint]) -> Self {
        let finite = |p: &MapPoint| p.x.is_finite() && p.y.is_finite();
        let pairs = || source.iter().zip(target).filter(|(s, t)| finite(s) && finite(t));
        let count = pairs().count();
        if count == 0 {
            return Self::IDENTITY;
        }
        let scale = 1.0 / count as f64;
        let [sx, sy, tx, ty] = pairs().fold([0.0f64; 4], |sum, (s, t)| {
            [
                sum[0] + f64::from(s.x) * scale,
                sum[1] + f64::from(s.y) * scale,
                sum[2] + f64::from(t.x) * scale,
                sum[3] + f64::from(t.y) * scale,
            ]
        });
        // Cross-covariances; in two dimensions the best rotation and the best reflection have closed forms.
        let (mut xx, mut xy, mut yx, mut yy, mut power) = (0.0f64, 0.0, 0.0, 0.0, 0.0);
        for (s, t) in pairs() {
            let (a, b) = (f64::from(s.x) - sx, f64::from(s.y) - sy);
            let (c, d) = (f64::from(t.x) - tx, f64::from(t.y) - ty);
            xx += a * c;
            xy += a * d;
            yx += b * c;
            yy += b * d;
            power += a * a + b * b;
        }
        let rotation = (xx + yy).hypot(xy - yx);
        let reflection = (xx - yy).hypot(xy + yx);
        let degenerate = power <= f64::MIN_POSITIVE || rotation.max(reflection) <= f64::MIN_POSITIVE;
        let matrix = if degenerate {
            [[1.0, 0.0], [0.0, 1.0]]
        } else if rotation >= reflection {
            let (c, s) = ((xx + yy) / power, (xy - yx) / power);
            [[c, -s], [s, c]]
        } else {
            let (c, s) = ((xx - yy) / power, (xy + yx) / power);
            [[c, s], [s, -c]]
        };
        let shift = MapPoint {
            x: (tx - matrix[0][0] * sx - matrix[0][1] * sy) as f32,
            y: (ty - matrix[1][0] * sx - matrix[1][1] * sy) as f32,
        };
        Self {
            matrix: matrix.map(|row: [f64; 2]| row.map(|value| value as f32)),
            shift,
        }
    }

    /// Where `point` comes to lie.
    pub fn apply(&self, point: MapPoint) -> MapPoint {
        let [[a, b], [c, d]] = self.matrix;
        MapPoint {
            x: a * point.x + b * point.y + self.shift.x,
            y: c * point.x + d * point.y + self.shift.y,
        }
    }

    /// The same turn about the same centre without stretching.
    pub fn without_scale(&self, centre: MapPoint) -> Self {
        let size = self.matrix[0][0].hypot(self.matrix[0][1]);
        if size <= 0.0 {
            return Self::IDENTITY;
        }
        let matrix = self.matrix.map(|row| row.map(|value| value / size));
        let moved = self.apply(centre);
        let shift = MapPoint {
            x: moved.x - matrix[0][0] * centre.x - matrix[0][1] * centre.y,
            y: moved.y - matrix[1][0] * centre.x - matrix[1][1] * centre.y,
        };
        Self { matrix, shift }
    }

    /// Moves every point.
    pub fn apply_all(&self, points: &mut [MapPoint]) {
        for point in points {
            *point = self.apply(*point);
        }
    }
}

/// Shifts and scales `points` to mean 0 and a root-mean-square radius of 1, so that all layouts share one unit.
pub fn normalise(points: &mut [MapPoint]) {
    let n = points.len().max(1) as f64;
    let mean = |value: fn(&MapPoint) -> f32| points.iter().map(|p| f64::from(value(p))).sum::<f64>() / n;
    let (x, y) = (mean(|p| p.x), mean(|p| p.y));
    let power: f64 = points
        .iter()
        .map(|p| (f64::from(p.x) - x).powi(2) + (f64::from(p.y) - y).powi(2))
        .sum();
    let scale = if power > 0.0 { (n / power).sqrt() } else { 1.0 };
    for point in points {
        point.x = ((f64::from(point.x) - x) * scale) as f32;
        point.y = ((f64::from(point.y) - y) * scale) as f32;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::atlas::samples::gaussian_points;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn recovers_any_similarity(
            angle in 0.0f32..6.3, scale in 0.1f32..10.0, mirrored: bool, x in -50.0f32..50.0, y in -50.0f32..50.0, seed: u64,
        ) {
            let source = gaussian_points(40, seed);
            let flip = if mirrored { -1.0 } else { 1.0 };
            let target: Vec<_> = source.iter().map(|p| MapPoint {
                x: scale * (angle.cos() * p.x - angle.sin() * p.y * flip) + x,
                y: scale * (angle.sin() * p.x + angle.cos() * p.y * flip) + y,
            }).collect();
            let fitted = Similarity::fit(&source, &target);
            for (s, t) in source.iter().zip(&target) {
                prop_assert!(fitted.apply(*s).distance_squared(*t).sqrt() < 1e-3 * (scale + 50.0));
            }
        }
    }

    #[test]
    fn alignment_never_moves_points_further_than_leaving_them() {
        let (source, target) = (gaussian_points(60, 1), gaussian_points(60, 2));
        let error = |points: &[MapPoint]| {
            points
                .iter()
                .zip(&target)
                .map(|(a, b)| a.distance_squared(*b))
                .sum::<f32>()
        };
        let mut aligned = source.clone();
        Similarity::fit(&source, &target).apply_all(&mut aligned);
        assert!(error(&aligned) <= error(&source));
    }

    #[test]
    fn coincident_or_missing_points_leave_the_map_as_it_is() {
        let here = vec![MapPoint { x: 2.0, y: 3.0 }; 5];
        let moved = Similarity::fit(&here, &here).apply(MapPoint { x: 1.0, y: 1.0 });
        assert!(moved.x.is_finite() && moved.y.is_finite());
        assert_eq!(Similarity::fit(&[], &[]), Similarity::IDENTITY);
    }

    #[test]
    fn normalised_points_have_unit_radius() {
        let mut points = gaussian_points(300, 9);
        for p in &mut points {
            p.x = p.x * 40.0 + 7.0;
        }
        normalise(&mut points);
        let power: f32 = points.iter().map(|p| p.x * p.x + p.y * p.y).sum::<f32>() / 300.0;
        assert!((power - 1.0).abs() < 1e-4);
    }
}
