//! Ridge regression of spectra on condition vectors with unknown parts (Hoerl & Kennard 1970).

use super::column_means;
use linfa_linalg::cholesky::SolveCInplace;
use ndarray::{Array1, Array2, s};

/// Ridge strength relative to the number of rows.
const RIDGE: f64 = 1e-2;

/// `spectrum = bias + condition * weight`, an unknown label counting as the corpus' mean.
pub(super) struct LabelRegression {
    /// `[condition, bands]`.
    pub weight: Array2<f64>,
    /// `[bands]`.
    pub bias: Array1<f64>,
}

/// How many times its least-squares effect each kind of label gets; 1 is the plain regression.
#[derive(Clone, Copy, Debug)]
pub(super) struct Emphasis {
    pub genre: f64,
    pub valence: f64,
    pub arousal: f64,
}

impl LabelRegression {
    pub fn predict(&self, conditions: &Array2<f64>) -> Array2<f64> {
        conditions.dot(&self.weight) + &self.bias
    }
}

/// `smoothing` `[bands, bands]`, where given, says what of an effect is emphasised; the rest keeps its least-squares size.
///
/// `spectra`: `[n, bands]`, `conditions`: `[n, genres + 5]` as [`crate::model::condition_vector`] writes them.
pub(super) fn ridge_on_labels(
    spectra: &Array2<f64>,
    conditions: &Array2<f64>,
    genres: usize,
    emphasis: Emphasis,
    smoothing: Option<&Array2<f64>>,
) -> Result<LabelRegression, String> {
    let rows = spectra.nrows();
    let labels = genres + 2;
    // Column of the "unknown" flag that governs each label column.
    let flag = |column: usize| if column < genres { genres + 2 } else { column + 3 };
    let mut means = Array1::<f64>::zeros(labels);
    for column in 0..labels {
        let known: f64 = conditions
            .column(flag(column))
            .iter()
            .map(|unknown| 1.0 - unknown)
            .sum();
        means[column] = if known > 0.0 {
            conditions.column(column).sum() / known
        } else {
            0.0
        };
    }
    let mut centred = conditions.slice(s![.., ..labels]).to_owned();
    for column in 0..labels {
        for row in 0..rows {
            centred[[row, column]] -= means[column] * (1.0 - conditions[[row, flag(column)]]);
        }
    }
    let mean_spectrum = column_means(spectra);
    let mut normal = centred.t().dot(&centred);
    for i in 0..labels {
        normal[[i, i]] += RIDGE * rows as f64;
    }
    let right = centred.t().dot(&(spectra - &mean_spectrum));
    let solved = normal.solvec_into(right).map_err(|error| error.to_string())?;
    let mut raised = match smoothing {
        Some(smoothing) => solved.dot(smoothing),
        None => solved.clone(),
    };
    for (label, mut effect) in raised.rows_mut().into_iter().enumerate() {
        let factor = match label.checked_sub(genres) {
            None => emphasis.genre,
            Some(0) => emphasis.valence,
            Some(_) => emphasis.arousal,
        };
        effect *= factor - 1.0;
    }
    let solved = solved + raised;

    let bands = spectra.ncols();
    let mut weight = Array2::<f64>::zeros((genres + 5, bands));
    weight.slice_mut(s![..labels, ..]).assign(&solved);
    let mut bias = mean_spectrum;
    for column in 0..labels {
        let shift = &solved.row(column) * means[column];
        bias -= &shift;
        let mut flagged = weight.row_mut(flag(column));
        flagged += &shift;
    }
    Ok(LabelRegression { weight, bias })
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
        let fitted = ridge_on_labels(
            &spectra,
            &conditions,
            1,
            Emphasis {
                genre: 1.0,
                valence: 1.0,
                arousal: 1.0,
            },
            None,
        )
        .unwrap();
        let predicted = fitted.predict(&conditions);
        assert!((predicted[[2, 0]] - 3.0).abs() < 1e-9, "{predicted}");
        assert!(predicted[[0, 0]] > 4.9 && predicted[[1, 0]] < 1.1, "{predicted}");
    }
}
