//! One run: rows to their leading components, an engine by size, points.

use super::affinities::Affinities;
use super::descent::descend;
use super::exact::exact;
use super::options::{SMALL_MAP, TsneEngine, TsneOptions, TsneProgress, TsneStep};
use crate::atlas::neighbours::nearest_rows;
use crate::atlas::{AtlasError, Pca};
use crate::sync::StopFlag;
use crate::values::MapPoint;
use ndarray::ArrayView2;

/// Rows are reduced to this many principal components first.
const INPUT_COMPONENTS: usize = 50;

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
    } else {
        TsneEngine::Grid
    };
    let points = match options.engine.unwrap_or(by_size) {
        TsneEngine::Exact => exact(reduced, options, progress, stop),
        TsneEngine::Grid => {
            let found = nearest_rows(reduced.view(), (3.0 * perplexity) as usize, options.seed, stop);
            drop(reduced);
            if stop.is_stopped() {
                return Err(AtlasError::Cancelled);
            }
            let affinities = Affinities::of(&found, perplexity);
            drop(found);
            descend(&affinities, initial, options.epochs, progress, stop)
        }
    }?;
    if points.iter().any(|point| !(point.x.is_finite() && point.y.is_finite())) {
        return Err(AtlasError::NotFinite);
    }
    progress(TsneStep {
        done: options.epochs,
        total: options.epochs,
        points: &points,
    });
    Ok(points)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::atlas::quality::neighbourhoods_kept;
    use crate::atlas::samples::{gaussian_points, grouped_rows};
    use ndarray::Array2;

    fn draw(engine: TsneEngine, seed: u64) -> Vec<MapPoint> {
        let (rows, _) = grouped_rows(5, 40, 10, 3.0, 7);
        let options = TsneOptions {
            engine: Some(engine),
            epochs: 400,
            seed,
            ..TsneOptions::default()
        };
        let start = gaussian_points(200, 1);
        tsne(rows.view(), &start, options, &mut |_| {}, &StopFlag::default()).unwrap()
    }

    #[test]
    fn both_engines_keep_neighbourhoods() {
        let (rows, _) = grouped_rows(5, 40, 10, 3.0, 7);
        for engine in [TsneEngine::Exact, TsneEngine::Grid] {
            let kept = neighbourhoods_kept(rows.view(), &draw(engine, 0), 10);
            assert!(kept.trustworthiness > 0.85, "{engine:?}: {kept:?}");
        }
    }

    #[test]
    fn equal_input_gives_equal_maps_and_another_seed_another() {
        assert_eq!(draw(TsneEngine::Exact, 3), draw(TsneEngine::Exact, 3));
        assert_ne!(draw(TsneEngine::Exact, 3), draw(TsneEngine::Exact, 4));
        let on_threads = |count| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(count).build().unwrap();
            pool.install(|| draw(TsneEngine::Grid, 0))
        };
        assert_eq!(on_threads(1), on_threads(3));
    }

    #[test]
    fn a_stop_ends_it_and_too_little_is_refused() {
        let (rows, _) = grouped_rows(2, 20, 4, 1.0, 1);
        let stop = StopFlag::default();
        stop.stop();
        let run = |rows: ArrayView2<'_, f32>, n, stop: &StopFlag| {
            tsne(rows, &gaussian_points(n, 1), TsneOptions::default(), &mut |_| {}, stop)
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
        let options = TsneOptions {
            engine: Some(TsneEngine::Grid),
            ..TsneOptions::default()
        };
        let (stop, mut told) = (StopFlag::default(), Vec::new());
        let mut progress = |step: TsneStep<'_>| {
            told.push((step.done, step.points.len()));
            if step.done == 3 {
                stop.stop();
            }
        };
        let drawn = tsne(rows.view(), &gaussian_points(80, 1), options, &mut progress, &stop);
        assert!(matches!(drawn, Err(AtlasError::Cancelled)));
        assert_eq!(told, [(1, 80), (2, 80), (3, 80)]);
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
        let drawn = tsne(rows.view(), &gaussian_points(400, 1), options, &mut |_| {}, &stop);
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
            &mut |_| {},
            &StopFlag::default(),
        )
        .unwrap();
        assert_eq!(points, start);
    }
}
