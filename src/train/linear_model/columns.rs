//! Statistics of the columns of a matrix.

use ndarray::{Array1, Array2, Axis};

/// Mean of every column.
pub(super) fn column_means(matrix: &Array2<f64>) -> Array1<f64> {
    matrix
        .mean_axis(Axis(0))
        .unwrap_or_else(|| Array1::zeros(matrix.ncols()))
}

/// Standard deviation of every column; 1 for a column that stands still, so that it can be divided by.
pub(super) fn column_deviations(matrix: &Array2<f64>) -> Array1<f64> {
    matrix
        .std_axis(Axis(0), 0.0)
        .mapv(|deviation| if deviation > 1e-9 { deviation } else { 1.0 })
}
