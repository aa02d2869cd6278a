//! Nearest rows in the space itself (the grid finds them on the map). Any thread; parallel over rows.
//!
//! Up to [`EXACT_ROWS`] rows each is compared with all others. More rows are parted into cells around centres (k-means on a
//! sample), and the rows of a cell are compared with those of the [`PROBES`] cells nearest to it: the cost grows with the rows
//! times the cells' number, which is small beside the products, and a few far neighbours are missed.

use crate::sync::StopFlag;
use ndarray::{Array2, ArrayView2, Axis, s};
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

/// Up to this many rows the answer is exact.
pub const EXACT_ROWS: usize = 20_000;
/// Rows compared at once: a block of distances stays in the cache, and the products run as one matrix product.
const BLOCK: usize = 128;
/// Rows of one cell, about, and the cells that are searched for each.
const CELL_ROWS: usize = 400;
const PROBES: usize = 32;
/// Sample rows per centre, and rounds over them.
const SAMPLE_ROWS: usize = 48;
const ROUNDS: usize = 6;

/// The nearest others of every row, nearest first, ties by index: 8 bytes each.
#[derive(Clone, Debug)]
pub struct Neighbours {
    per_row: usize,
    indices: Vec<u32>,
    distances: Vec<f32>,
}

impl Neighbours {
    /// Rows that were asked for.
    pub fn rows(&self) -> usize {
        self.indices.len().checked_div(self.per_row).unwrap_or(0)
    }

    /// Neighbours of each.
    pub fn per_row(&self) -> usize {
        self.per_row
    }

    /// Neighbours of row `i` and their Euclidean distances.
    pub fn of(&self, i: usize) -> (&[u32], &[f32]) {
        let at = i * self.per_row..(i + 1) * self.per_row;
        (&self.indices[at.clone()], &self.distances[at])
    }
}

/// For every row of `rows` `[n x d]` its `k` (at most n - 1) nearest others. The same rows and seed give the same answer on any
/// number of threads. What is not found by the time `stop` is set is of no use.
pub fn nearest_rows(rows: ArrayView2<'_, f32>, k: usize, seed: u64, stop: &StopFlag) -> Neighbours {
    let n = rows.nrows();
    let k = k.min(n.saturating_sub(1));
    // Distances come from |a|^2 + |b|^2 - 2ab, which cancels least when the rows are centred.
    let centred = match rows.mean_axis(Axis(0)) {
        Some(mean) => &rows - &mean,
        None => Array2::zeros(rows.raw_dim()),
    };
    if k == 0 {
        return Neighbours {
            per_row: 0,
            indices: Vec::new(),
            distances: Vec::new(),
        };
    }
    if n <= EXACT_ROWS {
        let mut found = Neighbours {
            per_row: k,
            indices: vec![0; n * k],
            distances: vec![0.0; n * k],
        };
        let power = powers(&centred);
        let own: Vec<u32> = (0..n as u32).collect();
        found
            .indices
            .par_chunks_mut(BLOCK * k)
            .zip(found.distances.par_chunks_mut(BLOCK * k))
            .enumerate()
            .filter(|_| !stop.is_stopped())
            .for_each(|(block, (indices, distances))| {
                let (start, end) = (block * BLOCK, n.min((block + 1) * BLOCK));
                let asked = Asked {
                    rows: centred.slice(s![start..end, ..]),
                    power: &power[start..end],
                    names: &own[start..end],
                };
                nearest_of(&asked, (centred.view(), &power, &own), k, indices, distances);
            });
        return found;
    }
    in_cells(&centred, k, seed, stop)
}

/// Some rows with their squared lengths and their indices.
struct Asked<'a> {
    rows: ArrayView2<'a, f32>,
    power: &'a [f32],
    names: &'a [u32],
}

/// The `k` nearest of `others` to each of `asked`, row by row.
fn nearest_of(
    asked: &Asked<'_>,
    (others, other_power, other_names): (ArrayView2<'_, f32>, &[f32], &[u32]),
    k: usize,
    indices: &mut [u32],
    distances: &mut [f32],
) {
    let products = asked.rows.dot(&others.t());
    let mut best: Vec<(f32, u32)> = Vec::with_capacity(4 * k + 1);
    let order = |a: &(f32, u32), b: &(f32, u32)| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1));
    for (i, row) in products.rows().into_iter().enumerate() {
        best.clear();
        let mut bound = f32::INFINITY;
        for ((product, power), name) in row.iter().zip(other_power).zip(other_names) {
            let squared = power - 2.0 * product;
            if squared <= bound && *name != asked.names[i] {
                best.push((squared, *name));
                if best.len() > 4 * k {
                    best.select_nth_unstable_by(k - 1, order);
                    best.truncate(k);
                    bound = best[k - 1].0;
                }
            }
        }
        best.sort_unstable_by(order);
        let places = indices[i * k..(i + 1) * k]
            .iter_mut()
            .zip(&mut distances[i * k..(i + 1) * k]);
        for ((index, distance), (squared, name)) in places.zip(&best) {
            *index = *name;
            *distance = (squared + asked.power[i]).max(0.0).sqrt();
        }
    }
}

fn powers(rows: &Array2<f32>) -> Vec<f32> {
    rows.rows().into_iter().map(|row| row.dot(&row)).collect()
}

fn in_cells(rows: &Array2<f32>, k: usize, seed: u64, stop: &StopFlag) -> Neighbours {
    let n = rows.nrows();
    let centres = centres(rows, n.div_ceil(CELL_ROWS), seed);
    let members = members(&cells_of(rows.view(), &centres), centres.nrows());
    let near_cells = nearest_rows(centres.view(), PROBES - 1, seed, stop);
    let empty = || Neighbours {
        per_row: k,
        indices: Vec::new(),
        distances: Vec::new(),
    };
    let by_cell: Vec<Neighbours> = members
        .par_iter()
        .enumerate()
        .map(|(cell, own)| {
            let mut found = empty();
            if stop.is_stopped() || own.is_empty() {
                return found;
            }
            let mut names = own.clone();
            let (cells, _) = near_cells.of(cell);
            for (searched, other) in cells.iter().enumerate() {
                // Thin cells: as many rows as are asked for there must be.
                if searched < PROBES - 1 || names.len() <= k {
                    names.extend(&members[*other as usize]);
                }
            }
            if names.len() <= k {
                names = (0..n as u32).collect();
            }
            let at: Vec<usize> = names.iter().map(|name| *name as usize).collect();
            let others = rows.select(Axis(0), &at);
            let power = powers(&others);
            found.indices.resize(own.len() * k, 0);
            found.distances.resize(own.len() * k, 0.0);
            let blocks = found
                .indices
                .chunks_mut(BLOCK * k)
                .zip(found.distances.chunks_mut(BLOCK * k));
            for (own, (indices, distances)) in own.chunks(BLOCK).zip(blocks) {
                let at: Vec<usize> = own.iter().map(|name| *name as usize).collect();
                let block = rows.select(Axis(0), &at);
                let asked = Asked {
                    rows: block.view(),
                    power: &powers(&block),
                    names: own,
                };
                nearest_of(&asked, (others.view(), &power, &names), k, indices, distances);
            }
            found
        })
        .collect();
    let mut all = Neighbours {
        per_row: k,
        indices: vec![0; n * k],
        distances: vec![0.0; n * k],
    };
    for (own, found) in members.iter().zip(by_cell) {
        for (name, (indices, distances)) in own
            .iter()
            .zip(found.indices.chunks_exact(k).zip(found.distances.chunks_exact(k)))
        {
            let at = *name as usize * k..(*name as usize + 1) * k;
            all.indices[at.clone()].copy_from_slice(indices);
            all.distances[at].copy_from_slice(distances);
        }
    }
    all
}

/// `count` centres of `rows`: k-means (Lloyd 1982) over a sample, from rows drawn at random.
fn centres(rows: &Array2<f32>, count: usize, seed: u64) -> Array2<f32> {
    let mut order: Vec<usize> = (0..rows.nrows()).collect();
    order.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
    order.truncate(count * SAMPLE_ROWS);
    let sample = rows.select(Axis(0), &order);
    let mut centres = sample.slice(s![..count, ..]).to_owned();
    for _ in 0..ROUNDS {
        let mut sums = Array2::<f32>::zeros(centres.raw_dim());
        let mut counts = vec![0usize; count];
        for (row, cell) in sample.rows().into_iter().zip(cells_of(sample.view(), &centres)) {
            let mut sum = sums.row_mut(cell as usize);
            sum += &row;
            counts[cell as usize] += 1;
        }
        for (cell, members) in counts.into_iter().enumerate().filter(|(_, members)| *members > 0) {
            let mean = sums.row(cell).mapv(|sum| sum / members as f32);
            centres.row_mut(cell).assign(&mean);
        }
    }
    centres
}

/// The nearest centre of every row.
fn cells_of(rows: ArrayView2<'_, f32>, centres: &Array2<f32>) -> Vec<u32> {
    let power = powers(centres);
    let n = rows.nrows();
    let mut cells = vec![0u32; n];
    cells.par_chunks_mut(BLOCK).enumerate().for_each(|(block, cells)| {
        let products = rows
            .slice(s![block * BLOCK..n.min((block + 1) * BLOCK), ..])
            .dot(&centres.t());
        for (cell, row) in cells.iter_mut().zip(products.rows()) {
            let squared = row.iter().zip(&power).map(|(product, power)| power - 2.0 * product);
            let nearest = squared.enumerate().min_by(|a, b| a.1.total_cmp(&b.1));
            *cell = nearest.map_or(0, |(cell, _)| cell as u32);
        }
    });
    cells
}

fn members(cells: &[u32], count: usize) -> Vec<Vec<u32>> {
    let mut members = vec![Vec::new(); count];
    for (row, cell) in cells.iter().enumerate() {
        members[*cell as usize].push(row as u32);
    }
    members
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::atlas::samples::{gaussian_rows, grouped_rows};

    #[test]
    fn agrees_with_a_plain_search_over_several_blocks() {
        let rows = gaussian_rows(300, 6, 1);
        let found = nearest_rows(rows.view(), 5, 0, &StopFlag::default());
        for i in (0..300).step_by(37) {
            let distance = |j: usize| (&rows.row(i) - &rows.row(j)).mapv(|v| v * v).sum().sqrt();
            let mut wanted: Vec<usize> = (0..300).filter(|j| *j != i).collect();
            wanted.sort_by(|a, b| distance(*a).total_cmp(&distance(*b)));
            let (indices, distances) = found.of(i);
            assert_eq!(indices.iter().map(|j| *j as usize).collect::<Vec<_>>(), wanted[..5]);
            for (j, found) in indices.iter().zip(distances) {
                assert!((found - distance(*j as usize)).abs() < 1e-3);
            }
        }
    }

    #[test]
    fn cells_miss_little_and_answer_the_same_twice() {
        let (rows, _) = grouped_rows(40, 600, 12, 1.5, 2);
        let stop = StopFlag::default();
        let (cells, again) = (in_cells(&rows, 30, 1, &stop), in_cells(&rows, 30, 1, &stop));
        assert_eq!(cells.indices, again.indices);
        let exact = nearest_rows(rows.slice(s![..EXACT_ROWS, ..]), 30, 1, &stop);
        // Of rows whose true neighbours all lie among the first, so that both searches had them before them.
        let (mut hits, mut all) = (0, 0);
        for i in (0..EXACT_ROWS).step_by(101) {
            let found = cells.of(i).0;
            for j in found.iter().filter(|j| (**j as usize) < EXACT_ROWS) {
                all += 1;
                hits += usize::from(exact.of(i).0.contains(j));
            }
            assert!(!found.contains(&(i as u32)), "a row is no neighbour of itself");
        }
        assert!(hits * 100 >= all * 95, "{hits} of {all}");
    }

    #[test]
    fn asks_for_no_more_than_there_are() {
        let per_row = |n| nearest_rows(gaussian_rows(n, 2, 1).view(), 10, 0, &StopFlag::default()).per_row();
        assert_eq!([3, 1, 0].map(per_row), [2, 0, 0]);
    }
}
