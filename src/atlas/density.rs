//! How crowded the map is: a smoothed histogram, for a backdrop and for colouring points. Any thread.

use crate::values::MapPoint;

/// Density on a regular grid over the map's bounding box.
#[derive(Clone, Debug, PartialEq)]
pub struct DensityField {
    pub columns: usize,
    pub rows: usize,
    /// Opposite corners of the field.
    pub low: MapPoint,
    pub high: MapPoint,
    /// `[rows x columns]`, the row of the least y first; 0..1, 1 = the most crowded place.
    pub values: Vec<f32>,
}

impl DensityField {
    /// Counts `points` on `columns x rows` cells and smooths with a Gaussian of `bandwidth` (a share of the longer side;
    /// .03 suits most maps). Points that are not finite are left out.
    pub fn new(points: &[MapPoint], columns: usize, rows: usize, bandwidth: f32) -> Self {
        let (columns, rows) = (columns.max(2), rows.max(2));
        let finite: Vec<MapPoint> = points
            .iter()
            .copied()
            .filter(|p| p.x.is_finite() && p.y.is_finite())
            .collect();
        let bound = |pick: fn(f32, f32) -> f32, start: f32| {
            finite.iter().fold(MapPoint { x: start, y: start }, |b, p| MapPoint {
                x: pick(b.x, p.x),
                y: pick(b.y, p.y),
            })
        };
        let (mut low, mut high) = if finite.is_empty() {
            (MapPoint { x: -1.0, y: -1.0 }, MapPoint { x: 1.0, y: 1.0 })
        } else {
            (bound(f32::min, f32::INFINITY), bound(f32::max, f32::NEG_INFINITY))
        };
        // Room for the Gaussian's tail, so that the field fades out before it ends.
        let longest = (high.x - low.x).max(high.y - low.y).max(1e-3);
        let margin = 3.0 * bandwidth.clamp(0.0, 1.0) * longest + 1e-3 * longest;
        low = MapPoint {
            x: low.x - margin,
            y: low.y - margin,
        };
        high = MapPoint {
            x: high.x + margin,
            y: high.y + margin,
        };
        let mut field = Self {
            columns,
            rows,
            low,
            high,
            values: vec![0.0; columns * rows],
        };
        for point in &finite {
            let (column, row) = field.cell(*point);
            field.values[row * columns + column] += 1.0;
        }
        let sigma = bandwidth.clamp(0.0, 1.0) * longest;
        let along_x = gaussian_kernel(sigma * columns as f32 / (high.x - low.x));
        let along_y = gaussian_kernel(sigma * rows as f32 / (high.y - low.y));
        field.values = smooth(&field.values, columns, 1, &along_x);
        field.values = smooth(&field.values, rows, columns, &along_y);
        let most = field.values.iter().copied().fold(0.0, f32::max);
        if most > 0.0 {
            field.values.iter_mut().for_each(|value| *value /= most);
        }
        field
    }

    /// Density at `at`, 0..1; 0 outside the field.
    pub fn at(&self, at: MapPoint) -> f32 {
        let inside = (self.low.x..=self.high.x).contains(&at.x) && (self.low.y..=self.high.y).contains(&at.y);
        let (column, row) = self.cell(at);
        if inside {
            self.values[row * self.columns + column]
        } else {
            0.0
        }
    }

    fn cell(&self, at: MapPoint) -> (usize, usize) {
        let axis = |value: f32, low: f32, high: f32, cells: usize| {
            (((value - low) / (high - low) * cells as f32).max(0.0) as usize).min(cells - 1)
        };
        (
            axis(at.x, self.low.x, self.high.x, self.columns),
            axis(at.y, self.low.y, self.high.y, self.rows),
        )
    }
}

/// Half a Gaussian, centre first, cut at three sigma.
fn gaussian_kernel(sigma_cells: f32) -> Vec<f32> {
    let sigma = sigma_cells.clamp(1e-3, 1e3);
    (0..=(3.0 * sigma) as usize)
        .map(|i| (-0.5 * (i as f32 / sigma).powi(2)).exp())
        .collect()
}

/// Convolves along the axis of `length` cells that lie `stride` apart.
fn smooth(values: &[f32], length: usize, stride: usize, kernel: &[f32]) -> Vec<f32> {
    (0..values.len())
        .map(|i| {
            let position = i / stride % length;
            kernel.iter().enumerate().fold(0.0, |sum, (offset, weight)| {
                let before = (offset > 0 && position >= offset).then(|| values[i - offset * stride]);
                let after = (position + offset < length).then(|| values[i + offset * stride]);
                sum + weight * (before.unwrap_or(0.0) + after.unwrap_or(0.0))
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::atlas::samples::gaussian_points;

    #[test]
    fn the_peak_lies_where_the_crowd_is() {
        let mut points = gaussian_points(500, 1);
        for p in &mut points {
            p.x = 0.1 * p.x + 3.0;
        }
        points.extend(gaussian_points(50, 2).into_iter().map(|p| MapPoint {
            x: p.x - 3.0,
            y: 4.0 * p.y,
        }));
        let field = DensityField::new(&points, 80, 60, 0.03);
        assert!(field.at(MapPoint { x: 3.0, y: 0.0 }) > 0.7);
        assert!(field.at(MapPoint { x: -3.0, y: 0.0 }) < 0.3);
        assert_eq!(field.at(MapPoint { x: 1e6, y: 0.0 }), 0.0);
        assert_eq!(field.values.iter().copied().fold(0.0, f32::max), 1.0);
    }

    #[test]
    fn smoothing_is_symmetric_and_the_field_ends_in_silence() {
        let field = DensityField::new(&[MapPoint { x: 2.0, y: 2.0 }], 41, 41, 0.1);
        for row in 0..41 {
            for column in 0..41 {
                assert!((field.values[row * 41 + column] - field.values[row * 41 + 40 - column]).abs() < 1e-6);
                assert!((field.values[row * 41 + column] - field.values[column * 41 + row]).abs() < 1e-6);
            }
        }
        assert!(
            DensityField::new(&[], 8, 8, 0.03)
                .values
                .iter()
                .all(|value| *value == 0.0)
        );
    }
}
