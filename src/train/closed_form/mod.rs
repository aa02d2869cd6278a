//! Fits the closed form: ridge regression of time-mean spectra on labels, principal axes of what is left, principal
//! axes of the patches in time. Seconds of work on the host; the result already plays.

mod axes;
mod regression;

use super::training_set::{ChunkPlace, TrainingSet};
use crate::model::{HostTensor, Weights, condition_vector};
use axes::{PrincipalAxes, leading_axes_of_rows, principal_axes};
use ndarray::{Array1, Array2, Axis};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Most chunks and patches that are looked at; more changes the axes no further.
const MAX_CHUNKS: usize = 6_000;
const MAX_PATCHES: usize = 12_000;

/// Why the closed form could not be fitted.
#[derive(Debug, thiserror::Error)]
pub enum FitError {
    #[error("there is no chunk to learn from: every clip is held out or empty")]
    NothingToFit,
    #[error("the frame cache could not be read: {0}")]
    Read(#[from] std::io::Error),
    #[error("the linear algebra failed: {0}")]
    Algebra(String),
}

/// Weights named `closed_form.*`, ready to be loaded into a [`crate::model::Network`].
///
/// # Errors
/// When there is nothing to fit or the cache cannot be read.
pub fn fit(set: &TrainingSet, seed: u64) -> Result<Weights, FitError> {
    let config = &set.config;
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let places = training_places(set, &mut rng);
    if places.is_empty() {
        return Err(FitError::NothingToFit);
    }
    let patch_len = config.patch_frames * config.bands;
    let patches_per_chunk = MAX_PATCHES.div_ceil(places.len()).clamp(1, config.local_steps());
    let mut means = Array2::<f64>::zeros((places.len(), config.bands));
    let mut labels = Array2::<f64>::zeros((places.len(), config.condition_width()));
    let mut patches = Vec::with_capacity(places.len().min(MAX_PATCHES) * patches_per_chunk * patch_len);
    for (row, place) in places.iter().enumerate() {
        let chunk = set.chunk(*place)?;
        let mean = chunk.time_mean();
        means
            .row_mut(row)
            .assign(&Array1::from_iter(mean.iter().map(|v| f64::from(*v))));
        let vector = condition_vector(&set.labels(*place), config);
        labels
            .row_mut(row)
            .assign(&Array1::from_iter(vector.into_iter().map(f64::from)));
        if patches.len() < MAX_PATCHES * patch_len {
            for _ in 0..patches_per_chunk {
                let step = rng.random_range(0..config.local_steps());
                for frame in step * config.patch_frames..(step + 1) * config.patch_frames {
                    patches.extend(chunk.row(frame).iter().zip(&mean).map(|(value, mean)| value - mean));
                }
            }
        }
    }
    let patches = Array2::from_shape_vec((patches.len() / patch_len, patch_len), patches)
        .map_err(|error| FitError::Algebra(error.to_string()))?;

    let base = regression::ridge_on_labels(&means, &labels, config.genres).map_err(FitError::Algebra)?;
    let residual = &means - &base.predict(&labels);
    let global = principal_axes(&residual, config.global_dims).map_err(FitError::Algebra)?;
    let local = leading_axes_of_rows(&patches, config.local_dims, seed).map_err(FitError::Algebra)?;

    let mut weights = Weights::default();
    let mut put = |name: &str, shape: Vec<usize>, values: Vec<f32>| {
        weights
            .0
            .insert(format!("closed_form.{name}"), HostTensor { shape, values });
    };
    put("base.weight", base.weight.shape().to_vec(), narrow(&base.weight));
    put(
        "base.bias",
        vec![config.bands],
        base.bias.iter().map(|v| *v as f32).collect(),
    );
    let mut put_axes = |part: &str, axes: &PrincipalAxes| {
        put(
            &format!("{part}_encode"),
            axes.encode.shape().to_vec(),
            narrow(&axes.encode),
        );
        put(
            &format!("{part}_decode"),
            axes.decode.shape().to_vec(),
            narrow(&axes.decode),
        );
    };
    put_axes("global", &global);
    put_axes("local", &local);
    Ok(weights)
}

fn narrow(matrix: &Array2<f64>) -> Vec<f32> {
    matrix.iter().map(|v| *v as f32).collect()
}

/// Chunks of all training clips, half overlapping, thinned evenly to a bound.
fn training_places(set: &TrainingSet, rng: &mut ChaCha8Rng) -> Vec<ChunkPlace> {
    let half = set.config.chunk_frames / 2;
    let mut places = Vec::new();
    for clip in set.clips_where(false) {
        let grid = set.grid(clip);
        let last = grid.last().map_or(0, |place| place.start_frame);
        for place in &grid {
            places.push(*place);
            let shifted = ChunkPlace {
                clip,
                start_frame: place.start_frame + half,
            };
            if shifted.start_frame < last {
                places.push(shifted);
            }
        }
    }
    if places.len() > MAX_CHUNKS {
        let stride = places.len() as f64 / MAX_CHUNKS as f64;
        let offset: f64 = rng.random_range(0.0..1.0);
        places = (0..MAX_CHUNKS)
            .map(|i| places[((i as f64 + offset) * stride) as usize % places.len()])
            .collect();
    }
    places
}

/// Mean of every column.
fn column_means(matrix: &Array2<f64>) -> Array1<f64> {
    matrix
        .mean_axis(Axis(0))
        .unwrap_or_else(|| Array1::zeros(matrix.ncols()))
}
