//! Small maps: `linfa-tsne`'s exact gradient, one thread, no progress, bit-equal for equal input and seed (its Barnes-Hut mode is
//! not: it picks vantage points from the thread's own random generator).

use super::options::{EXAGGERATED_EPOCHS, TsneOptions, TsneProgress, TsneStep};
use crate::atlas::AtlasError;
use crate::sync::{StopFlag, Worker};
use crate::values::MapPoint;
use linfa::traits::Transformer;
use linfa_tsne::TSneParams;
use ndarray::{Array2, Axis};
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use std::time::Duration;

/// How often a small map looks whether it is still wanted.
const LOOK_AT_STOP: Duration = Duration::from_millis(50);

/// The engine neither reports nor can be told to stop, so it works on a thread of its own, which is left to itself once nobody
/// waits for it. Until it is done, no epoch counts as done.
pub(super) fn exact(
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
            Err(_) => progress(TsneStep {
                done: 0,
                total: options.epochs,
                points: &[],
            }),
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
