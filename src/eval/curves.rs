//! Curves over strength, as the report prints them.

use super::metric::section;
use serde::Serialize;

section!(
    /// What is heard at one strength.
    StrengthFigures {
        /// 100 times the squared maximum mean discrepancy of timbre to real music of the genre asked for.
        distance,
        /// The same less that of the recordings as they are; below zero is nearer.
        distance_less_recording,
        /// The same less that of the model alone at this strength, where recordings are filtered.
        distance_less_model,
        /// Share of chunks under another song's labels that the judge gives that song's genre.
        genre_swap_accuracy,
        /// (accuracy - chance) / (accuracy on real audio - chance).
        genre_swap_accuracy_normalised,
        /// As in the section on control.
        genre_slider_spearman,
        /// As in the section on control.
        valence_slider_spearman,
        /// As in the section on control.
        valence_slider_range,
        /// As in the section on control.
        arousal_slider_spearman,
        /// As in the section on control.
        arousal_slider_range,
        /// As in the section on control.
        cross_talk,
        /// As in the section on control.
        onset_correlation,
    }
);

section!(
    /// What the curves are to be read against.
    StrengthBaselines {
        /// Of real music of the genre asked for, drawn at random in the same numbers: nothing can be nearer.
        real_distance,
        /// Of the recordings as they are, whatever is asked for.
        recording_distance,
        /// Share of real held-out chunks whose genre the judge names.
        judge_genre_accuracy,
        /// Clips that the judge learned from.
        judge_clips,
        /// Clips that are compared with.
        reference_clips,
        /// Clips that sounds are made of.
        source_clips,
    }
);

/// One point of a curve.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StrengthPoint {
    /// 0 = the model alone, 1 = recordings filtered.
    pub detail: u8,
    /// 1 = as different as the labels are in the music.
    pub strength: f32,
    /// What is heard there.
    #[serde(flatten)]
    pub figures: StrengthFigures,
}

/// The curves.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StrengthCurves {
    /// What they are to be read against.
    pub baselines: StrengthBaselines,
    /// For each detail, by strength.
    pub points: Vec<StrengthPoint>,
}

impl StrengthCurves {
    /// No curve, for one reason.
    pub(super) fn unknown(reason: &str) -> Self {
        Self {
            baselines: StrengthBaselines::unknown(reason),
            points: Vec::new(),
        }
    }
}
