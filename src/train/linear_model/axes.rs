//! Whitened principal axes, exact for narrow matrices and by randomised subspace iteration for wide ones.

use super::error::{FitError, go_on};
use linfa_linalg::eigh::{EigSort, Eigh};
use linfa_linalg::qr::QR;
use ndarray::{Array1, Array2, s};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Extra directions carried by the subspace iteration, and its rounds (Halko, Martinsson & Tropp 2011, section 4.5).
const OVERSAMPLE: usize = 16;
const ROUNDS: usize = 4;
/// Axes weaker than this share of the strongest carry noise and stay zero.
const VARIANCE_FLOOR: f64 = 1e-6;

/// Maps between rows and whitened coordinates.
pub(super) struct PrincipalAxes {
    /// `[columns, k]`: row * encode = coordinates of unit variance.
    pub encode: Array2<f64>,
    /// `[k, columns]`: coordinates * decode = the row's projection.
    pub decode: Array2<f64>,
}

/// The `k` leading axes of `rows` `[n, d]` about zero, by eigen-decomposition of the `[d, d]` second moment.
pub(super) fn principal_axes(rows: &Array2<f64>, k: usize) -> Result<PrincipalAxes, FitError> {
    let moment = rows.t().dot(rows) / rows.nrows().max(1) as f64;
    let (variances, vectors) = moment.eigh().map_err(failed)?.sort_eig_desc();
    Ok(whitened(&variances, &vectors, k))
}

/// The `k` leading axes of wide `rows` `[n, d]` about zero without forming their `[d, d]` moment. `is_stopped` is asked between
/// products, each of which takes a fraction of a second.
pub(super) fn leading_axes_of_rows(
    rows: &Array2<f32>,
    k: usize,
    seed: u64,
    is_stopped: &mut dyn FnMut() -> bool,
) -> Result<PrincipalAxes, FitError> {
    let (n, d) = rows.dim();
    let width = (k + OVERSAMPLE).min(d);
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut basis = Array2::from_shape_simple_fn((d, width), || rng.random_range(-1.0f32..1.0));
    for _ in 0..ROUNDS {
        go_on(is_stopped)?;
        let image = rows.dot(&orthonormal(&basis)?);
        go_on(is_stopped)?;
        basis = rows.t().dot(&image) / n.max(1) as f32;
        if basis.iter().any(|value| !value.is_finite()) {
            return Err(FitError::Algebra("the frames hold values that are not finite".into()));
        }
    }
    go_on(is_stopped)?;
    let orthonormal = orthonormal(&basis)?;
    let image = rows.dot(&orthonormal).mapv(f64::from);
    let small = image.t().dot(&image) / n.max(1) as f64;
    let (variances, rotation) = small.eigh().map_err(failed)?.sort_eig_desc();
    let vectors = orthonormal.mapv(f64::from).dot(&rotation);
    Ok(whitened(&variances, &vectors, k))
}

fn orthonormal(basis: &Array2<f32>) -> Result<Array2<f32>, FitError> {
    Ok(basis.qr().map_err(failed)?.generate_q())
}

fn failed(error: impl std::fmt::Display) -> FitError {
    FitError::Algebra(error.to_string())
}

fn whitened(variances: &Array1<f64>, vectors: &Array2<f64>, k: usize) -> PrincipalAxes {
    let (d, found) = vectors.dim();
    let mut encode = Array2::zeros((d, k));
    let mut decode = Array2::zeros((k, d));
    let floor = variances.first().copied().unwrap_or(0.0).max(1e-12) * VARIANCE_FLOOR;
    for axis in 0..k.min(found) {
        let variance = variances[axis];
        if variance > floor {
            let vector = vectors.slice(s![.., axis]);
            encode.slice_mut(s![.., axis]).assign(&(&vector / variance.sqrt()));
            decode.slice_mut(s![axis, ..]).assign(&(&vector * variance.sqrt()));
        }
    }
    PrincipalAxes { encode, decode }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows with variance 9 along one direction, 1 along another, 0 elsewhere.
    fn two_directions(n: usize, d: usize) -> Array2<f64> {
        let mut rng = ChaCha8Rng::seed_from_u64(3);
        let mut rows = Array2::zeros((n, d));
        for mut row in rows.rows_mut() {
            row[1] = if rng.random_bool(0.5) { 3.0 } else { -3.0 };
            row[4] = if rng.random_bool(0.5) { 1.0 } else { -1.0 };
        }
        rows
    }

    #[test]
    fn coordinates_have_unit_variance_and_rebuild_the_rows() {
        let rows = two_directions(400, 12);
        for axes in [
            principal_axes(&rows, 3).unwrap(),
            leading_axes_of_rows(&rows.mapv(|v| v as f32), 3, 1, &mut || false).unwrap(),
        ] {
            let coordinates = rows.dot(&axes.encode);
            let variance = (&coordinates * &coordinates).sum_axis(ndarray::Axis(0)) / 400.0;
            assert!(
                (variance[0] - 1.0).abs() < 1e-3 && (variance[1] - 1.0).abs() < 1e-3,
                "{variance}"
            );
            assert!(
                variance[2] < 1e-3,
                "a direction without variance must stay silent: {variance}"
            );
            let error = (coordinates.dot(&axes.decode) - &rows).mapv(f64::abs).sum() / rows.mapv(f64::abs).sum();
            assert!(error < 1e-4, "{error}");
        }
    }
}
