//! Fits the linear model: ridge regression of time-mean spectra on labels, principal axes of what is left, principal
//! axes of the patches in time. Seconds of work on the host; the result already plays.

mod axes;
mod columns;
mod error;
mod modulation;
mod regression;
mod weighting;

pub use error::FitError;

use crate::model::{HostTensor, MOST_LOG_GAIN, Weights, condition_vector};
use crate::train::training_set::{ChunkPlace, TrainingSet};
use axes::{PrincipalAxes, leading_axes_of_rows, principal_axes};
use columns::column_means;
use error::go_on;
use modulation::{ModulationShapes, log_stds};
use ndarray::{Array1, Array2};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use regression::LabelRegression;
use weighting::PatchWeighting;

/// Most chunks and patches that are looked at; more changes the axes no further.
const MAX_CHUNKS: usize = 6_000;
const MAX_PATCHES: usize = 12_000;

/// Weights named `linear_model.*`, ready to be loaded into a [`crate::model::Network`]. `is_stopped` is asked several times a
/// second.
///
/// # Errors
/// When there is nothing to fit or the cache cannot be read; [`FitError::Stopped`] when it was stopped.
pub fn fit(set: &TrainingSet, seed: u64, is_stopped: &mut dyn FnMut() -> bool) -> Result<Weights, FitError> {
    let config = &set.config;
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let places = training_places(set, &mut rng);
    if places.is_empty() {
        return Err(FitError::NothingToFit);
    }
    let mut means = Array2::<f64>::zeros((places.len(), config.bands));
    let shapes = ModulationShapes::new(config, &set.stats).map_err(FitError::Algebra)?;
    let mut stds = Array2::<f64>::zeros((places.len(), config.gains()));
    let mut labels = Array2::<f64>::zeros((places.len(), config.condition_width()));
    for (row, place) in places.iter().enumerate() {
        go_on(is_stopped)?;
        let chunk = set.chunk(*place)?;
        let mean = chunk.time_mean();
        means.row_mut(row).assign(&widened(&mean));
        stds.row_mut(row)
            .assign(&Array1::from(shapes.stds(&chunk, means.row(row))));
        labels
            .row_mut(row)
            .assign(&widened(&condition_vector(&set.labels(*place), config)));
    }
    let log_stds = log_stds(&stds);
    let on_labels = |rows: &Array2<f64>| LabelRegression::of(rows, &labels, config.genres).map_err(FitError::Algebra);
    let (base, mut log_std) = (on_labels(&means)?, on_labels(&log_stds)?);
    log_std.bias -= &column_means(&log_stds);

    let most = f64::from(MOST_LOG_GAIN);
    let log_gains = log_std.predict(&labels).mapv(|log_gain| log_gain.clamp(-most, most));
    let mut patches = some_patches(set, &places, &means, &shapes, &log_gains, &mut rng, is_stopped)?;
    let residual = &means - &base.predict(&labels);
    let global = principal_axes(&residual, config.global_dims)?;
    let axis = config.level_axis();
    let weighting = axis.map(|axis| PatchWeighting::new(config, &set.stats, &axis));
    if let Some(weighting) = &weighting {
        weighting.weigh(&mut patches);
    }
    let local = leading_axes_of_rows(&patches, config.local_dims, seed, is_stopped)?;
    let local = match &weighting {
        Some(weighting) => weighting.for_plain_patches(local),
        None => local,
    };

    let mut weights = Weights::default();
    let mut put = |name: &str, shape: Vec<usize>, values: Vec<f32>| {
        weights
            .0
            .insert(format!("linear_model.{name}"), HostTensor { shape, values });
    };
    for (part, regression) in [("base", &base), ("log_std", &log_std)] {
        put(
            &format!("{part}.weight"),
            regression.weight.shape().to_vec(),
            narrow(&regression.weight),
        );
        let bias = regression.bias.iter().map(|v| *v as f32).collect();
        put(&format!("{part}.bias"), vec![regression.bias.len()], bias);
    }
    for (part, matrix) in [("encode", &shapes.encode), ("decode", &shapes.decode)] {
        put(&format!("modulation_{part}"), matrix.shape().to_vec(), narrow(matrix));
    }
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

/// Random patches of `places` about their chunk's mean, the gains of the labels taken out of their modulations:
/// `[patches, frames * bands]`.
fn some_patches(
    set: &TrainingSet,
    places: &[ChunkPlace],
    means: &Array2<f64>,
    shapes: &ModulationShapes,
    log_gains: &Array2<f64>,
    rng: &mut ChaCha8Rng,
    is_stopped: &mut dyn FnMut() -> bool,
) -> Result<Array2<f32>, FitError> {
    let config = &set.config;
    let per_chunk = MAX_PATCHES.div_ceil(places.len()).clamp(1, config.local_steps());
    let mut values = Vec::new();
    let mut count = 0;
    for (row, place) in places.iter().enumerate().take(MAX_PATCHES.div_ceil(per_chunk)) {
        go_on(is_stopped)?;
        let chunk = set.chunk(*place)?;
        for _ in 0..per_chunk {
            let first = rng.random_range(0..config.local_steps()) * config.patch_frames;
            let patch = chunk.slice(first, first + config.patch_frames);
            values.extend(
                shapes
                    .unscaled(&patch, means.row(row), log_gains.row(row))
                    .iter()
                    .map(|v| *v as f32),
            );
            count += 1;
        }
    }
    Array2::from_shape_vec((count, config.patch_frames * config.bands), values)
        .map_err(|error| FitError::Algebra(error.to_string()))
}

fn widened(values: &[f32]) -> Array1<f64> {
    values.iter().map(|v| f64::from(*v)).collect()
}

fn narrow(matrix: &Array2<f64>) -> Vec<f32> {
    matrix.iter().map(|v| *v as f32).collect()
}

/// Chunks of all training clips, half overlapping, thinned evenly to a bound.
fn training_places(set: &TrainingSet, rng: &mut ChaCha8Rng) -> Vec<ChunkPlace> {
    let half = set.config.chunk_frames / 2;
    let mut places = Vec::new();
    for clip in set.kept_of(set.clips_where(false)) {
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
