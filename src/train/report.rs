//! What a training says of itself.

use super::ErrorUnit;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One row of the live curves.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StepReport {
    /// Steps completed, this one included.
    pub step: u64,
    /// Time spent in steps, kept across resumes; validation and saving do not count.
    pub elapsed_secs: f64,
    /// What the optimiser minimises, all terms together, on this step's batch.
    pub loss: f32,
    /// In `unit`.
    pub reconstruction: f32,
    /// Follows from the codec.
    #[serde(default)]
    pub unit: ErrorUnit,
    /// KL of g to its prior in nats per chunk, mean over the batch.
    pub kl_global: f32,
    /// The same for l, summed over the chunk's time steps.
    pub kl_local: f32,
    /// As used in this step, after warm-up and decay.
    pub learning_rate: f64,
    /// Of this step alone: the inverse of its duration.
    pub steps_per_sec: f32,
    /// Present at the first step after every 45 s of training.
    pub validation: Option<Validation>,
}

/// Figures on held-out chunks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Validation {
    /// From reconstructions to the recordings: log-spectral distance, or what stands for it in `unit`.
    pub distance: f32,
    /// The linear model's distance on the same chunks: the mark to beat.
    #[serde(alias = "closed_form_distance")]
    pub linear_distance: f32,
    /// How alike reconstructions and recordings are to a listener, 0..1 (NSIM, see the listener's docs); 0 where it cannot be told.
    #[serde(default)]
    pub similarity: f32,
    /// The linear model's similarity.
    #[serde(default)]
    pub linear_similarity: f32,
    /// Of both distances.
    #[serde(default)]
    pub unit: ErrorUnit,
    /// Share of the dimensions of g that vary and cost KL, 0..1.
    pub active_global: f32,
    /// The same for l, over all time steps.
    pub active_local: f32,
    /// Change of the mean spectrum when g is another chunk's, over the difference of the two recordings.
    pub map_effect: f32,
    /// Change by another chunk's labels over change by another chunk's g; near 0 = labels are ignored.
    #[serde(alias = "ignore_index")]
    pub condition_to_map_ratio: f32,
}

/// "closer to" and the like, for a share as [`Validation::closer`] tells it.
pub fn closeness(share: f32) -> &'static str {
    match share {
        ..0.02 => "no closer to",
        0.02..0.1 => "slightly closer to",
        0.1..0.3 => "closer to",
        _ => "much closer to",
    }
}

impl Validation {
    /// How much of what the linear model misses is there now, to a listener: 0 = none of it, 1 = the recordings come back. `None`
    /// where similarities are not told.
    pub fn closer(&self) -> Option<f32> {
        let told = self.similarity > 0.0 && self.linear_similarity > 0.0;
        told.then(|| (self.similarity - self.linear_similarity) / (1.0 - self.linear_similarity).max(1e-3))
    }

    /// The figures by name, distances in the codec's [`ErrorUnit`].
    pub fn named(&self) -> BTreeMap<String, f64> {
        [
            ("held_out_distance", self.distance),
            ("linear_distance", self.linear_distance),
            ("listener_similarity", self.similarity),
            ("linear_similarity", self.linear_similarity),
            ("active_fraction_global", self.active_global),
            ("active_fraction_local", self.active_local),
            ("map_effect", self.map_effect),
            ("condition_to_map_ratio", self.condition_to_map_ratio),
        ]
        // Few enough digits that a file of JSON gives back the very same number.
        .map(|(name, value)| (name.to_owned(), (f64::from(value) * 1e6).round() / 1e6))
        .into()
    }
}

/// The collapse alarm in plain words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Health {
    /// No sign of collapse at the last look.
    Good,
    /// What is wrong and what to do.
    Warning(String),
}
