//! What the judge hears of rendered audio, in parallel.

use super::features::FeatureExtractor;
use rayon::prelude::*;

/// Features and onset strength of one rendered chunk.
#[derive(Clone, Debug)]
pub(super) struct Listened {
    pub features: Vec<f32>,
    pub onsets: Vec<f32>,
}

/// Listens to every sound, mono at the judge's rate.
pub(super) fn listen_to(sounds: &[Vec<f32>]) -> Vec<Listened> {
    sounds
        .par_iter()
        .map_init(FeatureExtractor::default, |ear, samples| Listened {
            features: ear.listen(samples),
            onsets: ear.onsets(samples),
        })
        .collect()
}
