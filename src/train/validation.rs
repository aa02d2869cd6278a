//! Figures on a fixed set of held-out chunks, the same ones for the linear model and for every snapshot.

use super::listener::Listener;
use super::training_set::{ChunkPlace, TrainingSet};
use super::{ErrorUnit, Validation};
use crate::model::{Network, kl_nats};
use crate::values::LoopContext;
use burn::tensor::{Device, Tensor, TensorData};

/// Chunks looked at; enough that the figure's error is near 0.05 dB.
const MAX_CHUNKS: usize = 48;
const BATCH: usize = 8;
/// A dimension is active when it moves AND costs something: KL alone lies.
const ACTIVE_VARIANCE: f32 = 0.01;
const ACTIVE_KL_NATS: f32 = 0.1;

/// The fixed chunks, on the device.
pub struct ValidationSet {
    batches: Vec<(Tensor<3>, Tensor<2>)>,
    weights: Tensor<3>,
    listener: Option<Listener>,
    unit: ErrorUnit,
}

/// Plain means over the chunks.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    distance: f64,
    similarity: f64,
    chunks: usize,
}

impl ValidationSet {
    /// Chunks spread over the held-out clips, or over the training clips when none is held out.
    ///
    /// # Errors
    /// When the frame cache cannot be read.
    pub fn new(set: &TrainingSet, device: &Device) -> std::io::Result<Self> {
        let held_out = set.clips_where(true);
        let clips = if held_out.is_empty() {
            set.clips_where(false)
        } else {
            held_out
        };
        let grid: Vec<ChunkPlace> = clips.into_iter().flat_map(|clip| set.grid(clip)).collect();
        let stride = (grid.len() as f64 / MAX_CHUNKS as f64).max(1.0);
        let places: Vec<ChunkPlace> = (0..grid.len().min(MAX_CHUNKS))
            .map(|i| grid[(i as f64 * stride) as usize])
            .collect();
        let config = &set.config;
        let unit = ErrorUnit::of(config.codec);
        Ok(Self {
            batches: places
                .chunks(BATCH)
                .map(|part| set.tensors(part, device))
                .collect::<Result<_, _>>()?,
            weights: Tensor::from_data(
                TensorData::new(unit.weights(&set.stats.std), [1, 1, config.bands]),
                device,
            ),
            listener: Listener::of(config, &set.stats, device),
            unit,
        })
    }

    /// All figures of the linear model itself, which every later network is compared with.
    pub fn examine_linear(&self, linear: &Network) -> Validation {
        let figures = self.examine(linear, &Validation::default());
        Validation {
            linear_distance: figures.distance,
            linear_similarity: figures.similarity,
            ..figures
        }
    }

    /// All figures of `network`, beside those of the `linear` model.
    pub fn examine(&self, network: &Network, linear: &Validation) -> Validation {
        let mut sums = Sums::default();
        let (mut moved_by_g, mut real, mut by_condition) = (0.0, 0.0, 0.0);
        let mut global = Activity::default();
        let mut local = Activity::default();
        for (x, c) in &self.batches {
            let size = x.dims()[0];
            let p = network.encode(x.clone(), c.clone());
            let (g, l) = (p.global_mean.clone(), p.local_mean.clone());
            let decode = |g: Tensor<2>, c: Tensor<2>| network.decode(g, l.clone(), c, LoopContext::Open).mean;
            let own = decode(g.clone(), c.clone());
            if let Some(listener) = &self.listener {
                let alike = listener.similarity(x.clone(), own.clone());
                sums.similarity += f64::from(alike.into_scalar::<f32>()) * size as f64;
            }
            sums.distance += self.batch_distance(own.clone(), x.clone());
            sums.chunks += size;
            if size > 1 {
                let other_g = Tensor::cat(vec![g.clone().narrow(0, 1, size - 1), g.narrow(0, 0, 1)], 0);
                let other_x = Tensor::cat(vec![x.clone().narrow(0, 1, size - 1), x.clone().narrow(0, 0, 1)], 0);
                let other_c = Tensor::cat(vec![c.clone().narrow(0, 1, size - 1), c.clone().narrow(0, 0, 1)], 0);
                moved_by_g += mean_spectrum_distance(decode(other_g, c.clone()), own.clone());
                real += mean_spectrum_distance(other_x, x.clone());
                by_condition += mean_spectrum_distance(decode(p.global_mean.clone(), other_c), own);
            }
            let dims = p.local_mean.dims()[2];
            let steps = p.local_mean.dims()[1];
            local.add(
                p.local_mean.reshape([size * steps, dims]),
                p.local_logvar.reshape([size * steps, dims]),
            );
            global.add(p.global_mean, p.global_logvar);
        }
        Validation {
            distance: sums.mean_distance() * self.unit.per_loss(),
            linear_distance: linear.distance,
            similarity: (sums.similarity / sums.chunks.max(1) as f64) as f32,
            linear_similarity: linear.similarity,
            unit: self.unit,
            active_global: global.active_fraction(),
            active_local: local.active_fraction(),
            map_effect: ratio(moved_by_g, real),
            condition_to_map_ratio: ratio(by_condition, moved_by_g),
        }
    }

    /// Sum over the batch of the mean over frames of the RMS over bands, as the loss weighs them.
    fn batch_distance(&self, decoded: Tensor<3>, x: Tensor<3>) -> f64 {
        let size = x.dims()[0] as f64;
        let error = (decoded - x) * self.weights.clone();
        f64::from(error.square().mean_dim(2).sqrt().mean().into_scalar::<f32>()) * size
    }
}

impl Sums {
    fn mean_distance(&self) -> f32 {
        (self.distance / self.chunks.max(1) as f64) as f32
    }
}

fn ratio(a: f64, b: f64) -> f32 {
    if b > 0.0 { (a / b) as f32 } else { 0.0 }
}

/// Mean band distance between time-mean spectra, summed over the batch, in standardised units.
fn mean_spectrum_distance(a: Tensor<3>, b: Tensor<3>) -> f64 {
    let size = a.dims()[0] as f64;
    let difference = a.mean_dim(1) - b.mean_dim(1);
    f64::from(difference.abs().mean().into_scalar::<f32>()) * size
}

/// Variance of means and mean KL of every dimension over many posteriors.
#[derive(Default)]
struct Activity {
    count: f32,
    sum: Vec<f32>,
    square: Vec<f32>,
    kl: Vec<f32>,
}

impl Activity {
    fn add(&mut self, mean: Tensor<2>, logvar: Tensor<2>) {
        let dims = mean.dims()[1];
        self.count += mean.dims()[0] as f32;
        let total = |x: Tensor<2>| {
            x.sum_dim(0)
                .try_into_vec_as::<f32>()
                .unwrap_or_else(|_| vec![f32::NAN; dims])
        };
        for (held, new) in [
            (&mut self.sum, total(mean.clone())),
            (&mut self.square, total(mean.clone().square())),
            (&mut self.kl, total(kl_nats(mean, logvar))),
        ] {
            held.resize(dims, 0.0);
            held.iter_mut().zip(new).for_each(|(held, new)| *held += new);
        }
    }

    fn active_fraction(&self) -> f32 {
        let n = self.count.max(1.0);
        let active = (0..self.sum.len()).filter(|i| {
            let variance = self.square[*i] / n - (self.sum[*i] / n).powi(2);
            variance > ACTIVE_VARIANCE && self.kl[*i] / n > ACTIVE_KL_NATS
        });
        active.count() as f32 / self.sum.len().max(1) as f32
    }
}
