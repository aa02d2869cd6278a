//! The scale of a table's ratings: -1..1 as it should be, 1..9 as studies have it, or 0..1. Pure.

use super::draft::Draft;
use crate::corpus::paths::shown;
use crate::corpus::problem::ProblemLog;
use crate::corpus::{Problem, ProblemKind};
use std::path::Path;

/// Labels from which on a column's range says something.
const FEW: usize = 3;

/// Brings valence and arousal of all drafts to -1..1; returns what was noticed about their scales.
pub(super) fn bring_to_range(drafts: &mut [Draft], table: &Path, log: &mut ProblemLog) -> Vec<String> {
    let labels = [
        ("valence", valence_of as fn(&mut Draft) -> &mut Option<f32>),
        ("arousal", arousal_of),
    ];
    labels
        .into_iter()
        .filter_map(|(name, get)| rescale(drafts, name, get, table, log))
        .collect()
}

fn valence_of(draft: &mut Draft) -> &mut Option<f32> {
    &mut draft.valence
}

fn arousal_of(draft: &mut Draft) -> &mut Option<f32> {
    &mut draft.arousal
}

/// Brings one label of all drafts to -1..1; returns a note when another scale was recognised or may be meant.
fn rescale(
    drafts: &mut [Draft],
    name: &str,
    get: fn(&mut Draft) -> &mut Option<f32>,
    table: &Path,
    log: &mut ProblemLog,
) -> Option<String> {
    let values: Vec<f32> = drafts.iter_mut().filter_map(|draft| *get(draft)).collect();
    let all_in = |from: f32, to: f32| values.iter().all(|value| (from..=to).contains(value));
    let rating = values.iter().any(|value| value.abs() > 1.0) && all_in(1.0, 9.0);
    for draft in drafts.iter_mut() {
        let path = draft.path.clone();
        let label = get(draft);
        if let (Some(value), true) = (*label, rating) {
            *label = Some((value - 5.0) / 4.0);
        } else if label.is_some_and(|value| value.abs() > 1.0) {
            let reason = format!("its {name} in {} lies outside -1..1; used without it", shown(table));
            log.push(Problem::new(&path, ProblemKind::BadLabel, reason));
            *label = None;
        }
    }
    if rating {
        Some(format!(
            "{name} looked like ratings from 1 to 9 and was brought to -1..1"
        ))
    } else if values.len() >= FEW && all_in(0.0, 1.0) {
        Some(format!(
            "{name} lies between 0 and 1 throughout and was read as a scale of -1..1, 0 being neutral: if 0.5 is neutral in the \
             table, double its values and take 1 away"
        ))
    } else {
        None
    }
}
