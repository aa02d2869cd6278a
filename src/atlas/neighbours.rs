//! Exact nearest rows in the space itself (the grid finds them on the map). Any thread; parallel over rows.

use crate::sync::StopFlag;
use ndarray::{Array2, ArrayView2, Axis, s};
use rayon::prelude::*;

/// Rows compared at once: a block of distances stays in the cache, and the products run as one matrix product.
const BLOCK: usize = 128;

/// For every row of `rows` `[n x d]` its `k` (at most n - 1) nearest others with their Euclidean distances, nearest first,
/// ties by index. The same rows give the same answer on any number of threads. Fewer rows once `stop` is set.
pub fn nearest_rows(rows: ArrayView2<'_, f32>, k: usize, stop: &StopFlag) -> Vec<Vec<(u32, f32)>> {
    let n = rows.nrows();
    let k = k.min(n.saturating_sub(1));
    // Distances come from |a|^2 + |b|^2 - 2ab, which cancels least when the rows are centred.
    let centred = match rows.mean_axis(Axis(0)) {
        Some(mean) => &rows - &mean,
        None => Array2::zeros(rows.raw_dim()),
    };
    let power: Vec<f32> = centred.rows().into_iter().map(|row| row.dot(&row)).collect();
    (0..n.div_ceil(BLOCK))
        .into_par_iter()
        .filter(|_| !stop.is_stopped())
        .flat_map_iter(|block| {
            let (start, end) = (block * BLOCK, n.min((block + 1) * BLOCK));
            let products = centred.slice(s![start..end, ..]).dot(&centred.t());
            let of_row = |i: usize| {
                let row = products.row(i - start);
                let others = (0..n).filter(|j| *j != i);
                let squared = |j: usize| (power[i] + power[j] - 2.0 * row[j]).max(0.0);
                let mut all: Vec<(u32, f32)> = others.map(|j| (j as u32, squared(j))).collect();
                let order = |a: &(u32, f32), b: &(u32, f32)| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0));
                if k > 0 && k < all.len() {
                    all.select_nth_unstable_by(k - 1, order);
                }
                all.truncate(k);
                all.sort_unstable_by(order);
                for (_, distance) in &mut all {
                    *distance = distance.sqrt();
                }
                all
            };
            (start..end).map(of_row).collect::<Vec<_>>()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::atlas::samples::gaussian_rows;

    #[test]
    fn agrees_with_a_plain_search_over_several_blocks() {
        let rows = gaussian_rows(300, 6, 1);
        let found = nearest_rows(rows.view(), 5, &StopFlag::default());
        for i in (0..300).step_by(37) {
            let distance = |j: usize| (&rows.row(i) - &rows.row(j)).mapv(|v| v * v).sum().sqrt();
            let mut wanted: Vec<usize> = (0..300).filter(|j| *j != i).collect();
            wanted.sort_by(|a, b| distance(*a).total_cmp(&distance(*b)));
            assert_eq!(found[i].iter().map(|f| f.0 as usize).collect::<Vec<_>>(), wanted[..5]);
            assert!(found[i].iter().all(|(j, d)| (d - distance(*j as usize)).abs() < 1e-3));
        }
    }

    #[test]
    fn asks_for_no_more_than_there_are() {
        assert_eq!(
            nearest_rows(gaussian_rows(3, 2, 1).view(), 10, &StopFlag::default())[0].len(),
            2
        );
        assert!(nearest_rows(gaussian_rows(1, 2, 1).view(), 10, &StopFlag::default())[0].is_empty());
        assert!(nearest_rows(gaussian_rows(0, 2, 1).view(), 10, &StopFlag::default()).is_empty());
    }
}
