//! What a run of t-SNE can be told, and what it tells.

use crate::values::MapPoint;

/// Up to this many points the exact engine is used.
pub const SMALL_MAP: usize = 500;
/// Epochs with exaggerated attraction, of which the map takes its coarse order; fewer in a run of less than twice as many.
pub(super) const EXAGGERATED_EPOCHS: usize = 250;

/// Which implementation draws the map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TsneEngine {
    /// `linfa-tsne`, every pair of points at every step.
    Exact,
    /// Attraction along the nearest neighbours, repulsion interpolated from a grid: each step costs in proportion to the points.
    Grid,
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
    /// Equal seeds, equal maps.
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

/// How far a run is.
#[derive(Clone, Copy, Debug)]
pub struct TsneStep<'a> {
    /// Epochs done.
    pub done: usize,
    /// Epochs in all.
    pub total: usize,
    /// Where the points are now; empty where the engine does not show them.
    pub points: &'a [MapPoint],
}

/// Hears of every epoch.
pub type TsneProgress<'a> = dyn FnMut(TsneStep<'_>) + Send + 'a;
