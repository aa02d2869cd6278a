//! Estimates for clips without labels, by a regression where it explains something, else by the rule. Pure.

use super::features::Features;
use super::report::{EmotionReport, LabelReport, Method};
use super::ridge::{self, Ridge};
use super::rule;
use crate::corpus::{ClipMeasurements, Corpus};

/// Labelled clips from which on a regression is tried.
const LEAST_LABELLED: usize = 30;

/// Completes valence and arousal of every clip of `corpus`; `measurements[i]` belongs to clip `i`.
pub fn estimate_emotion(corpus: &mut Corpus, measurements: &[&ClipMeasurements]) -> EmotionReport {
    let features: Vec<Features> = measurements
        .iter()
        .map(|measurements| measurements.sound.features())
        .collect();
    let groups: Vec<String> = corpus.clips.iter().map(|clip| clip.group.clone()).collect();
    let valences: Vec<Option<f32>> = corpus.clips.iter().map(|clip| clip.valence).collect();
    let arousals: Vec<Option<f32>> = corpus.clips.iter().map(|clip| clip.arousal).collect();
    let (valence, valence_estimates) = complete(&features, &groups, &valences, rule::valence);
    let (arousal, arousal_estimates) = complete(&features, &groups, &arousals, rule::arousal);
    for ((clip, valence), arousal) in corpus.clips.iter_mut().zip(valence_estimates).zip(arousal_estimates) {
        clip.estimated |= clip.valence.is_none() || clip.arousal.is_none();
        clip.valence = clip.valence.or(Some(valence));
        clip.arousal = clip.arousal.or(Some(arousal));
    }
    EmotionReport { valence, arousal }
}

/// Estimates for every clip (given or not) and how good they are on the given ones.
fn complete(
    features: &[Features],
    groups: &[String],
    labels: &[Option<f32>],
    rule: fn(&Features) -> f64,
) -> (LabelReport, Vec<f32>) {
    let known: Vec<usize> = (0..labels.len()).filter(|i| labels[*i].is_some()).collect();
    let truth: Vec<f64> = known.iter().filter_map(|i| labels[*i].map(f64::from)).collect();
    let mut report = LabelReport {
        given: known.len(),
        estimated: labels.len() - known.len(),
        ..LabelReport::default()
    };
    let by_rule = |i: usize| rule(&features[i]);
    let enough = known.len() >= LEAST_LABELLED;
    let fitted = enough.then(|| {
        let rows: Vec<Features> = known.iter().map(|i| features[*i]).collect();
        let groups: Vec<&str> = known.iter().map(|i| groups[*i].as_str()).collect();
        Ridge::cross_validated(&rows, &truth, &groups)
    });
    let estimates = match fitted {
        Some((ridge, predicted)) if ridge::r2(&truth, &predicted) > 0.0 => {
            report.method = Method::Regression;
            report.r2 = Some(ridge::r2(&truth, &predicted));
            report.correlation = Some(ridge::correlation(&truth, &predicted));
            features.iter().map(|row| ridge.predict(row)).collect::<Vec<_>>()
        }
        _ => {
            let predicted: Vec<f64> = known.iter().map(|i| by_rule(*i)).collect();
            report.correlation = enough.then(|| ridge::correlation(&truth, &predicted));
            (0..features.len()).map(by_rule).collect()
        }
    };
    (
        report,
        estimates
            .into_iter()
            .map(|value| value.clamp(-1.0, 1.0) as f32)
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::SoundProfile;
    use crate::corpus::clip::tests::corpus_of;

    fn measurements(mode: f32, onsets_per_sec: f32, brightness_db: f32) -> ClipMeasurements {
        let sound = SoundProfile {
            level_spread_db: 4.5,
            onsets_per_sec,
            flux_db: 1.6,
            centroid_octaves: 3.1,
            brightness_db,
            tempo_bpm: 112.0,
            pulse: 0.6,
            mode,
            key_clarity: 0.85,
            density_db: -11.8,
        };
        ClipMeasurements {
            sound,
            ..ClipMeasurements::default()
        }
    }

    #[test]
    fn without_labels_the_rule_knows_lively_from_calm_and_major_from_minor() {
        let clips = [measurements(0.3, 5.0, -6.0), measurements(-0.3, 2.0, -18.0)];
        let mut corpus = corpus_of(1, &[(0, 0), (0, 1)]);
        let report = estimate_emotion(&mut corpus, &clips.iter().collect::<Vec<_>>());
        let [lively, calm] = &corpus.clips[..] else {
            unreachable!()
        };
        assert!(lively.arousal > calm.arousal && lively.valence > calm.valence);
        assert!(lively.estimated && calm.estimated);
        assert_eq!(
            (report.valence.estimated, report.valence.method, report.valence.r2),
            (2, Method::Rule, None)
        );
    }

    #[test]
    fn labels_teach_a_regression_and_stay_as_given() {
        let wave = |i: usize, step: f32| (i as f32 * step).sin();
        let clips: Vec<ClipMeasurements> = (0..80)
            .map(|i| measurements(wave(i, 0.7), 3.0 + wave(i, 1.3), -12.0))
            .collect();
        let mut corpus = corpus_of(1, &(0..80).map(|i| (0, i)).collect::<Vec<_>>());
        for (clip, measurements) in corpus.clips.iter_mut().zip(&clips).take(60) {
            // Minor is glad in this corpus: only a fit can know.
            clip.valence = Some(-0.6 * measurements.sound.mode);
        }
        let given = corpus.clips[3].valence;
        let report = estimate_emotion(&mut corpus, &clips.iter().collect::<Vec<_>>());
        assert_eq!(report.valence.method, Method::Regression);
        assert!(report.valence.r2.unwrap() > 0.9 && report.valence.correlation.unwrap() > 0.9);
        assert_eq!(corpus.clips[3].valence, given);
        for (clip, measurements) in corpus.clips.iter().zip(&clips).skip(60) {
            assert!((clip.valence.unwrap() + 0.6 * measurements.sound.mode).abs() < 0.15);
        }
        assert_eq!((report.arousal.given, report.arousal.estimated), (0, 80));
    }
}
