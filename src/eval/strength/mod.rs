//! What labels do at every strength, by the model alone and by recordings: how near sounds come to the genre asked for, and
//! whether the labels are heard.
//!
//! What judges and what is judged share no clip: the judge, the real music compared with, and the clips that sounds are made
//! of (whose recordings they may play) are three sets.

mod distance;
mod parties;
mod ways;

pub use ways::RenderWay;
pub(super) use ways::way_figures;

use super::control::ControlTest;
use super::curves::{StrengthBaselines, StrengthCurves, StrengthFigures, StrengthPoint};
use super::evaluator::Evaluator;
use super::features::FeatureExtractor;
use super::metric::Metric;
use super::rendering::{Detail, Rendering};
use super::report::ControlFigures;
use super::space_under_test::{RealChunk, SpaceUnderTest};
use super::{CONTROL_CHUNKS, Dataset, EvalError, RENDER_SEED, one_per_clip};
use crate::codec::SpectralCodec;
use crate::space::Snapshot;
use crate::sync::StopFlag;
use crate::values::Condition;
use distance::{AskedFor, Compared, Reference};
use parties::Parties;
use rayon::prelude::*;

/// Strengths that are tried.
const STRENGTHS: [f32; 6] = [0.5, 1.0, 1.5, 2.0, 2.5, 3.0];
/// Genres that each chunk is asked to be of.
const GENRES_ASKED: usize = 4;
/// Chunks that are asked.
const SOURCES: usize = 32;

/// The curves of `space`, whose clips `snapshot` names.
///
/// # Errors
/// When the space fails, or `stop` is set. Where there is too little music, the figures are null with the reason.
pub(super) fn strength_curves(
    space: &dyn SpaceUnderTest,
    snapshot: &Snapshot,
    material: &Dataset,
    codec: &SpectralCodec,
    stop: &StopFlag,
) -> Result<StrengthCurves, EvalError> {
    let parties = Parties::of(&material.training, |clip| {
        snapshot
            .clips
            .get(clip as usize)
            .map(|clip| clip.artist.clone())
            .unwrap_or_default()
    });
    let reference = Reference::of(&parties.reference);
    if reference.genres().count() < 2 {
        return Ok(StrengthCurves::unknown(
            "fewer than two genres have 12 real excerpts apart from the judge's: too few to compare with",
        ));
    }
    let evaluator = match Evaluator::train(&parties.lessons(), &material.held_out) {
        Ok(evaluator) => evaluator,
        Err(EvalError::TooLittle { .. }) => {
            return Ok(StrengthCurves::unknown(
                "half of the clips is too little to train the judge",
            ));
        }
        Err(error) => return Err(error),
    };
    let encoded = space.encode(&material.sources.iter().collect::<Vec<_>>())?;
    let (chunks, chunks_encoded) = one_per_clip(&material.sources, &encoded, SOURCES);
    let asked = Asked::of(&chunks, &reference);
    let recordings = asked.heard(&asked.recordings(&chunks));
    let compared_recordings = reference.compare(&recordings);
    let floor = reference.floor(&parties.judge, &recordings);
    let count = |party: &[(u32, super::probe::Heard)]| {
        let clips: std::collections::BTreeSet<u32> = party.iter().map(|(clip, _)| *clip).collect();
        Metric::exact(clips.len() as f64)
    };
    let source_clips: std::collections::BTreeSet<u32> = chunks.iter().map(|chunk| chunk.clip).collect();
    let baselines = StrengthBaselines {
        real_distance: floor.map_or_else(
            || Metric::unknown("a genre has no real excerpt apart from those compared with"),
            Metric::exact,
        ),
        recording_distance: Metric::with_interval(
            compared_recordings.distance(None),
            compared_recordings.interval_beside(None),
        ),
        judge_genre_accuracy: evaluator.figures.genre_accuracy.clone(),
        judge_clips: count(&parties.judge),
        reference_clips: count(&parties.reference),
        source_clips: Metric::exact(source_clips.len() as f64),
    };
    let (few, few_encoded) = one_per_clip(&material.sources, &encoded, CONTROL_CHUNKS);
    let mut points: Vec<StrengthPoint> = Vec::new();
    let mut by_model: Vec<Compared> = Vec::new();
    for (detail, kind) in [(0, Detail::None), (1, Detail::Recording)] {
        for (place, strength) in STRENGTHS.into_iter().enumerate() {
            let [many, some] = [(&chunks[..], &chunks_encoded[..]), (&few[..], &few_encoded[..])]
                .map(|chunks| Rendering::plain(space, codec, chunks, RENDER_SEED, stop).with(strength, kind));
            let heard = many?.listen(&asked.pairs())?;
            let features: Vec<Vec<f32>> = heard.into_iter().map(|heard| heard.features).collect();
            let compared = reference.compare(&asked.heard(&features));
            let test = ControlTest {
                space,
                judge: &evaluator.judge,
                real: evaluator.real,
                chunks: &few,
                encoded: &few_encoded,
                genres: snapshot.meta.genres.len(),
                codec,
                rendering: &some?,
                stop,
            };
            let figures = figures(&compared, &compared_recordings, by_model.get(place), test.heard()?);
            points.push(StrengthPoint {
                detail,
                strength,
                figures,
            });
            if kind == Detail::None {
                by_model.push(compared);
            }
        }
    }
    Ok(StrengthCurves { baselines, points })
}

fn figures(
    compared: &Compared,
    recordings: &Compared,
    model: Option<&Compared>,
    control: ControlFigures,
) -> StrengthFigures {
    let beside = |other: Option<&Compared>| {
        let less = other.map_or(0.0, |other| other.distance(None));
        Metric::with_interval(compared.distance(None) - less, compared.interval_beside(other))
    };
    StrengthFigures {
        distance: beside(None),
        distance_less_recording: beside(Some(recordings)),
        distance_less_model: match model {
            Some(model) => beside(Some(model)),
            None => Metric::unknown("this is the model alone"),
        },
        genre_swap_accuracy: control.genre_swap_accuracy,
        genre_swap_accuracy_normalised: control.genre_swap_accuracy_normalised,
        genre_slider_spearman: control.genre_slider_spearman,
        valence_slider_spearman: control.valence_slider_spearman,
        valence_slider_range: control.valence_slider_range,
        arousal_slider_spearman: control.arousal_slider_spearman,
        arousal_slider_range: control.arousal_slider_range,
        cross_talk: control.cross_talk,
        onset_correlation: control.onset_correlation,
    }
}

/// Which chunk is asked to be of which genre: what a genre slider at its end asks for, the mood left as it is.
struct Asked {
    wanted: Vec<Wanted>,
}

struct Wanted {
    source: usize,
    clip: u32,
    genre: u16,
    condition: Condition,
}

impl Asked {
    fn of(chunks: &[RealChunk], reference: &Reference) -> Self {
        let genres: Vec<u16> = reference.genres().collect();
        let mut wanted = Vec::new();
        for (source, chunk) in chunks.iter().enumerate() {
            let own = chunk.labels.leading_genre();
            let foreign: Vec<u16> = genres.iter().copied().filter(|genre| Some(*genre) != own).collect();
            // Every genre is asked for as often as the others.
            for step in 0..GENRES_ASKED.min(foreign.len()) {
                let genre = foreign[(source * GENRES_ASKED + step) % foreign.len()];
                let mut condition = chunk.labels.clone();
                for (index, share) in condition.genre.iter_mut().enumerate() {
                    *share = f32::from(u8::from(index == usize::from(genre)));
                }
                wanted.push(Wanted {
                    source,
                    clip: chunk.clip,
                    genre,
                    condition,
                });
            }
        }
        Self { wanted }
    }

    fn pairs(&self) -> Vec<(usize, &Condition)> {
        self.wanted
            .iter()
            .map(|wanted| (wanted.source, &wanted.condition))
            .collect()
    }

    /// `features` of all that was asked for, in order.
    fn heard(&self, features: &[Vec<f32>]) -> Vec<AskedFor> {
        let both = self.wanted.iter().zip(features);
        both.map(|(wanted, features)| AskedFor {
            clip: wanted.clip,
            genre: wanted.genre,
            features: features.clone(),
        })
        .collect()
    }

    /// Features of the recordings, for each of what was asked of them.
    fn recordings(&self, chunks: &[RealChunk]) -> Vec<Vec<f32>> {
        let heard: Vec<Vec<f32>> = chunks
            .par_iter()
            .map_init(FeatureExtractor::default, |ear, chunk| ear.listen(&chunk.samples))
            .collect();
        self.wanted.iter().map(|wanted| heard[wanted.source].clone()).collect()
    }
}
