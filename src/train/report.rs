//! What a training says of itself.

use super::ErrorUnit;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One row of the live curves.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StepReport {
    pub step: u64,
    pub elapsed_secs: f64,
    pub loss: f32,
    /// In `unit`.
    pub reconstruction: f32,
    #[serde(default)]
    pub unit: ErrorUnit,
    pub kl_global: f32,
    pub kl_local: f32,
    pub learning_rate: f64,
    pub steps_per_sec: f32,
    /// Present every few hundred steps.
    pub validation: Option<Validation>,
}

/// Figures on held-out chunks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Validation {
    /// From reconstructions to the recordings: log-spectral distance, or what stands for it in `unit`.
    pub distance: f32,
    #[serde(alias = "closed_form_distance")]
    pub linear_distance: f32,
    #[serde(default)]
    pub unit: ErrorUnit,
    pub active_global: f32,
    pub active_local: f32,
    pub map_effect: f32,
    #[serde(alias = "ignore_index")]
    pub condition_to_map_ratio: f32,
}

impl Validation {
    /// The figures by name, distances in the codec's [`ErrorUnit`].
    pub fn named(&self) -> BTreeMap<String, f64> {
        [
            ("held_out_distance", self.distance),
            ("linear_distance", self.linear_distance),
            ("active_fraction_global", self.active_global),
            ("active_fraction_local", self.active_local),
            ("map_effect", self.map_effect),
            ("condition_to_map_ratio", self.condition_to_map_ratio),
        ]
        .map(|(name, value)| (name.to_owned(), f64::from(value)))
        .into()
    }
}

/// The collapse alarm in plain words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Health {
    Good,
    /// What is wrong and what to do.
    Warning(String),
}
