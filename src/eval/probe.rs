//! The judge of control: learns from real audio what genres and emotions sound like, and reads them off rendered audio.
//!
//! Kernel ridge regression (Saunders et al. 1998) on [`FeatureExtractor`](super::features::FeatureExtractor) features: another architecture, other
//! features and no seed in common with anything used in training, so a decoder cannot have learned to please it.

use super::EvalError;
use super::stats::quantile;
use crate::values::Condition;
use linfa_linalg::cholesky::SolveC;
use ndarray::{Array1, Array2, ArrayView1, Axis};
use rayon::prelude::*;

/// Ridge on the unit diagonal of the kernel.
const RIDGE: f32 = 0.03;
/// The kernel's width relative to the median distance between examples.
const WIDTH: f32 = 1.0;
/// Standardised features are held within this: a rendered artefact must not weigh more than an extreme of real music.
const CLAMP: f32 = 3.0;
/// A regression needs this many labelled examples.
const LEAST_EXAMPLES: usize = 20;

/// One stretch of real audio, as heard, with its labels.
#[derive(Clone, Debug)]
pub struct Heard {
    /// As the feature extractor gives them, not standardised.
    pub features: Vec<f32>,
    /// Unknown parts are left out of the training.
    pub labels: Condition,
}

/// What the judge reads off a stretch of audio.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// How much it sounds like each genre; about 1 for that genre and 0 for the others. Empty without genres.
    pub genre: Vec<f32>,
    /// NaN when the judge could not learn it.
    pub valence: f32,
    /// The same for arousal, calm (-1) to excited (1).
    pub arousal: f32,
}

impl Reading {
    /// The genre it sounds most like, however little: these are scores, not shares of a mix. The first one on a tie.
    pub fn likeliest_genre(&self) -> Option<usize> {
        let from_the_last = (0..self.genre.len()).rev();
        from_the_last.max_by(|a, b| self.genre[*a].total_cmp(&self.genre[*b]))
    }
}

/// A trained judge; immutable.
#[derive(Clone, Debug)]
pub struct Probe {
    mean: Array1<f32>,
    scale: Array1<f32>,
    /// 1 / (2 width^2).
    sharpness: f32,
    genre: Option<Ridge>,
    emotions: [Option<Ridge>; 2],
}

/// Kernel ridge over the examples that carry one kind of label.
#[derive(Clone, Debug)]
struct Ridge {
    examples: Array2<f32>,
    /// `[examples x outputs]`.
    weights: Array2<f32>,
    offset: Array1<f32>,
}

impl Probe {
    /// Learns from real examples. What too few carry is not learned and reads NaN (or no genre).
    ///
    /// # Errors
    /// When there are too few examples of anything.
    pub fn train(examples: &[Heard]) -> Result<Self, EvalError> {
        let width = examples.first().map_or(0, |heard| heard.features.len());
        if examples.len() < LEAST_EXAMPLES || width == 0 {
            return Err(EvalError::TooLittle {
                what: "stretches of training audio",
                needed: LEAST_EXAMPLES,
                found: examples.len(),
            });
        }
        let rows = Array2::from_shape_fn((examples.len(), width), |(i, j)| examples[i].features[j]);
        let mean = rows.mean_axis(Axis(0)).unwrap_or_else(|| Array1::zeros(width));
        let scale = rows
            .std_axis(Axis(0), 0.0)
            .mapv(|std| if std > 1e-6 { 1.0 / std } else { 0.0 });
        let mut judge = Self {
            mean,
            scale,
            sharpness: 1.0,
            genre: None,
            emotions: [None, None],
        };
        let rows: Vec<Array1<f32>> = examples
            .iter()
            .map(|heard| judge.standardised(&heard.features))
            .collect();
        judge.sharpness = 0.5 / (WIDTH * WIDTH * median_distance_squared(&rows)).max(1e-6);
        judge.genre = judge.fit(&rows, |i| {
            Some(&examples[i].labels)
                .filter(|c| c.genre_known())
                .map(|c| c.genre.clone())
        })?;
        let valence = judge.fit(&rows, |i| examples[i].labels.valence.map(|v| vec![v]))?;
        let arousal = judge.fit(&rows, |i| examples[i].labels.arousal.map(|a| vec![a]))?;
        judge.emotions = [valence, arousal];
        Ok(judge)
    }

    /// Reads one stretch of audio from its features.
    pub fn read(&self, features: &[f32]) -> Reading {
        let row = self.standardised(features);
        let emotion = |ridge: &Option<Ridge>| {
            ridge
                .as_ref()
                .map_or(f32::NAN, |ridge| ridge.predict(&row, self.sharpness)[0])
        };
        Reading {
            genre: self
                .genre
                .as_ref()
                .map(|ridge| ridge.predict(&row, self.sharpness).to_vec())
                .unwrap_or_default(),
            valence: emotion(&self.emotions[0]),
            arousal: emotion(&self.emotions[1]),
        }
    }

    fn standardised(&self, features: &[f32]) -> Array1<f32> {
        let row = (ArrayView1::from(features).to_owned() - &self.mean) * &self.scale;
        row.mapv(|value| value.clamp(-CLAMP, CLAMP))
    }

    fn fit(&self, rows: &[Array1<f32>], label: impl Fn(usize) -> Option<Vec<f32>>) -> Result<Option<Ridge>, EvalError> {
        let labelled: Vec<(usize, Vec<f32>)> = (0..rows.len()).filter_map(|i| Some((i, label(i)?))).collect();
        if labelled.len() < LEAST_EXAMPLES {
            return Ok(None);
        }
        let width = self.mean.len();
        let examples = Array2::from_shape_fn((labelled.len(), width), |(i, j)| rows[labelled[i].0][j]);
        let outputs = labelled[0].1.len();
        let mut targets = Array2::from_shape_fn((labelled.len(), outputs), |(i, j)| labelled[i].1[j]);
        let offset = targets.mean_axis(Axis(0)).unwrap_or_else(|| Array1::zeros(outputs));
        targets -= &offset;
        let mut kernel = Array2::zeros((labelled.len(), labelled.len()));
        kernel
            .axis_iter_mut(Axis(0))
            .into_par_iter()
            .enumerate()
            .for_each(|(i, mut row)| {
                row.assign(&kernel_row(&examples, examples.row(i), self.sharpness));
                row[i] += RIDGE;
            });
        let weights = kernel
            .solvec(&targets)
            .map_err(|error| EvalError::Probe(error.to_string()))?;
        Ok(Some(Ridge {
            examples,
            weights,
            offset,
        }))
    }
}

impl Ridge {
    fn predict(&self, row: &Array1<f32>, sharpness: f32) -> Array1<f32> {
        kernel_row(&self.examples, row.view(), sharpness).dot(&self.weights) + &self.offset
    }
}

/// Gaussian kernel of `row` with every example.
fn kernel_row(examples: &Array2<f32>, row: ArrayView1<'_, f32>, sharpness: f32) -> Array1<f32> {
    examples
        .rows()
        .into_iter()
        .map(|example| {
            let squared: f32 = example.iter().zip(&row).map(|(a, b)| (a - b) * (a - b)).sum();
            (-sharpness * squared).exp()
        })
        .collect()
}

fn median_distance_squared(rows: &[Array1<f32>]) -> f32 {
    let step = (rows.len() / 60).max(1);
    let some: Vec<_> = rows.iter().step_by(step).collect();
    let pairs = some
        .iter()
        .enumerate()
        .flat_map(|(i, a)| some[..i].iter().map(move |b| (*a - *b).mapv(|v| v * v).sum()));
    quantile(&pairs.collect::<Vec<f32>>(), 0.5)
}
