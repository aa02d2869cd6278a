//! How all points push each other apart, in time that grows with the points alone (after FIt-SNE, Linderman et al. 2019).
//!
//! Points are spread over the nodes of a grid (Lagrange polynomials over three nodes an interval), the grid is convolved with the
//! force's kernel by FFT, and each point reads its force between the nodes. FIt-SNE convolves a potential with charges that are
//! the points' own places and takes differences; the two components of the force are convolved here instead: one transform of the
//! points and two back, and no large numbers that cancel, so that f32 is enough. The normalising sum needs no transform back: by
//! Parseval's theorem it is a sum over the spectrum.

use crate::values::MapPoint;
use rayon::prelude::*;
use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};
use rustfft::num_complex::Complex32;
use rustfft::{Fft, FftPlanner};
use std::sync::Arc;

/// Nodes across one interval.
const NODES: usize = 3;
/// Intervals across the map at least, and the widest they may be: the kernel bends over a length of 1.
const LEAST_INTERVALS: usize = 50;
const WIDEST_INTERVAL: f32 = 1.0;
/// Bounds the memory of a map that flies apart: 4,096 nodes, some hundred MB.
const MOST_INTERVALS: usize = 680;
/// Room for a map to grow and to shrink before the grid is laid anew.
const MARGIN: f32 = 1.1;
const LOOSE: f32 = 0.75;
/// Columns transformed together: their values lie side by side in memory.
const COLUMNS: usize = 8;

/// Forces by a grid that is kept from step to step.
#[derive(Default)]
pub(super) struct RepulsionGrid {
    plane: Option<Plane>,
    places: Vec<Place>,
    forces: Vec<MapPoint>,
}

/// Where a point lies on the grid: its first node in x and y, and what each of three nodes counts.
#[derive(Clone, Copy, Default)]
struct Place {
    node: [u32; 2],
    weights: [[f32; NODES]; 2],
}

impl RepulsionGrid {
    /// For every point `sum_j (y_i - y_j) / (1 + |y_i - y_j|^2)^2`, divided by `sum_{k != l} 1 / (1 + |y_k - y_l|^2)`.
    pub fn forces(&mut self, points: &[MapPoint]) -> &[MapPoint] {
        let reach = points
            .iter()
            .fold(0.0f32, |reach, p| reach.max(p.x.abs()).max(p.y.abs()));
        let plane = match self.plane.take() {
            Some(plane) if plane.suits(reach) => plane,
            _ => Plane::new(reach),
        };
        self.places.resize(points.len(), Place::default());
        self.places
            .par_iter_mut()
            .zip(points)
            .for_each(|(place, point)| *place = plane.place(*point));
        let spread = plane.spread(&self.places);
        let (field, total) = plane.convolve(&spread);
        let scale = (1.0 / (total - points.len() as f64).max(f64::MIN_POSITIVE)) as f32;
        self.forces.resize(points.len(), MapPoint::default());
        self.forces.par_iter_mut().zip(&self.places).for_each(|(force, place)| {
            *force = plane.read(&field, place, scale);
        });
        self.plane = Some(plane);
        &self.forces
    }
}

/// A square grid about the origin, and the spectra of the kernels at its spacing.
struct Plane {
    half_width: f32,
    interval: f32,
    intervals: usize,
    /// Nodes a side.
    nodes: usize,
    /// Length of the transforms: at least twice the nodes, so that nothing comes round.
    len: usize,
    /// Spectra over `[len / 2 + 1]` columns of `len` values each: that of 1 / (1 + d^2), which is real, and those of the two
    /// components of d / (1 + d^2)^2, which are imaginary. Divided by `len` squared.
    spectra: [Vec<f32>; 3],
    row_forward: Arc<dyn RealToComplex<f32>>,
    row_back: Arc<dyn ComplexToReal<f32>>,
    column_forward: Arc<dyn Fft<f32>>,
    column_back: Arc<dyn Fft<f32>>,
}

impl Plane {
    fn new(reach: f32) -> Self {
        let half_width = (reach * MARGIN).max(1e-12);
        let intervals = ((2.0 * half_width / WIDEST_INTERVAL).ceil() as usize).clamp(LEAST_INTERVALS, MOST_INTERVALS);
        let nodes = intervals * NODES;
        let len = transform_len(2 * nodes);
        let (mut real, mut complex) = (RealFftPlanner::new(), FftPlanner::new());
        let mut plane = Self {
            half_width,
            interval: 2.0 * half_width / intervals as f32,
            intervals,
            nodes,
            len,
            spectra: Default::default(),
            row_forward: real.plan_fft_forward(len),
            row_back: real.plan_fft_inverse(len),
            column_forward: complex.plan_fft_forward(len),
            column_back: complex.plan_fft_inverse(len),
        };
        let spacing = plane.interval / NODES as f32;
        // Index i stands for a difference of i nodes, beyond the middle for i - len; the middle itself is never asked for.
        let offset = |i: usize| match i {
            i if 2 * i == len => 0.0,
            i if 2 * i < len => i as f32 * spacing,
            i => (i as f32 - len as f32) * spacing,
        };
        let sum = |dx: f32, dy: f32| 1.0 / (1.0 + dx * dx + dy * dy);
        let kernels: [&(dyn Fn(f32, f32) -> f32 + Sync); 3] =
            [&|dx, dy| sum(dx, dy), &|dx, dy| dx * sum(dx, dy).powi(2), &|dx, dy| {
                dy * sum(dx, dy).powi(2)
            }];
        plane.spectra = kernels.map(|kernel| plane.spectrum_of(&|x, y| kernel(offset(x), offset(y))));
        // Of a real even function the real part is all there is, of one odd in x or y the imaginary part.
        plane
    }

    /// Whether points as far from the origin as `reach` lie within it and fill it.
    fn suits(&self, reach: f32) -> bool {
        reach < self.half_width && reach * MARGIN > self.half_width * LOOSE
    }

    fn columns(&self) -> usize {
        self.len / 2 + 1
    }

    /// The part of a kernel's spectrum that is not 0, column by column, divided by the number of values.
    fn spectrum_of(&self, kernel: &(dyn Fn(usize, usize) -> f32 + Sync)) -> Vec<f32> {
        let (len, columns) = (self.len, self.columns());
        let rows = self.transform_rows(len, |y, row| {
            row.iter_mut().enumerate().for_each(|(x, value)| *value = kernel(x, y));
        });
        let scale = 1.0 / (len * len) as f32;
        let mut spectrum = vec![0.0; columns * len];
        spectrum.par_chunks_mut(len).enumerate().for_each(|(column, out)| {
            let mut values: Vec<Complex32> = (0..len).map(|y| rows[y * columns + column]).collect();
            self.column_forward.process(&mut values);
            for (out, value) in out.iter_mut().zip(values) {
                *out = (value.re + value.im) * scale;
            }
        });
        spectrum
    }

    /// The transforms of `count` real rows that `fill` writes, row by row.
    fn transform_rows(&self, count: usize, fill: impl Fn(usize, &mut [f32]) + Sync) -> Vec<Complex32> {
        let columns = self.columns();
        let mut rows = vec![Complex32::ZERO; count * columns];
        rows.par_chunks_mut(columns).enumerate().for_each_init(
            || (vec![0.0f32; self.len], self.row_forward.make_scratch_vec()),
            |(row, scratch), (y, out)| {
                row.fill(0.0);
                fill(y, row);
                // The lengths are the plan's own, so that it cannot refuse them.
                let _ = self.row_forward.process_with_scratch(row, out, scratch);
            },
        );
        rows
    }

    fn place(&self, point: MapPoint) -> Place {
        let axis = |value: f32| {
            let at = ((value + self.half_width) / self.interval).max(0.0);
            let interval = (at as usize).min(self.intervals - 1);
            // In nodes from the first of the interval's three.
            let t = (at - interval as f32) * NODES as f32 - 0.5;
            let weights = [0.5 * (t - 1.0) * (t - 2.0), t * (2.0 - t), 0.5 * t * (t - 1.0)];
            ((interval * NODES) as u32, weights)
        };
        let ((x, of_x), (y, of_y)) = (axis(point.x), axis(point.y));
        Place {
            node: [x, y],
            weights: [of_x, of_y],
        }
    }

    /// The points on the nodes `[nodes x nodes]`.
    fn spread(&self, places: &[Place]) -> Vec<f32> {
        let mut grid = vec![0.0f32; self.nodes * self.nodes];
        for place in places {
            for (j, of_y) in place.weights[1].iter().enumerate() {
                let first = (place.node[1] as usize + j) * self.nodes + place.node[0] as usize;
                for (value, of_x) in grid[first..first + NODES].iter_mut().zip(place.weights[0]) {
                    *value += of_x * of_y;
                }
            }
        }
        grid
    }

    /// The force of `spread` on every node, in x and y, and the sum of 1 / (1 + d^2) over all pairs, each with itself too.
    fn convolve(&self, spread: &[f32]) -> ([Vec<f32>; 2], f64) {
        let (len, nodes, columns) = (self.len, self.nodes, self.columns());
        let rows = self.transform_rows(nodes, |y, row| {
            row[..nodes].copy_from_slice(&spread[y * nodes..(y + 1) * nodes]);
        });
        let mut back = [
            vec![Complex32::ZERO; columns * nodes],
            vec![Complex32::ZERO; columns * nodes],
        ];
        let [back_x, back_y] = &mut back;
        let block = COLUMNS * nodes;
        let sums: Vec<f64> = back_x
            .par_chunks_mut(block)
            .zip(back_y.par_chunks_mut(block))
            .enumerate()
            .map(|(number, (out_x, out_y))| {
                let first = number * COLUMNS;
                let count = out_x.len() / nodes;
                let mut values = vec![Complex32::ZERO; count * len];
                for y in 0..nodes {
                    let row = &rows[y * columns + first..y * columns + first + count];
                    row.iter()
                        .enumerate()
                        .for_each(|(column, value)| values[column * len + y] = *value);
                }
                self.column_forward.process(&mut values);
                let spectrum_at = first * len..(first + count) * len;
                let sum = self.pair_sum(first, &values, &self.spectra[0][spectrum_at.clone()]);
                let mut turned = vec![Complex32::ZERO; values.len()];
                for (out, spectrum) in [(out_x, &self.spectra[1]), (out_y, &self.spectra[2])] {
                    for ((turned, value), part) in turned.iter_mut().zip(&values).zip(&spectrum[spectrum_at.clone()]) {
                        *turned = Complex32::new(-value.im * part, value.re * part);
                    }
                    self.column_back.process(&mut turned);
                    for (out, column) in out.chunks_exact_mut(nodes).zip(turned.chunks_exact(len)) {
                        out.copy_from_slice(&column[..nodes]);
                    }
                }
                sum
            })
            .collect();
        (back.map(|half| self.rows_back(&half)), sums.iter().sum())
    }

    /// The share of some columns in the sum over all pairs: the columns that a real transform leaves out mirror others.
    fn pair_sum(&self, first: usize, values: &[Complex32], spectrum: &[f32]) -> f64 {
        let column = |(number, (values, spectrum)): (usize, (&[Complex32], &[f32]))| {
            let sum: f64 = values
                .iter()
                .zip(spectrum)
                .map(|(value, part)| f64::from(value.norm_sqr() * part))
                .sum();
            let at = first + number;
            let is_alone = at == 0 || 2 * at == self.len;
            if is_alone { sum } else { 2.0 * sum }
        };
        let each = values.chunks_exact(self.len).zip(spectrum.chunks_exact(self.len));
        each.enumerate().map(column).sum()
    }

    /// Columns `[columns x nodes]` back to nodes, row by row.
    fn rows_back(&self, half: &[Complex32]) -> Vec<f32> {
        let (len, nodes, columns) = (self.len, self.nodes, self.columns());
        let mut field = vec![0.0f32; nodes * nodes];
        field.par_chunks_mut(COLUMNS * nodes).enumerate().for_each_init(
            || {
                (
                    vec![Complex32::ZERO; COLUMNS * columns],
                    vec![0.0f32; len],
                    self.row_back.make_scratch_vec(),
                )
            },
            |(spectra, row, scratch), (block, out)| {
                let (first, count) = (block * COLUMNS, out.len() / nodes);
                for column in 0..columns {
                    let values = &half[column * nodes + first..column * nodes + first + count];
                    values
                        .iter()
                        .enumerate()
                        .for_each(|(y, value)| spectra[y * columns + column] = *value);
                }
                for (out, spectrum) in out.chunks_exact_mut(nodes).zip(spectra.chunks_exact_mut(columns)) {
                    // What rounding leaves of these imaginary parts must be 0 for the plan.
                    spectrum[0].im = 0.0;
                    spectrum[columns - 1].im = 0.0;
                    let _ = self.row_back.process_with_scratch(spectrum, row, scratch);
                    out.copy_from_slice(&row[..nodes]);
                }
            },
        );
        field
    }

    fn read(&self, field: &[Vec<f32>; 2], place: &Place, scale: f32) -> MapPoint {
        let (mut x, mut y) = (0.0, 0.0);
        for (j, of_y) in place.weights[1].iter().enumerate() {
            let first = (place.node[1] as usize + j) * self.nodes + place.node[0] as usize;
            for (i, of_x) in place.weights[0].iter().enumerate() {
                x += of_x * of_y * field[0][first + i];
                y += of_x * of_y * field[1][first + i];
            }
        }
        MapPoint {
            x: x * scale,
            y: y * scale,
        }
    }
}

/// The next even number that has no factor over 5: such transforms are fast.
fn transform_len(least: usize) -> usize {
    let is_fast = |number: &usize| {
        let mut rest = *number;
        for factor in [2, 3, 5] {
            while rest.is_multiple_of(factor) {
                rest /= factor;
            }
        }
        rest == 1 && number.is_multiple_of(2)
    };
    (least..).find(is_fast).unwrap_or(least)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::atlas::samples::gaussian_points;

    fn every_pair(points: &[MapPoint]) -> Vec<MapPoint> {
        let mut total = 0.0f64;
        let mut sums = vec![(0.0f64, 0.0f64); points.len()];
        for (i, a) in points.iter().enumerate() {
            for (_, b) in points.iter().enumerate().filter(|(j, _)| *j != i) {
                let (dx, dy) = (f64::from(a.x - b.x), f64::from(a.y - b.y));
                let near = 1.0 / (1.0 + dx * dx + dy * dy);
                total += near;
                sums[i].0 += dx * near * near;
                sums[i].1 += dy * near * near;
            }
        }
        let point = |(x, y): (f64, f64)| MapPoint {
            x: (x / total) as f32,
            y: (y / total) as f32,
        };
        sums.into_iter().map(point).collect()
    }

    #[test]
    fn agrees_with_the_sum_over_every_pair_at_every_size_of_map() {
        let mut grid = RepulsionGrid::default();
        // As dense as maps are. Three nodes an interval leave some per cent of the nearest points' push, as in FIt-SNE.
        for spread in [1e-4, 0.3, 3.0, 12.0] {
            let mut points = gaussian_points(2_000, 3);
            for p in &mut points {
                *p = MapPoint {
                    x: p.x * spread,
                    y: p.y * spread,
                };
            }
            let wanted = every_pair(&points);
            let found = grid.forces(&points);
            let power =
                |of: &mut dyn Iterator<Item = (f32, f32)>| of.map(|(x, y)| f64::from(x * x + y * y)).sum::<f64>();
            let size = power(&mut wanted.iter().map(|p| (p.x, p.y)));
            let error = power(&mut wanted.iter().zip(found).map(|(a, b)| (a.x - b.x, a.y - b.y)));
            assert!(
                (error / size).sqrt() < 0.08,
                "spread {spread}: {}",
                (error / size).sqrt()
            );
        }
    }

    #[test]
    fn transforms_have_fast_lengths() {
        assert_eq!([300, 301, 1_201, 4_080].map(transform_len), [300, 320, 1_250, 4_096]);
    }
}
