//! Valence and arousal for clips that nobody labelled, from how they sound - always marked as estimates. Pure.
//!
//! With enough labelled clips in the corpus a ridge regression is fitted to them and cross-validated by group; without,
//! or when that explains nothing, a fixed rule written down beforehand is used. Given labels are never touched.

mod estimate;
mod features;
mod report;
mod ridge;
mod rule;

pub use estimate::estimate_emotion;
pub use report::{EmotionReport, LabelReport, Method};
