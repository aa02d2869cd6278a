//! What the pane remembers between frames.

use super::curves::Curve;
use super::previews::PreviewsState;
use crate::session::TrainOptions;
use std::collections::BTreeMap;

/// What the pane remembers between frames.
#[derive(Debug, Default)]
pub struct TrainingPaneState {
    /// The sheet being filled in.
    pub options: TrainOptions,
    /// The folder typed or chosen.
    pub source: String,
    /// Names typed for spellings of genres and not kept yet.
    pub genre_names: BTreeMap<String, String>,
    /// The report of the import was asked for and is not open yet.
    pub(in crate::ui) wants_report: bool,
    pub(super) curve: Curve,
    pub(super) previews: PreviewsState,
}
