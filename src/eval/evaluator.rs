//! The judge, trained and tried on real audio before anything else is said.

use super::EvalError;
use super::control::RealReadings;
use super::metric::Metric;
use super::probe::{Heard, Probe, Reading};
use super::report::EvaluatorFigures;
use super::stats::{bootstrap, mean, quantile, spearman};
use crate::values::Condition;

/// A judge and what it is worth.
pub(super) struct Evaluator {
    pub judge: Probe,
    pub real: RealReadings,
    pub figures: EvaluatorFigures,
}

impl Evaluator {
    /// Trains on `lessons`, tries on the chunks of the clips `held_out`.
    pub(super) fn train(lessons: &[Heard], held_out: &[(u32, Heard)]) -> Result<Self, EvalError> {
        let judge = Probe::train(lessons)?;
        let tried: Vec<(u32, (Reading, Condition))> = held_out
            .iter()
            .map(|(clip, Heard { features, labels })| (*clip, (judge.read(features), labels.clone())))
            .collect();
        let hits: Vec<(u32, f32)> = tried
            .iter()
            .filter_map(|(clip, (reading, labels))| {
                let truth = labels.leading_genre()?;
                Some((
                    *clip,
                    f32::from(u8::from(reading.likeliest_genre()? == usize::from(truth))),
                ))
            })
            .collect();
        let genre_accuracy = (!hits.is_empty()).then(|| mean(&hits.iter().map(|hit| hit.1).collect::<Vec<_>>()));
        let figures = EvaluatorFigures {
            genre_accuracy: genre_accuracy.map_or_else(
                || Metric::unknown("no held-out clip has a genre that the judge could learn"),
                |value| Metric::with_interval(value, bootstrap(&hits, mean)),
            ),
            valence_spearman: agreement(&tried, |reading| reading.valence, |labels| labels.valence),
            arousal_spearman: agreement(&tried, |reading| reading.arousal, |labels| labels.arousal),
        };
        let spread = |read: fn(&Reading) -> f32| {
            let readings: Vec<f32> = tried.iter().map(|(_, (reading, _))| read(reading)).collect();
            quantile(&readings, 0.9) - quantile(&readings, 0.1)
        };
        let real = RealReadings {
            genre_accuracy,
            spread: [spread(|r| r.valence), spread(|r| r.arousal)],
        };
        Ok(Self { judge, real, figures })
    }
}

/// Rank correlation of readings with labels over the chunks that have one.
fn agreement(
    tried: &[(u32, (Reading, Condition))],
    read: fn(&Reading) -> f32,
    label: fn(&Condition) -> Option<f32>,
) -> Metric {
    let pairs: Vec<(u32, (f32, f32))> = tried
        .iter()
        .filter_map(|(clip, (reading, labels))| Some((*clip, (read(reading), label(labels)?))))
        .collect();
    if pairs.len() < 3 || pairs.iter().any(|(_, (reading, _))| !reading.is_finite()) {
        return Metric::unknown("too few clips carry this label");
    }
    let rho = |pairs: &[(f32, f32)]| {
        let (readings, labels): (Vec<f32>, Vec<f32>) = pairs.iter().copied().unzip();
        spearman(&readings, &labels)
    };
    let all: Vec<(f32, f32)> = pairs.iter().map(|pair| pair.1).collect();
    Metric::with_interval(rho(&all), bootstrap(&pairs, rho))
}
