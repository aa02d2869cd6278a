//! Ridge regression of spectra on condition vectors with unknown parts (Hoerl & Kennard 1970).

use super::columns::column_means;
use linfa_linalg::cholesky::SolveCInplace;
use ndarray::{Array1, Array2, s};

/// Ridge strength relative to the number of rows.
const RIDGE: f64 = 1e-2;

/// `row = bias + condition * weight`.
pub(super) struct LabelRegression {
    /// `[condition, outputs]`.
    pub weight: Array2<f64>,
    /// `[outputs]`.
    pub bias: Array1<f64>,
}

impl LabelRegression {
    /// By least squares, an unknown label counting as the mean of the known ones. `rows`: `[n, outputs]`, `conditions`:
    /// `[n, genres + 5]` as [`crate::model::condition_vector`] writes them.
    pub fn of(rows: &Array2<f64>, conditions: &Array2<f64>, genres: usize) -> Result<Self, String> {
        let (count, labels) = (rows.nrows(), genres + 2);
        let mut label_means = Array1::<f64>::zeros(labels);
        let mut centred = conditions.slice(s![.., ..labels]).to_owned();
        for label in 0..labels {
            let unknown = conditions.column(flag_of(label, genres));
            let known = count as f64 - unknown.sum();
            if known > 0.0 {
                label_means[label] = conditions.column(label).sum() / known;
            }
            let mut column = centred.column_mut(label);
            column -= &unknown.mapv(|unknown| label_means[label] * (1.0 - unknown));
        }
        let mean = column_means(rows);
        let mut normal = centred.t().dot(&centred);
        normal.diag_mut().mapv_inplace(|value| value + RIDGE * count as f64);
        let right = centred.t().dot(&(rows - &mean));
        let effects = normal.solvec_into(right).map_err(|error| error.to_string())?;
        let mut weight = Array2::<f64>::zeros((genres + 5, effects.ncols()));
        weight.slice_mut(s![..labels, ..]).assign(&effects);
        let mut bias = mean;
        for (label, (effect, mean)) in effects.rows().into_iter().zip(&label_means).enumerate() {
            let shift = &effect * *mean;
            bias -= &shift;
            let mut flagged = weight.row_mut(flag_of(label, genres));
            flagged += &shift;
        }
        Ok(Self { weight, bias })
    }

    pub fn predict(&self, conditions: &Array2<f64>) -> Array2<f64> {
        conditions.dot(&self.weight) + &self.bias
    }
}

/// Column of the "unknown" flag that governs a label's column.
fn flag_of(label: usize, genres: usize) -> usize {
    if label < genres { genres + 2 } else { label + 3 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn an_unknown_label_counts_as_the_mean_of_the_known_ones() {
        // One genre, valence 1 and -1 known, one row unknown; the spectrum is 3 + 2 * valence.
        let conditions = array![
            [1.0, 1.0, 0.0, 0.0, 0.0, 1.0],
            [1.0, -1.0, 0.0, 0.0, 0.0, 1.0],
            [1.0, 0.0, 0.0, 0.0, 1.0, 1.0],
        ];
        let spectra = array![[5.0], [1.0], [3.0]];
        let fitted = LabelRegression::of(&spectra, &conditions, 1).unwrap();
        let predicted = fitted.predict(&conditions);
        assert!((predicted[[2, 0]] - 3.0).abs() < 1e-9, "{predicted}");
        assert!(predicted[[0, 0]] > 4.9 && predicted[[1, 0]] < 1.1, "{predicted}");
    }
}
