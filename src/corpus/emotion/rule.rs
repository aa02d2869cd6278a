//! The rule for corpora without annotations. Its directions come from the literature; its usual values are those of a
//! corpus of rendered songs, so a figure on that corpus is no independent one. Arousal grows with onsets, brightness,
//! tempo, flux and density; valence with a major mode and, less, with tempo and brightness.
//!
//! Directions after Gabrielsson & Lindström, "The role of structure in the musical expression of emotions" (2010).
//! Each feature is taken relative to what is usual in music of many genres.

use super::features::Features;
use crate::corpus::SoundProfile;

const COUNT: usize = SoundProfile::COUNT;

/// Usual value and spread of each feature, in the order of [`crate::corpus::SoundProfile`]'s features.
const USUAL: [(f64, f64); COUNT] = [
    (4.9, 2.5),
    (3.6, 1.0),
    (1.9, 0.45),
    (2.95, 0.4),
    (-12.4, 4.8),
    (-0.1, 0.4),
    (0.57, 0.16),
    (0.0, 0.2),
    (0.88, 0.06),
    (-11.5, 3.0),
];
/// Standard deviations beyond which a feature says no more.
const SATURATION: f64 = 2.5;

/// Weights by feature: spread, onsets, flux, centroid, brightness, tempo, pulse, mode, clarity, density.
const VALENCE: [f64; COUNT] = [0.0, 0.0, 0.0, 0.0, 0.1, 0.2, 0.0, 0.45, 0.0, 0.0];
const AROUSAL: [f64; COUNT] = [-0.05, 0.25, 0.1, 0.0, 0.2, 0.2, 0.0, 0.0, 0.0, 0.1];

pub(super) fn valence(features: &Features) -> f64 {
    weigh(features, &VALENCE)
}

pub(super) fn arousal(features: &Features) -> f64 {
    weigh(features, &AROUSAL)
}

fn weigh(features: &Features, weights: &Features) -> f64 {
    let relative = features
        .iter()
        .zip(USUAL)
        .map(|(value, (usual, spread))| (value - usual) / spread);
    let sum: f64 = relative
        .zip(weights)
        .map(|(value, weight)| value.clamp(-SATURATION, SATURATION) * weight)
        .sum();
    sum.tanh()
}
