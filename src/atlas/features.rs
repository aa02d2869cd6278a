//! What the map is drawn from: one row per chunk of g, the weighted condition and how l moves. Any thread.
//!
//! Columns are standardised, then each block is scaled to a total variance of its weight squared, so no block wins by
//! being wide. Inside g and l a column counts by how much sound it makes: the axes are whitened, and without that the
//! faintest would shape the map as much as the loudest.

use super::AtlasError;
use crate::space::{LatentTable, Snapshot};
use crate::values::ChunkId;
use ndarray::{Array1, Array2, ArrayView2, Axis, concatenate, s};
use rayon::prelude::*;

/// How much each part of a chunk counts on the map.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FeatureWeights {
    /// Genre, valence and arousal together, relative to g; 0 = by sound only.
    pub condition: f32,
    /// The statistics of l together, relative to g.
    pub local: f32,
}

impl Default for FeatureWeights {
    fn default() -> Self {
        Self {
            condition: 0.5,
            local: 0.5,
        }
    }
}

/// The rows a map is drawn from, and what is known about each.
#[derive(Clone, Debug)]
pub struct Features {
    /// `[chunks x features]`.
    pub rows: Array2<f32>,
    /// The genre with the largest share, where one is known.
    pub genre: Vec<Option<u16>>,
    /// The clip of every row: chunks of one clip must not vouch for each other.
    pub clip: Vec<u32>,
}

impl Features {
    /// Of every chunk of `snapshot`.
    ///
    /// # Errors
    /// When the snapshot is empty or holds numbers that are not finite.
    pub fn of(snapshot: &Snapshot, weights: FeatureWeights) -> Result<Self, AtlasError> {
        Self::of_grown(snapshot.chunks.len(), snapshot, weights)
    }

    /// Of every chunk of `grown`, in the frame that its first `len` chunks had before the others came.
    ///
    /// # Errors
    /// As [`of`](Self::of).
    pub fn of_grown(len: usize, grown: &Snapshot, weights: FeatureWeights) -> Result<Self, AtlasError> {
        let raw = raw_rows(grown);
        let scale = FeatureScale::of(raw.slice(s![..len.min(raw.nrows()), ..]), grown, weights)?;
        scale.features_of(raw, grown)
    }

    /// Number of chunks.
    pub fn len(&self) -> usize {
        self.rows.nrows()
    }

    /// Whether there is no chunk.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// The affine map from raw columns to features, fitted once so that rows added later land in the same frame.
#[derive(Clone, Debug)]
struct FeatureScale {
    mean: Array1<f32>,
    scale: Array1<f32>,
}

impl FeatureScale {
    /// The frame of `raw`, rows of `snapshot`.
    fn of(raw: ArrayView2<'_, f32>, snapshot: &Snapshot, weights: FeatureWeights) -> Result<Self, AtlasError> {
        if raw.nrows() == 0 {
            return Err(AtlasError::TooFewPoints { needed: 1, found: 0 });
        }
        let mean = raw.mean_axis(Axis(0)).unwrap_or_else(|| Array1::zeros(raw.ncols()));
        let spread = column_spread(raw, &mean);
        let global_dims = snapshot.latents.global_dims();
        let condition = global_dims..global_dims + condition_columns(snapshot);
        let loudness = |name: &str, width: usize| axis_loudness(snapshot, name, width);
        let importance = [
            loudness("global_decode", snapshot.latents.global_dims()),
            spread.slice(s![condition]).to_owned(),
            {
                let one = loudness("local_decode", snapshot.latents.local_dims());
                concatenate![Axis(0), one, one]
            },
        ];
        let weight = [1.0, weights.condition, weights.local];
        let mut scale = Array1::zeros(raw.ncols());
        let mut start = 0;
        for (importance, weight) in importance.iter().zip(weight) {
            let end = start + importance.len();
            // A column that never changes says nothing; dividing by its spread would only blow up rounding.
            let alive = spread
                .slice(s![start..end])
                .mapv(|value| f32::from(u8::from(value > 1e-6)));
            let power = (importance * importance * &alive).sum();
            if power > 0.0 {
                let spread = spread.slice(s![start..end]).mapv(|value| value.max(1e-6));
                let block = importance * &alive / spread * (weight / power.sqrt());
                scale.slice_mut(s![start..end]).assign(&block);
            }
            start = end;
        }
        Ok(Self { mean, scale })
    }

    fn features_of(&self, mut rows: Array2<f32>, snapshot: &Snapshot) -> Result<Features, AtlasError> {
        if rows.ncols() != self.mean.len() {
            return Err(AtlasError::Shape {
                what: "columns of the map's features",
                found: rows.ncols(),
                expected: self.mean.len(),
            });
        }
        rows -= &self.mean;
        rows *= &self.scale;
        if rows.iter().any(|value| !value.is_finite()) {
            return Err(AtlasError::NotFinite);
        }
        let genre = (0..rows.nrows())
            .map(|chunk| snapshot.labels(ChunkId(chunk as u32)).leading_genre())
            .collect();
        let clip = snapshot.chunks.iter().map(|chunk| chunk.clip.0).collect();
        Ok(Features { rows, genre, clip })
    }
}

fn condition_columns(snapshot: &Snapshot) -> usize {
    snapshot.meta.genres.len() + 2
}

/// g, the condition, and per dimension of l how far it moves (standard deviation over time) and how fast (RMS step between
/// patches): one row per chunk, in one table, because a large space has no room for several.
fn raw_rows(snapshot: &Snapshot) -> Array2<f32> {
    let table = &snapshot.latents;
    let (dims, genres) = (table.global_dims(), snapshot.meta.genres.len());
    let condition_end = dims + condition_columns(snapshot);
    let width = condition_end + 2 * table.local_dims();
    let mut rows = Array2::zeros((table.len(), width));
    let by_row = rows.as_slice_mut().unwrap_or_default().par_chunks_exact_mut(width);
    by_row.enumerate().for_each(|(i, row)| {
        for (slot, value) in row.iter_mut().zip(&table.globals()[i * dims..(i + 1) * dims]) {
            *slot = value.to_f32();
        }
        let labels = snapshot.labels(ChunkId(i as u32));
        for (slot, share) in row.iter_mut().skip(dims).zip(labels.genre.iter().take(genres)) {
            *slot = *share;
        }
        row[dims + genres] = labels.valence.unwrap_or(0.0);
        row[dims + genres + 1] = labels.arousal.unwrap_or(0.0);
        write_local_statistics(table, i, &mut row[condition_end..]);
    });
    rows
}

fn write_local_statistics(table: &LatentTable, index: usize, row: &mut [f32]) {
    let (dims, steps) = (table.local_dims(), table.local_steps());
    let chunk = table.local(ChunkId(index as u32));
    for dim in 0..dims {
        let at = |step: usize| chunk[step * dims + dim];
        let mean = (0..steps).map(at).sum::<f32>() / steps.max(1) as f32;
        let power = (0..steps).map(|step| (at(step) - mean).powi(2)).sum::<f32>() / steps.max(1) as f32;
        let moved = (1..steps).map(|step| (at(step) - at(step - 1)).powi(2)).sum::<f32>();
        row[dim] = power.sqrt();
        row[dims + dim] = (moved / steps.saturating_sub(1).max(1) as f32).sqrt();
    }
}

/// Norm of each row of the linear model's decoding matrix `[latent x bands]`: how much spectrum one unit of that latent
/// makes. All ones for a space without that tensor.
fn axis_loudness(snapshot: &Snapshot, name: &str, width: usize) -> Array1<f32> {
    snapshot
        .weights
        .0
        .iter()
        .find(|(path, tensor)| path.ends_with(name) && tensor.shape.first() == Some(&width) && tensor.shape.len() == 2)
        .map(|(_, tensor)| {
            let columns = (tensor.values.len() / width.max(1)).max(1);
            let norm = |row: &[f32]| row.iter().map(|value| value * value).sum::<f32>().sqrt();
            tensor.values.chunks_exact(columns).map(norm).collect::<Array1<f32>>()
        })
        .filter(|norms| norms.len() == width && norms.iter().all(|norm| norm.is_finite()) && norms.sum() > 0.0)
        .unwrap_or_else(|| Array1::ones(width))
}

/// Standard deviation of every column, without a second table.
fn column_spread(rows: ArrayView2<'_, f32>, mean: &Array1<f32>) -> Array1<f32> {
    let mut power = vec![0.0f64; rows.ncols()];
    for row in rows.rows() {
        for ((sum, value), mean) in power.iter_mut().zip(row).zip(mean) {
            *sum += f64::from(value - mean).powi(2);
        }
    }
    let n = rows.nrows().max(1) as f64;
    power.into_iter().map(|sum| (sum / n).sqrt() as f32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::atlas::samples::small_snapshot;

    fn block_power(features: &Features, columns: std::ops::Range<usize>) -> f32 {
        features.rows.slice(s![.., columns]).var_axis(Axis(0), 0.0).sum()
    }

    #[test]
    fn every_block_has_the_power_its_weight_says() {
        let snapshot = small_snapshot(60, 3);
        let weights = FeatureWeights {
            condition: 0.5,
            local: 0.25,
        };
        let features = Features::of(&snapshot, weights).unwrap();
        let (g, c) = (snapshot.latents.global_dims(), snapshot.meta.genres.len() + 2);
        assert!((block_power(&features, 0..g) - 1.0).abs() < 1e-2);
        assert!((block_power(&features, g..g + c) - 0.25).abs() < 1e-2);
        assert!((block_power(&features, g + c..features.rows.ncols()) - 0.0625).abs() < 1e-2);
    }

    #[test]
    fn weight_zero_hides_the_labels() {
        let mut snapshot = small_snapshot(40, 4);
        let weights = FeatureWeights {
            condition: 0.0,
            local: 1.0,
        };
        let before = Features::of(&snapshot, weights).unwrap();
        for clip in &mut snapshot.clips {
            clip.labels.genre.rotate_left(1);
            clip.labels.valence = None;
        }
        let after = Features::of(&snapshot, weights).unwrap();
        assert_eq!(before.rows, after.rows);
        assert_ne!(before.genre, after.genre);
    }

    #[test]
    fn added_chunks_do_not_shift_the_old_ones() {
        let old = small_snapshot(30, 5);
        let before = Features::of(&old, FeatureWeights::default()).unwrap();
        let mut grown = old.clone();
        for i in 0..5 {
            let mut latent = old.latents.get(ChunkId(i));
            latent.global.iter_mut().for_each(|value| *value += 9.0);
            grown.latents.push(&latent);
            grown.chunks.push(old.chunks[i as usize]);
        }
        let after = Features::of_grown(30, &grown, FeatureWeights::default()).unwrap();
        assert_eq!(after.len(), 35);
        assert_eq!(before.rows, after.rows.slice(s![..30, ..]));
    }

    #[test]
    fn a_diverged_latent_is_refused() {
        let mut snapshot = small_snapshot(10, 6);
        snapshot.latents.globals_mut()[3] = half::f16::NAN;
        let fitted = Features::of(&snapshot, FeatureWeights::default());
        assert!(matches!(fitted, Err(AtlasError::NotFinite)));
    }
}
