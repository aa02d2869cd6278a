//! Who attracts whom, and how strongly: t-SNE's joint probabilities over nearest neighbours, as a sparse symmetric matrix.
//!
//! Each row's Gaussian is as wide as makes its entropy that of `perplexity` equal neighbours. About 1 kB a point.

use crate::atlas::neighbours::Neighbours;
use rayon::prelude::*;

/// Rounds of bisection for a row's width; f32 has no finer answer.
const ROUNDS: usize = 60;
/// Nats of entropy that a row may be off.
const TOLERANCE: f32 = 1e-4;
/// Rows put together at once.
const BLOCK: usize = 1_024;

/// A column and how much it counts.
type Entry = (u32, f32);
/// Lengths of some rows, and their entries one after the other.
type Block = (Vec<usize>, Vec<Entry>);

/// Joint probabilities: row `i` holds `entries[starts[i]..starts[i + 1]]`, by column; all of them together sum to 1.
pub(super) struct Affinities {
    starts: Vec<usize>,
    entries: Vec<Entry>,
}

impl Affinities {
    /// Of rows whose nearest others are `found`.
    pub fn of(found: &Neighbours, perplexity: f32) -> Self {
        let (n, k) = (found.rows(), found.per_row());
        let mut own: Vec<Entry> = vec![(0, 0.0); n * k];
        own.par_chunks_exact_mut(k.max(1)).enumerate().for_each(|(i, row)| {
            let (columns, distances) = found.of(i);
            let shares = shares(distances, perplexity);
            for (slot, (column, share)) in row.iter_mut().zip(columns.iter().zip(shares)) {
                *slot = (*column, share);
            }
            row.sort_unstable_by_key(|entry| entry.0);
        });
        let (given_starts, given) = transposed(&own, n, k);
        let scale = 0.5 / n.max(1) as f32;
        let blocks: Vec<Block> = (0..n.div_ceil(BLOCK))
            .into_par_iter()
            .map(|block| {
                let (mut lengths, mut entries) = (Vec::new(), Vec::new());
                for i in block * BLOCK..n.min((block + 1) * BLOCK) {
                    let before = entries.len();
                    let of_row = (&own[i * k..(i + 1) * k], &given[given_starts[i]..given_starts[i + 1]]);
                    sum_into(of_row, scale, &mut entries);
                    lengths.push(entries.len() - before);
                }
                (lengths, entries)
            })
            .collect();
        drop((own, given));
        let mut all = Self {
            starts: Vec::with_capacity(n + 1),
            entries: Vec::with_capacity(blocks.iter().map(|block| block.1.len()).sum()),
        };
        all.starts.push(0);
        for (lengths, entries) in blocks {
            for length in lengths {
                all.starts.push(all.starts[all.starts.len() - 1] + length);
            }
            all.entries.extend(entries);
        }
        all
    }

    /// Points it holds for.
    pub fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// Columns and probabilities of row `i`.
    pub fn row(&self, i: usize) -> &[Entry] {
        &self.entries[self.starts[i]..self.starts[i + 1]]
    }
}

/// What each neighbour at `distances` counts of 1, so that their entropy is ln(`perplexity`).
fn shares(distances: &[f32], perplexity: f32) -> Vec<f32> {
    let wanted = perplexity.ln();
    let nearest = distances.iter().copied().fold(f32::INFINITY, f32::min).powi(2);
    let squares: Vec<f32> = distances.iter().map(|distance| distance * distance - nearest).collect();
    let mean = squares.iter().sum::<f32>() / squares.len().max(1) as f32;
    let (mut low, mut high) = (0.0f32, f32::INFINITY);
    let mut precision = 1.0 / mean.max(f32::MIN_POSITIVE);
    let mut shares = vec![0.0; squares.len()];
    for _ in 0..ROUNDS {
        let (mut sum, mut moment) = (0.0f32, 0.0f32);
        for (share, square) in shares.iter_mut().zip(&squares) {
            *share = (-square * precision).exp();
            sum += *share;
            moment += *share * square;
        }
        let entropy = sum.ln() + precision * moment / sum;
        for share in &mut shares {
            *share /= sum;
        }
        if (entropy - wanted).abs() < TOLERANCE {
            break;
        }
        if entropy > wanted {
            low = precision;
            precision = if high.is_finite() {
                0.5 * (low + high)
            } else {
                2.0 * precision
            };
        } else {
            high = precision;
            precision = 0.5 * (low + high);
        }
        if !(precision.is_finite() && precision > 0.0) {
            break;
        }
    }
    // More equal distances than the perplexity: nothing parts them.
    if shares.iter().any(|share| !share.is_finite()) {
        shares.fill(1.0 / squares.len().max(1) as f32);
    }
    shares
}

/// Who counts each column among its neighbours, by row, and where each column's list begins.
fn transposed(own: &[Entry], n: usize, k: usize) -> (Vec<usize>, Vec<Entry>) {
    let mut starts = vec![0usize; n + 1];
    for (column, _) in own {
        starts[*column as usize + 1] += 1;
    }
    for i in 0..n {
        starts[i + 1] += starts[i];
    }
    let mut next = starts.clone();
    let mut given = vec![(0u32, 0.0f32); own.len()];
    for (at, (column, share)) in own.iter().enumerate() {
        let slot = &mut next[*column as usize];
        given[*slot] = ((at / k) as u32, *share);
        *slot += 1;
    }
    (starts, given)
}

/// Appends the sum of two rows, each ordered by column, times `scale`.
fn sum_into((a, b): (&[Entry], &[Entry]), scale: f32, out: &mut Vec<Entry>) {
    let (mut i, mut j) = (0, 0);
    while i < a.len() || j < b.len() {
        let column = match (a.get(i), b.get(j)) {
            (Some(a), Some(b)) => a.0.min(b.0),
            (Some(only), None) | (None, Some(only)) => only.0,
            (None, None) => break,
        };
        let mut sum = 0.0;
        for (list, at) in [(a, &mut i), (b, &mut j)] {
            if let Some(entry) = list.get(*at).filter(|entry| entry.0 == column) {
                sum += entry.1;
                *at += 1;
            }
        }
        out.push((column, sum * scale));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::atlas::neighbours::nearest_rows;
    use crate::atlas::samples::gaussian_rows;
    use crate::sync::StopFlag;

    #[test]
    fn it_is_symmetric_and_sums_to_one() {
        let found = nearest_rows(gaussian_rows(300, 5, 1).view(), 30, 0, &StopFlag::default());
        let affinities = Affinities::of(&found, 10.0);
        let mut total = 0.0;
        for i in 0..300 {
            for (j, value) in affinities.row(i) {
                total += value;
                let back = affinities.row(*j as usize).iter().find(|entry| entry.0 as usize == i);
                assert!((back.unwrap().1 - value).abs() < 1e-9, "{i} {j}");
            }
        }
        assert!((total - 1.0).abs() < 1e-4, "{total}");
    }

    #[test]
    fn a_row_has_the_entropy_that_was_asked_for_and_equal_distances_share_equally() {
        let distances: Vec<f32> = (1..=60).map(|i| 0.1 * i as f32).collect();
        let entropy: f32 = shares(&distances, 20.0).iter().map(|p| -p * p.max(1e-30).ln()).sum();
        assert!((entropy.exp() - 20.0).abs() < 0.05, "{}", entropy.exp());
        for equal in [0.0, 3.0] {
            assert!(shares(&[equal; 40], 10.0).iter().all(|p| (p - 0.025).abs() < 1e-6));
        }
    }
}
