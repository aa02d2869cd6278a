//! Ridge regression on a handful of features, its penalty chosen by cross-validation over groups.
//!
//! Features are standardised; the normal equations are solved by Cholesky's decomposition in f64.

use super::features::Features;
use crate::corpus::SoundProfile;

const COUNT: usize = SoundProfile::COUNT;
const FOLDS: u8 = 5;
/// Penalties tried, in units of one labelled clip.
const PENALTIES: [f64; 6] = [0.3, 1.0, 3.0, 10.0, 30.0, 100.0];

/// A fitted linear model.
#[derive(Clone, Debug)]
pub(super) struct Ridge {
    mean: Features,
    scale: Features,
    weights: Features,
    offset: f64,
}

impl Ridge {
    /// The best penalty's model on all rows, and its out-of-fold predictions. Rows of one group share a fold.
    pub(super) fn cross_validated(rows: &[Features], truth: &[f64], groups: &[&str]) -> (Self, Vec<f64>) {
        let folds: Vec<u8> = groups
            .iter()
            .map(|group| blake3::hash(group.as_bytes()).as_bytes()[0] % FOLDS)
            .collect();
        let mut best = (f64::NEG_INFINITY, PENALTIES[0], Vec::new());
        for penalty in PENALTIES {
            let mut predicted = vec![0.0; truth.len()];
            for fold in 0..FOLDS {
                let (inside, outside): (Vec<usize>, Vec<usize>) = (0..rows.len()).partition(|i| folds[*i] != fold);
                let model = Self::fit(rows, truth, &inside, penalty);
                for i in outside {
                    predicted[i] = model.predict(&rows[i]);
                }
            }
            let score = r2(truth, &predicted);
            if score > best.0 || best.2.is_empty() {
                best = (score, penalty, predicted);
            }
        }
        let all: Vec<usize> = (0..rows.len()).collect();
        (Self::fit(rows, truth, &all, best.1), best.2)
    }

    fn fit(rows: &[Features], truth: &[f64], chosen: &[usize], penalty: f64) -> Self {
        let count = chosen.len().max(1) as f64;
        let mut mean = [0.0; COUNT];
        let mut scale = [0.0; COUNT];
        for &i in chosen {
            mean.iter_mut()
                .zip(&rows[i])
                .for_each(|(mean, value)| *mean += value / count);
        }
        for &i in chosen {
            for ((scale, value), mean) in scale.iter_mut().zip(&rows[i]).zip(&mean) {
                *scale += (value - mean).powi(2) / count;
            }
        }
        let scale = scale.map(|variance: f64| 1.0 / variance.sqrt().max(1e-6));
        let offset = chosen.iter().map(|i| truth[*i]).sum::<f64>() / count;
        let mut gram = [[0.0; COUNT]; COUNT];
        let mut cross = [0.0; COUNT];
        let mut model = Self {
            mean,
            scale,
            weights: [0.0; COUNT],
            offset,
        };
        for &i in chosen {
            let row = model.standardise(&rows[i]);
            for a in 0..COUNT {
                cross[a] += row[a] * (truth[i] - offset);
                (0..COUNT).for_each(|b| gram[a][b] += row[a] * row[b]);
            }
        }
        (0..COUNT).for_each(|a| gram[a][a] += penalty);
        model.weights = solve(gram, cross);
        model
    }

    pub(super) fn predict(&self, row: &Features) -> f64 {
        self.offset
            + self
                .standardise(row)
                .iter()
                .zip(&self.weights)
                .map(|(value, weight)| value * weight)
                .sum::<f64>()
    }

    fn standardise(&self, row: &Features) -> Features {
        std::array::from_fn(|i| (row[i] - self.mean[i]) * self.scale[i])
    }
}

/// Solves `matrix * x = right` for a symmetric positive definite matrix.
fn solve(mut matrix: [[f64; COUNT]; COUNT], mut right: Features) -> Features {
    for i in 0..COUNT {
        for j in 0..=i {
            let dot: f64 = (0..j).map(|k| matrix[i][k] * matrix[j][k]).sum();
            let rest = matrix[i][j] - dot;
            matrix[i][j] = if i == j {
                rest.max(1e-12).sqrt()
            } else {
                rest / matrix[j][j]
            };
        }
    }
    for i in 0..COUNT {
        let known: f64 = (0..i).map(|k| matrix[i][k] * right[k]).sum();
        right[i] = (right[i] - known) / matrix[i][i];
    }
    for i in (0..COUNT).rev() {
        let known: f64 = (i + 1..COUNT).map(|k| matrix[k][i] * right[k]).sum();
        right[i] = (right[i] - known) / matrix[i][i];
    }
    right
}

/// Share of the variance of `truth` that `predicted` explains.
pub(super) fn r2(truth: &[f64], predicted: &[f64]) -> f64 {
    let mean = truth.iter().sum::<f64>() / truth.len().max(1) as f64;
    let rest: f64 = truth.iter().zip(predicted).map(|(t, p)| (t - p).powi(2)).sum();
    let whole: f64 = truth.iter().map(|t| (t - mean).powi(2)).sum();
    1.0 - rest / whole.max(1e-12)
}

/// Pearson's correlation; 0 when one side is constant.
pub(super) fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len().max(1) as f64;
    let (mean_a, mean_b) = (mean(a), mean(b));
    let sum = |f: &dyn Fn(f64, f64) -> f64| a.iter().zip(b).map(|(a, b)| f(a - mean_a, b - mean_b)).sum::<f64>();
    let spread = (sum(&|a, _| a * a) * sum(&|_, b| b * b)).sqrt();
    if spread < 1e-12 {
        0.0
    } else {
        sum(&|a, b| a * b) / spread
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_solver_solves() {
        let mut matrix = [[0.0; COUNT]; COUNT];
        for (i, row) in matrix.iter_mut().enumerate() {
            for (j, value) in row.iter_mut().enumerate() {
                *value = 1.0 / (1.0 + i.abs_diff(j) as f64) + if i == j { 1.0 } else { 0.0 };
            }
        }
        let wanted: Features = std::array::from_fn(|i| i as f64 - 3.5);
        let right: Features = std::array::from_fn(|i| (0..COUNT).map(|j| matrix[i][j] * wanted[j]).sum());
        for (found, wanted) in solve(matrix, right).iter().zip(wanted) {
            assert!((found - wanted).abs() < 1e-9);
        }
    }

    #[test]
    fn noise_explains_nothing_out_of_fold() {
        let noise = |i: usize, salt: u8| f64::from(blake3::hash(&[i as u8, salt]).as_bytes()[0]) / 128.0 - 1.0;
        let rows: Vec<Features> = (0..60).map(|i| std::array::from_fn(|f| noise(i, f as u8))).collect();
        let truth: Vec<f64> = (0..60).map(|i| noise(i, 200)).collect();
        let names: Vec<String> = (0..60).map(|i| i.to_string()).collect();
        let groups: Vec<&str> = names.iter().map(String::as_str).collect();
        let (_, predicted) = Ridge::cross_validated(&rows, &truth, &groups);
        assert!(r2(&truth, &predicted) < 0.15, "{}", r2(&truth, &predicted));
    }
}
