//! t-SNE (van der Maaten & Hinton 2008; Barnes-Hut: van der Maaten 2014) by two engines. Any thread; blocks until done.
//!
//! Small maps go through `linfa-tsne`'s exact gradient: one thread, no progress, bit-equal for equal input and seed (its
//! Barnes-Hut mode is not: it picks vantage points from the thread's own random generator). Larger maps go through
//! `bhtsne` 0.7, which starts from the PCA and runs in chunks, so it can report and be cancelled.

use super::neighbours::nearest_rows;
use super::{AtlasError, Pca};
use crate::sync::{StopFlag, Worker};
use crate::values::MapPoint;
use linfa::traits::Transformer;
use linfa_tsne::TSneParams;
use ndarray::{Array2, ArrayView2, Axis};
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::time::Duration;

/// Up to this many points the exact engine is used.
pub const SMALL_MAP: usize = 500;
/// Up to this many points the Barnes-Hut engine runs on one thread, so that its result is repeatable to the bit.
pub const REPEATABLE_MAP: usize = 5_000;
/// Epochs that run through. Momentum starts again with each chunk, so it must not be short.
const CHUNK_EPOCHS: usize = 125;
/// Epochs with exaggerated attraction, of which the first map takes its coarse order.
const EXAGGERATED_EPOCHS: usize = 250;
/// How much stronger attraction is at first; the step size follows from it.
const EXAGGERATION: f32 = 12.0;
/// Barnes-Hut's accuracy: a cell seen under a smaller angle counts as one point.
const THETA: f32 = 0.5;
/// How often a small map looks whether it is still wanted.
const LOOK_AT_STOP: Duration = Duration::from_millis(50);
/// Rows are reduced to this many principal components first.
const INPUT_COMPONENTS: usize = 50;

/// Which implementation draws the map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TsneEngine {
    /// `linfa-tsne`, every pair of points at every step.
    Exact,
    /// `bhtsne` 0.7 on one thread: repeatable to the bit.
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
    /// Equal seeds, equal maps. Only the exact engine starts from chance; Barnes-Hut starts from the PCA.
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
    let points = match options.engine.unwrap_or(by_size) {
        TsneEngine::Exact => exact(reduced, options, progress, stop),
        TsneEngine::BarnesHut => on_one_thread(|| barnes_hut(&reduced, initial, options, progress, stop))?,
        TsneEngine::BarnesHutParallel => barnes_hut(&reduced, initial, options, progress, stop),
    }?;
    if points.iter().any(|point| !(point.x.is_finite() && point.y.is_finite())) {
        return Err(AtlasError::NotFinite);
    }
    progress(options.epochs, options.epochs);
    Ok(points)
}

/// The engine neither reports nor can be told to stop, so it works on a thread of its own, which is left to itself once nobody
/// waits for it. Until it is done, no epoch counts as done.
fn exact(
    rows: Array2<f32>,
    options: TsneOptions,
    progress: &mut TsneProgress<'_>,
    stop: &StopFlag,
) -> Result<Vec<MapPoint>, AtlasError> {
    if stop.is_stopped() {
        return Err(AtlasError::Cancelled);
    }
    let failed = |reason: &str| AtlasError::Solver {
        stage: "t-SNE",
        reason: reason.to_owned(),
    };
    let (drawn_tx, drawn) = crossbeam_channel::bounded(1);
    let solver = Worker::spawn(
        "small map",
        move |_| {
            let _ = drawn_tx.send(exact_unstoppable(rows, options));
        },
        |message| log::error!("the map's solver died: {message}"),
    );
    loop {
        match drawn.recv_timeout(LOOK_AT_STOP) {
            Ok(points) => return points,
            Err(error) if error.is_disconnected() => return Err(failed("its thread ended")),
            Err(_) if stop.is_stopped() => {
                solver.release();
                return Err(AtlasError::Cancelled);
            }
            Err(_) => progress(0, options.epochs),
        }
    }
}

/// The engine has a fixed seed of its own, so `seed` decides the order of the rows, and with it who starts where.
fn exact_unstoppable(rows: Array2<f32>, options: TsneOptions) -> Result<Vec<MapPoint>, AtlasError> {
    let mut order: Vec<usize> = (0..rows.nrows()).collect();
    order.shuffle(&mut ChaCha8Rng::seed_from_u64(options.seed));
    let shuffled = rows.select(Axis(0), &order).as_standard_layout().into_owned();
    let laid_out = TSneParams::embedding_size(2.min(shuffled.ncols()))
        .perplexity(options.perplexity)
        .approx_threshold(0.0)
        .max_iter(options.epochs)
        .preliminary_iter(EXAGGERATED_EPOCHS.min(options.epochs / 2))
        .transform(shuffled)
        .map_err(|error| AtlasError::Solver {
            stage: "t-SNE",
            reason: error.to_string(),
        })?;
    let mut points = vec![MapPoint::default(); order.len()];
    for (row, original) in laid_out.rows().into_iter().zip(order) {
        points[original] = MapPoint {
            x: row[0],
            y: row.get(1).copied().unwrap_or(0.0),
        };
    }
    Ok(points)
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

fn barnes_hut(
    rows: &Array2<f32>,
    initial: &[MapPoint],
    options: TsneOptions,
    progress: &mut TsneProgress<'_>,
    stop: &StopFlag,
) -> Result<Vec<MapPoint>, AtlasError> {
    let neighbours: Vec<Vec<bhtsne::Neighbor<f32>>> =
        nearest_rows(rows.view(), (3.0 * options.perplexity) as usize, stop)
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
            solver.barnes_hut_with_neighbors(THETA, &neighbours);
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

/// Barnes-Hut's early phase needs a start smaller than its first steps (scikit-learn: 1e-4 along the widest axis).
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
    fn both_engines_keep_neighbourhoods() {
        let (rows, _) = grouped_rows(5, 40, 10, 3.0, 7);
        for engine in [TsneEngine::Exact, TsneEngine::BarnesHut, TsneEngine::BarnesHutParallel] {
            let kept = neighbourhoods_kept(rows.view(), &draw(engine, 0), 10);
            assert!(kept.trustworthiness > 0.85, "{engine:?}: {kept:?}");
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
    fn large_maps_tell_of_every_epoch_and_end_with_the_one_in_work() {
        let (rows, _) = grouped_rows(4, 20, 6, 3.0, 3);
        for engine in [TsneEngine::BarnesHut, TsneEngine::BarnesHutParallel] {
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
    fn a_small_map_that_nobody_waits_for_ends_at_once() {
        let (rows, _) = grouped_rows(10, 40, 6, 3.0, 3);
        let stop = StopFlag::default();
        stop.stop();
        let options = TsneOptions {
            engine: Some(TsneEngine::Exact),
            epochs: 1_000_000,
            ..TsneOptions::default()
        };
        let drawn = tsne(rows.view(), &gaussian_points(400, 1), options, &mut |_, _| {}, &stop);
        assert!(matches!(drawn, Err(AtlasError::Cancelled)));
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
