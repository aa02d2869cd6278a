//! One training batch: random chunks with their condition vectors, some labels withheld.

use super::augment::Augmentation;
use super::threads::Threads;
use super::training_set::{TrainingSet, WeightedClips};
use crate::model::{TimeStats, condition_tensor};
use crate::values::Condition;
use burn::tensor::{Device, Tensor, TensorData};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;

/// Local latents per crop. Neighbouring frames say much the same, so many short crops teach more per second of work
/// than few whole chunks.
const CROP_PATCHES: usize = 8;
/// Probability of withholding all labels, the genre, the emotions: the network must also play unlabelled songs, and
/// strength at play time needs the unlabelled answer (classifier-free guidance, Ho & Salimans 2021).
const DROP_ALL: f64 = 0.15;
const DROP_GENRE: f64 = 0.10;
const DROP_EMOTION: f64 = 0.10;

/// Probability of asking for another genre, another valence, another arousal in the swap loss.
const SWAP_GENRE: f64 = 0.7;
const SWAP_EMOTION: f64 = 0.5;

/// Tensors of one batch.
pub struct Batch {
    /// Crops of whole patches `[batch, crop frames, bands]`, standardised.
    pub frames: Tensor<3>,
    /// Of the whole chunks that the crops are cut from.
    pub time_stats: TimeStats,
    /// True labels `[batch, condition]`: what the linear model regresses out and the judges compare with.
    pub labels: Tensor<2>,
    /// The same with some withheld: what the decoder is told.
    pub dropped_labels: Tensor<2>,
    /// Labels asked for in the swap loss: another item's genre, any emotions.
    pub swapped: Tensor<2>,
    /// Standard normal draws for g `[batch, global]` and l `[batch, steps, local]`.
    pub noise: (Tensor<2>, Tensor<3>),
    /// The same for what the auxiliary classifier hears, `[batch, crop frames, bands]`: the crops themselves, and crops under
    /// other labels. `None` where it takes no part.
    pub listening: Option<[Tensor<3>; 2]>,
}

impl Batch {
    /// `size` random chunks of the training clips, varied where there are `variations`; `listened_to` by the auxiliary
    /// classifier or not.
    ///
    /// # Errors
    /// When the frame cache cannot be read.
    pub fn draw(
        set: &TrainingSet,
        clips: &WeightedClips,
        variations: Option<&Augmentation>,
        size: usize,
        listened_to: bool,
        threads: &Threads,
        rng: &mut ChaCha8Rng,
        device: &Device,
    ) -> std::io::Result<Self> {
        // Each item has a generator of its own, so that threads draw what one would.
        let seeds: Vec<u64> = (0..size).map(|_| rng.random()).collect();
        let crops = threads.each(seeds, |seed| {
            Crop::draw(set, clips, variations, &mut ChaCha8Rng::seed_from_u64(seed))
        });
        let crops: Vec<Crop> = crops.into_iter().collect::<std::io::Result<_>>()?;
        let (bands, crop) = (set.config.bands, crop_patches(set));
        let all = |part: fn(&Crop) -> &[f32], shape: &[usize]| {
            let values: Vec<f32> = crops.iter().flat_map(part).copied().collect();
            TensorData::new(values, shape.to_vec())
        };
        let labels: Vec<Condition> = crops.iter().map(|crop| crop.labels.clone()).collect();
        let dropped_labels: Vec<Condition> = labels.iter().map(|known| drop_labels(known, rng)).collect();
        let swapped: Vec<Condition> = (0..size)
            .map(|i| swapped_labels(&labels[i], &labels[rng.random_range(0..size)], rng))
            .collect();
        let vectors = |conditions: &[Condition]| condition_tensor(conditions, &set.config, device);
        let shape = [size, crop * set.config.patch_frames, bands];
        Ok(Self {
            frames: Tensor::from_data(all(|crop| &crop.values, &shape), device),
            time_stats: TimeStats {
                mean: Tensor::from_data(all(|crop| &crop.mean, &[size, bands]), device),
                std: Tensor::from_data(all(|crop| &crop.std, &[size, bands]), device),
            },
            labels: vectors(&labels),
            dropped_labels: vectors(&dropped_labels),
            swapped: vectors(&swapped),
            noise: (
                normal([size, set.config.global_dims], rng, device),
                normal([size, crop, set.config.local_dims], rng, device),
            ),
            listening: listened_to.then(|| [normal(shape, rng, device), normal(shape, rng, device)]),
        })
    }

    /// Number of crops.
    pub fn len(&self) -> usize {
        self.frames.dims()[0]
    }

    /// The same crops in `count` batches that differ in size by one at most.
    pub fn split(&self, count: usize) -> Vec<Self> {
        let size = self.len();
        let part = |i: usize| {
            let (start, end) = (size * i / count, size * (i + 1) / count);
            let rows = |t: &Tensor<2>| t.clone().narrow(0, start, end - start);
            let blocks = |t: &Tensor<3>| t.clone().narrow(0, start, end - start);
            Self {
                frames: blocks(&self.frames),
                time_stats: TimeStats {
                    mean: rows(&self.time_stats.mean),
                    std: rows(&self.time_stats.std),
                },
                labels: rows(&self.labels),
                dropped_labels: rows(&self.dropped_labels),
                swapped: rows(&self.swapped),
                noise: (rows(&self.noise.0), blocks(&self.noise.1)),
                listening: self.listening.as_ref().map(|both| both.each_ref().map(blocks)),
            }
        };
        (0..count).map(part).collect()
    }
}

/// Whole patches of one chunk, and what the linear model wants to know of the chunk.
struct Crop {
    values: Vec<f32>,
    mean: Vec<f32>,
    std: Vec<f32>,
    labels: Condition,
}

impl Crop {
    fn draw(
        set: &TrainingSet,
        clips: &WeightedClips,
        variations: Option<&Augmentation>,
        rng: &mut ChaCha8Rng,
    ) -> std::io::Result<Self> {
        let (chunk, labels) = match variations {
            Some(variations) => variations.draw(set, clips, rng)?,
            None => {
                let place = set.random_place(clips, rng);
                (set.chunk(place)?, set.labels(place))
            }
        };
        let (patch, patches) = (set.config.patch_frames * set.config.bands, crop_patches(set));
        let first = rng.random_range(0..=set.config.local_steps() - patches);
        let mean = chunk.time_mean();
        Ok(Self {
            values: chunk.as_slice()[first * patch..(first + patches) * patch].to_vec(),
            std: chunk.time_std(&mean),
            mean,
            labels,
        })
    }
}

fn crop_patches(set: &TrainingSet) -> usize {
    CROP_PATCHES.min(set.config.local_steps())
}

/// Standard normal draws, on the host: a device's own generator is shared with whatever else computes on it.
fn normal<const D: usize>(shape: [usize; D], rng: &mut ChaCha8Rng, device: &Device) -> Tensor<D> {
    let values: Vec<f32> = (0..shape.iter().product())
        .map(|_| rng.sample(StandardNormal))
        .collect();
    Tensor::from_data(TensorData::new(values, shape), device)
}

/// Another song's genre, and emotions from the whole plane: what people ask for when they turn one control or all.
fn swapped_labels(own: &Condition, other: &Condition, rng: &mut ChaCha8Rng) -> Condition {
    let mut asked = own.clone();
    if rng.random_bool(SWAP_GENRE) {
        asked.genre.clone_from(&other.genre);
    }
    if own.valence.is_some() && rng.random_bool(SWAP_EMOTION) {
        asked.valence = Some(rng.random_range(-1.0..1.0));
    }
    if own.arousal.is_some() && rng.random_bool(SWAP_EMOTION) {
        asked.arousal = Some(rng.random_range(-1.0..1.0));
    }
    asked
}

fn drop_labels(known: &Condition, rng: &mut ChaCha8Rng) -> Condition {
    let all = rng.random_bool(DROP_ALL);
    let mut dropped_labels = known.clone();
    if all || rng.random_bool(DROP_GENRE) {
        dropped_labels.genre.iter_mut().for_each(|share| *share = 0.0);
    }
    if all || rng.random_bool(DROP_EMOTION) {
        dropped_labels.valence = None;
        dropped_labels.arousal = None;
    }
    dropped_labels
}
