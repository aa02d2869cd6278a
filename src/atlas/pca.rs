//! Principal components of a table of rows: deterministic, sign-fixed, with an exact inverse. Any thread.
//!
//! The covariance's full eigendecomposition is used, not an iterative solver: at these widths (d <= 512) it takes
//! milliseconds, returns every component, and gives the same bits for the same rows.

use super::AtlasError;
use linfa_linalg::eigh::{EigSort, Eigh};
use ndarray::{Array1, Array2, ArrayView2, Axis, s};

/// Rows taken at once.
const BLOCK: usize = 4_096;

/// Fitted axes of a table `[n x d]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Pca {
    /// Column means, `[d]`.
    pub mean: Array1<f32>,
    /// Orthonormal rows, the most variance first, `[k x d]`; each row's largest entry is positive.
    pub axes: Array2<f32>,
    /// Variance along each axis, `[k]`.
    pub variances: Array1<f32>,
    /// Variance of all columns together.
    pub total_variance: f32,
}

impl Pca {
    /// The leading `components` axes (at most d) of `rows`, `[n x d]`.
    ///
    /// # Errors
    /// When there is no row or a number is not finite.
    pub fn fit(rows: ArrayView2<'_, f32>, components: usize) -> Result<Self, AtlasError> {
        let (n, width) = rows.dim();
        if n == 0 {
            return Err(AtlasError::TooFewPoints { needed: 1, found: 0 });
        }
        if rows.iter().any(|value| !value.is_finite()) {
            return Err(AtlasError::NotFinite);
        }
        let mut mean = Array1::<f64>::zeros(width);
        for row in rows.rows() {
            mean.zip_mut_with(&row, |sum, value| *sum += f64::from(*value));
        }
        mean /= n as f64;
        // Some rows at a time: the table in f64 would be twice the table.
        let mut covariance = Array2::<f64>::zeros((width, width));
        for block in rows.axis_chunks_iter(Axis(0), BLOCK) {
            let centred = block.mapv(f64::from) - &mean;
            covariance += &centred.t().dot(&centred);
        }
        covariance /= n.max(2).saturating_sub(1) as f64;
        let total_variance = covariance.diag().sum() as f32;
        let (values, vectors) = covariance
            .eigh()
            .map_err(|error| AtlasError::Solver {
                stage: "the eigendecomposition",
                reason: error.to_string(),
            })?
            .sort_eig_desc();
        let kept = components.min(width);
        let mut axes = vectors.slice(s![.., ..kept]).t().mapv(|value| value as f32);
        for mut axis in axes.rows_mut() {
            fix_sign(axis.as_slice_mut().unwrap_or_default());
        }
        Ok(Self {
            mean: mean.mapv(|value| value as f32),
            axes,
            variances: values.slice(s![..kept]).mapv(|value| value.max(0.0) as f32),
            total_variance,
        })
    }

    /// Scores `[n x k]` of `rows` `[n x d]`.
    pub fn project(&self, rows: ArrayView2<'_, f32>) -> Array2<f32> {
        let mut scores = Array2::zeros((rows.nrows(), self.axes.nrows()));
        for (block, mut out) in rows
            .axis_chunks_iter(Axis(0), BLOCK)
            .zip(scores.axis_chunks_iter_mut(Axis(0), BLOCK))
        {
            out.assign(&(&block - &self.mean).dot(&self.axes.t()));
        }
        scores
    }

    /// Rows `[n x d]` of `scores` `[n x k]`: projecting the result gives `scores` back; with k = d it is the rows themselves.
    pub fn inverse(&self, scores: ArrayView2<'_, f32>) -> Array2<f32> {
        scores.dot(&self.axes) + &self.mean
    }

    /// Share of the variance that the kept axes carry, 0..1.
    pub fn explained(&self) -> f32 {
        if self.total_variance > 0.0 {
            self.variances.sum() / self.total_variance
        } else {
            1.0
        }
    }
}

/// An eigenvector's sign is arbitrary: the entry of largest magnitude (the first, among equals) is made positive.
fn fix_sign(axis: &mut [f32]) {
    let largest = axis.iter().fold(
        0.0f32,
        |best, value| if value.abs() > best.abs() { *value } else { best },
    );
    if largest < 0.0 {
        for value in axis {
            *value = -*value;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::atlas::samples::gaussian_rows;

    #[test]
    fn all_components_invert_exactly() {
        let rows = gaussian_rows(50, 7, 1);
        let pca = Pca::fit(rows.view(), 7).unwrap();
        let back = pca.inverse(pca.project(rows.view()).view());
        for (a, b) in rows.iter().zip(&back) {
            assert!((a - b).abs() < 1e-4, "{a} came back as {b}");
        }
        assert!((pca.explained() - 1.0).abs() < 1e-4);
    }

    #[test]
    fn a_plane_point_projects_back_onto_itself() {
        let pca = Pca::fit(gaussian_rows(200, 9, 2).view(), 2).unwrap();
        let scores = gaussian_rows(30, 2, 3) * 4.0;
        let again = pca.project(pca.inverse(scores.view()).view());
        for (a, b) in scores.iter().zip(&again) {
            assert!((a - b).abs() < 1e-4, "{a} came back as {b}");
        }
    }

    #[test]
    fn the_first_axis_finds_the_stretched_direction() {
        let mut rows = gaussian_rows(400, 3, 4);
        rows.column_mut(1).mapv_inplace(|value| value * 10.0);
        let pca = Pca::fit(rows.view(), 2).unwrap();
        assert!(pca.axes[[0, 1]] > 0.99, "axis {:?}", pca.axes.row(0));
        assert!(pca.variances[0] > 50.0 && pca.variances[1] < 2.0);
    }

    #[test]
    fn row_order_changes_neither_sign_nor_axis() {
        let rows = gaussian_rows(120, 5, 5);
        let reversed = rows.slice(s![..;-1, ..]);
        let (a, b) = (Pca::fit(rows.view(), 3).unwrap(), Pca::fit(reversed, 3).unwrap());
        for (x, y) in a.axes.iter().zip(&b.axes) {
            assert!((x - y).abs() < 1e-4);
        }
    }

    #[test]
    fn not_a_number_and_nothing_are_refused() {
        let mut rows = gaussian_rows(4, 3, 6);
        rows[[2, 1]] = f32::NAN;
        assert!(matches!(Pca::fit(rows.view(), 2), Err(AtlasError::NotFinite)));
        assert!(Pca::fit(rows.slice(s![..0, ..]), 2).is_err());
    }
}
