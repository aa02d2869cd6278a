//! A time-major matrix: spectral frames, latent sequences, texture depths.

use serde::{Deserialize, Serialize};

/// `[time x width]` values, row-major: one row per frame.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Frames {
    width: usize,
    data: Vec<f32>,
}

impl Frames {
    /// `time` rows of `width` zeros.
    pub fn zeros(time: usize, width: usize) -> Self {
        Self {
            width,
            data: vec![0.0; time * width],
        }
    }

    /// Takes over row-major `data`; panics when its length is no multiple of `width` (a bug of the caller).
    pub fn from_vec(width: usize, data: Vec<f32>) -> Self {
        assert!(
            width > 0 && data.len().is_multiple_of(width),
            "{} values are no rows of {width}",
            data.len()
        );
        Self { width, data }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.data.len().checked_div(self.width).unwrap_or(0)
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.data.is_empty()
    }

    /// Values per row.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Row `time`.
    pub fn row(&self, time: usize) -> &[f32] {
        &self.data[time * self.width..(time + 1) * self.width]
    }

    /// Row `time`, to be written.
    pub fn row_mut(&mut self, time: usize) -> &mut [f32] {
        &mut self.data[time * self.width..(time + 1) * self.width]
    }

    /// The rows in order.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &[f32]> + Clone {
        self.data.chunks_exact(self.width.max(1))
    }

    /// Appends one row of `width` values.
    pub fn push_row(&mut self, row: &[f32]) {
        assert_eq!(row.len(), self.width, "a row has the width of its matrix");
        self.data.extend_from_slice(row);
    }

    /// Rows `start..end` as a matrix of their own.
    pub fn slice(&self, start: usize, end: usize) -> Self {
        Self {
            width: self.width,
            data: self.data[start * self.width..end * self.width].to_vec(),
        }
    }

    /// All values, row-major.
    pub fn as_slice(&self) -> &[f32] {
        &self.data
    }

    /// All values, row-major, to be written.
    pub fn as_mut_slice(&mut self) -> &mut [f32] {
        &mut self.data
    }

    /// The values, row-major.
    pub fn into_vec(self) -> Vec<f32> {
        self.data
    }

    /// Mean over time of every column; zeros when empty.
    pub fn time_mean(&self) -> Vec<f32> {
        let mut mean = vec![0.0f64; self.width];
        for row in self.rows() {
            for (sum, value) in mean.iter_mut().zip(row) {
                *sum += f64::from(*value);
            }
        }
        let scale = 1.0 / self.len().max(1) as f64;
        mean.into_iter().map(|sum| (sum * scale) as f32).collect()
    }

    /// Standard deviation over time of every value about `mean`, as
    /// [`TimeStats::of`](crate::model::TimeStats::of) computes it.
    pub fn time_std(&self, mean: &[f32]) -> Vec<f32> {
        let mut squares = vec![0.0; mean.len()];
        for row in self.rows() {
            for ((square, value), mean) in squares.iter_mut().zip(row).zip(mean) {
                *square += (value - mean) * (value - mean);
            }
        }
        squares
            .into_iter()
            .map(|square: f32| (square / self.len().max(1) as f32 + 1e-5).sqrt())
            .collect()
    }
}
