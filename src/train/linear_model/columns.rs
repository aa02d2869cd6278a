//! Statistics of the columns of a matrix.

use ndarray::{Array1, Array2, Axis};

/// Mean of every column.
pub(super) fn column_means(matrix: &Array2<f64>) -> Array1<f64> {
    matrix
        .mean_axis(Axis(0))
        .unwrap_or_else(|| Array1::zeros(matrix.ncols()))
}
