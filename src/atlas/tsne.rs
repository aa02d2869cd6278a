//! t-SNE (van der Maaten & Hinton 2008; Barnes-Hut: van der Maaten 2014). Any thread; blocks until done.
//!
//! `bhtsne` 0.7 runs in chunks and calls back after every epoch, so it can report and be cancelled. Small maps start from
//! chance and weigh every pair of points; larger ones start from the PCA and take far points together.

use super::neighbours::nearest_rows;
use super::{AtlasError, Pca};
use crate::sync::StopFlag;
use crate::values::MapPoint;
use ndarray::{Array2, ArrayView2};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

/// Up to this many points every pair of points counts at every step.
pub const SMALL_MAP: usize = 500;
/// Up to this many points one thread does all, so that the result is repeatable to the bit.
pub const REPEATABLE_MAP: usize = 5_000;
/// Epochs that run through. Momentum starts again with each chunk, so it must not be short.
const CHUNK_EPOCHS: usize = 125;
/// Epochs with exaggerated attraction, of which the first map takes its coarse order.
const EXAGGERATED_EPOCHS: usize = 250;
/// How much stronger attraction is at first; the step size follows from it.
const EXAGGERATION: f32 = 12.0;
/// Barnes-Hut's accuracy: a cell seen under a smaller angle counts as one point.
const THETA: f32 = 0.5;
/// The same where no cell shall count as one point. The solver refuses 0.
const EXACT_THETA: f32 = 1e-6;
/// Rows are reduced to this many principal components first.
const INPUT_COMPONENTS: usize = 50;

/// How the map is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TsneEngine {
    /// Every pair of points at every step, from a start by chance; on one thread, repeatable to the bit.
    Exact,
    /// Far points taken together, from the PCA; on one thread, repeatable to the bit.
    BarnesHut,
    /// The same on all threads of the current rayon pool. Two sums are taken in the order in which threads finish and t-SNE
    /// amplifies last bits: two runs agree in their neighbourhoods, not point by point.
    BarnesHutParallel,
}

/// Settings of one run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TsneOptions {
    /// `None` picks by size.
    pub engine: Option<TsneEngine>,
    /// Effective number of neighbours; lowered to (n - 1) / 3 where there are too few points.
    pub perplexity: f32,
    /// Gradient steps.
    pub epochs: usize,
    /// Equal seeds, equal maps. Only the exact engine starts from chance.
    pub seed: u64,
}

impl Default for TsneOptions {
    fn default() -> Self {
        Self {
            engine: None,
            perplexity: 30.0,
            epochs: 750,
            seed: 0,
        }
    }
}

/// How far a run is, told after every epoch: epochs done, epochs in all.
pub type TsneProgress<'a> = dyn FnMut(usize, usize) + Send + 'a;

/// What unwinds the engine's loop, which knows no other way out.
struct Stopped;

/// Lays out `rows` `[n x d]` in two dimensions, starting near `initial` where the engine can.
///
/// # Errors
/// When `stop` is set, when there are fewer than 4 rows, or when a number is not finite.
pub fn tsne(
    rows: ArrayView2<'_, f32>,
    initial: &[MapPoint],
    options: TsneOptions,
    progress: &mut TsneProgress<'_>,
    stop: &StopFlag,
) -> Result<Vec<MapPoint>, AtlasError> {
    let n = rows.nrows();
    if n < 4 {
        return Err(AtlasError::TooFewPoints { needed: 4, found: n });
    }
    if initial.len() != n {
        return Err(AtlasError::Shape {
            what: "initial map points",
            found: initial.len(),
            expected: n,
        });
    }
    let pca = Pca::fit(rows, INPUT_COMPONENTS.min(n))?;
    if pca.total_variance <= 0.0 {
        return Ok(initial.to_vec());
    }
    // A common scale keeps the solvers' distances away from the ends of f32; t-SNE itself is blind to it.
    let reduced = pca.project(rows) / pca.total_variance.sqrt();
    let perplexity = options.perplexity.clamp(1.0, (n - 1) as f32 / 3.0);
    let options = TsneOptions { perplexity, ..options };
    let by_size = if n <= SMALL_MAP {
        TsneEngine::Exact
    } else if n <= REPEATABLE_MAP {
        TsneEngine::BarnesHut
    } else {
        TsneEngine::BarnesHutParallel
    };
    let mut barnes_hut =
        |start: &[MapPoint], pull: Pull| descend(&reduced, start, &pull, options, &mut *progress, stop);
    let near = Pull {
        neighbours: (3.0 * perplexity) as usize,
        theta: THETA,
    };
    let points = match options.engine.unwrap_or(by_size) {
        TsneEngine::Exact => on_one_thread(|| {
            let all = Pull {
                neighbours: n - 1,
                theta: EXACT_THETA,
            };
            barnes_hut(&by_chance(n, options.seed), all)
        })?,
        TsneEngine::BarnesHut => on_one_thread(|| barnes_hut(initial, near))?,
        TsneEngine::BarnesHutParallel => barnes_hut(initial, near),
    }?;
    if points.iter().any(|point| !(point.x.is_finite() && point.y.is_finite())) {
        return Err(AtlasError::NotFinite);
    }
    progress(options.epochs, options.epochs);
    Ok(points)
}

/// What pulls a point, and what pushes it as one.
struct Pull {
    /// As many nearest rows.
    neighbours: usize,
    /// A cell of the map seen under a smaller angle.
    theta: f32,
}

/// Places without an order, the same for the same seed.
fn by_chance(count: usize, seed: u64) -> Vec<MapPoint> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut place = || rng.random_range(-1.0f32..1.0);
    (0..count).map(|_| MapPoint { x: place(), y: place() }).collect()
}

fn on_one_thread<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T, AtlasError> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .thread_name(|_| "map".into())
        .build();
    let pool = pool.map_err(|error| AtlasError::Solver {
        stage: "t-SNE",
        reason: error.to_string(),
    })?;
    Ok(pool.install(work))
}

fn descend(
    rows: &Array2<f32>,
    initial: &[MapPoint],
    pull: &Pull,
    options: TsneOptions,
    progress: &mut TsneProgress<'_>,
    stop: &StopFlag,
) -> Result<Vec<MapPoint>, AtlasError> {
    let neighbours: Vec<Vec<bhtsne::Neighbor<f32>>> = nearest_rows(rows.view(), pull.neighbours, stop)
        .into_iter()
        .map(|row| {
            row.into_iter()
                .map(|(j, distance)| bhtsne::Neighbor {
                    index: j as usize,
                    distance,
                })
                .collect()
        })
        .collect();
    // Joined blocks lie column by column; a sample must be one slice.
    let rows = rows.as_standard_layout();
    let samples: Vec<&[f32]> = rows.as_slice().unwrap_or_default().chunks_exact(rows.ncols()).collect();
    let epochs_done = Cell::new(0);
    let progress = RefCell::new(progress);
    let mut solver: bhtsne::tSNE<'_, f32, &[f32], 2> = bhtsne::tSNE::new(&samples);
    solver.epoch_callback(|_, _| {
        epochs_done.set(epochs_done.get() + 1);
        (progress.borrow_mut())(epochs_done.get(), options.epochs);
        if stop.is_stopped() {
            resume_unwind(Box::new(Stopped));
        }
    });
    // Step size after Belkina et al. (2019). The crate's own, a quarter of it, left 5,000 points at a trustworthiness of
    // .968 where this reaches .991 in the same number of epochs.
    let learning_rate = (initial.len() as f32 / EXAGGERATION).max(50.0);
    solver
        .perplexity(options.perplexity)
        .early_exaggeration(EXAGGERATION)
        .learning_rate(learning_rate);
    let exaggerated = EXAGGERATED_EPOCHS.min(options.epochs / 2);
    let mut embedding = small_start(initial);
    let mut done = 0;
    while done < options.epochs {
        if stop.is_stopped() {
            return Err(AtlasError::Cancelled);
        }
        let lying = done < exaggerated;
        let phase_end = if lying { exaggerated } else { options.epochs };
        let epochs = CHUNK_EPOCHS.min(phase_end - done);
        solver
            .initial_embedding(std::mem::take(&mut embedding))
            .epochs(epochs)
            .stop_lying_epoch(if lying { usize::MAX } else { 0 })
            .momentum(if lying { 0.5 } else { 0.8 })
            .momentum_switch_epoch(usize::MAX);
        let fitted = catch_unwind(AssertUnwindSafe(|| {
            solver.barnes_hut_with_neighbors(pull.theta, &neighbours);
        }));
        match fitted {
            Ok(()) => {}
            Err(reason) if reason.is::<Stopped>() => return Err(AtlasError::Cancelled),
            Err(panic) => resume_unwind(panic),
        }
        embedding = solver.embedding();
        done += epochs;
    }
    Ok(to_points(&embedding))
}

/// The early phase needs a start smaller than its first steps (scikit-learn: 1e-4 along the widest axis).
fn small_start(initial: &[MapPoint]) -> Vec<f32> {
    let n = initial.len().max(1) as f32;
    let power = initial.iter().map(|p| p.x * p.x + p.y * p.y).sum::<f32>() / n;
    let scale = 1e-4 / power.sqrt().max(f32::MIN_POSITIVE);
    initial.iter().flat_map(|p| [p.x * scale, p.y * scale]).collect()
}

fn to_points(embedding: &[f32]) -> Vec<MapPoint> {
    embedding
        .chunks_exact(2)
        .map(|p| MapPoint { x: p[0], y: p[1] })
        .collect()
}

pub(super) fn squared_distance(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::atlas::quality::neighbourhoods_kept;
    use crate::atlas::samples::{gaussian_points, grouped_rows};

    fn draw(engine: TsneEngine, seed: u64) -> Vec<MapPoint> {
        let (rows, _) = grouped_rows(5, 40, 10, 3.0, 7);
        let options = TsneOptions {
            engine: Some(engine),
            epochs: 400,
            seed,
            ..TsneOptions::default()
        };
        let start = gaussian_points(200, 1);
        tsne(rows.view(), &start, options, &mut |_, _| {}, &StopFlag::default()).unwrap()
    }

    #[test]
    fn every_engine_keeps_neighbourhoods() {
        let (rows, _) = grouped_rows(5, 40, 10, 3.0, 7);
        for engine in [TsneEngine::Exact, TsneEngine::BarnesHut, TsneEngine::BarnesHutParallel] {
            let kept = neighbourhoods_kept(rows.view(), &draw(engine, 0), 10);
            assert!(kept.trustworthiness > 0.85, "{engine:?}: {kept:?}");
            println!("{engine:?}: {kept:?}");
        }
    }

    #[test]
    fn equal_input_gives_equal_maps_and_another_seed_another() {
        assert_eq!(draw(TsneEngine::Exact, 3), draw(TsneEngine::Exact, 3));
        assert_ne!(draw(TsneEngine::Exact, 3), draw(TsneEngine::Exact, 4));
        assert_eq!(draw(TsneEngine::BarnesHut, 0), draw(TsneEngine::BarnesHut, 0));
    }

    #[test]
    fn a_stop_ends_it_and_too_little_is_refused() {
        let (rows, _) = grouped_rows(2, 20, 4, 1.0, 1);
        let stop = StopFlag::default();
        stop.stop();
        let run = |rows: ArrayView2<'_, f32>, n, stop: &StopFlag| {
            tsne(
                rows,
                &gaussian_points(n, 1),
                TsneOptions::default(),
                &mut |_, _| {},
                stop,
            )
        };
        assert!(matches!(run(rows.view(), 40, &stop), Err(AtlasError::Cancelled)));
        let three = rows.slice(ndarray::s![..3, ..]);
        assert!(matches!(
            run(three, 3, &StopFlag::default()),
            Err(AtlasError::TooFewPoints { .. })
        ));
    }

    #[test]
    fn every_engine_tells_of_every_epoch_and_ends_with_the_one_in_work() {
        let (rows, _) = grouped_rows(4, 20, 6, 3.0, 3);
        for engine in [TsneEngine::Exact, TsneEngine::BarnesHut, TsneEngine::BarnesHutParallel] {
            let options = TsneOptions {
                engine: Some(engine),
                ..TsneOptions::default()
            };
            let (stop, mut told) = (StopFlag::default(), Vec::new());
            let mut progress = |done, _| {
                told.push(done);
                if done == 3 {
                    stop.stop();
                }
            };
            let drawn = tsne(rows.view(), &gaussian_points(80, 1), options, &mut progress, &stop);
            assert!(matches!(drawn, Err(AtlasError::Cancelled)), "{engine:?}");
            assert_eq!(told, [1, 2, 3], "{engine:?}");
        }
    }

    #[test]
    fn equal_rows_stay_where_they_started() {
        let start = gaussian_points(30, 2);
        let rows = Array2::ones((30, 5));
        let points = tsne(
            rows.view(),
            &start,
            TsneOptions::default(),
            &mut |_, _| {},
            &StopFlag::default(),
        )
        .unwrap();
        assert_eq!(points, start);
    }
}
