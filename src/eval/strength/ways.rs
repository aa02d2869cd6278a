//! Whether the ways away from a point lead where they say: relatives to music that really is as asked, Endless to minutes that
//! sound like real ones.
//!
//! What sounds is made of held-out clips alone; the judge and the real music compared with are two other sets.

use super::distance::{AskedFor, Reference};
use super::parties::Parties;
use crate::decode::{Asked, Choice, EndlessIndex, MayBe, Place, Relatives, Resolver, Span};
use crate::dsp::loudness;
use crate::eval::evaluator::Evaluator;
use crate::eval::features::{FeatureExtractor, SAMPLE_RATE_HZ};
use crate::eval::metric::Metric;
use crate::eval::probe::Heard;
use crate::eval::stats::{mean, quantile};
use crate::eval::ways::WayFigures;
use crate::eval::{Dataset, EvalError, RENDER_SEED};
use crate::render::{EndlessPlan, Recipe, RecipeSource};
use crate::space::Snapshot;
use crate::sync::StopFlag;
use crate::values::{ChunkId, Condition};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Chunks that are asked, and genres that each is asked to be of.
const SOURCES: usize = 24;
const GENRES_ASKED: usize = 3;
/// Seconds of each walk, and walks a genre.
const WALK_SECS: f32 = 48.0;
const WALKS: usize = 2;
/// Around a jump, in which a burst is looked for, and the quiet to each side that it is compared with.
const BURST_SECS: f32 = 0.023;
const AROUND_SECS: f32 = 0.25;

/// Renders a recipe, or a walk of it, with recordings: mono at the rate at which `eval` hears.
pub type RenderWay<'a> = dyn FnMut(&Recipe, Option<&EndlessPlan>) -> Result<Vec<f32>, EvalError> + 'a;

/// The figures of the space of `snapshot`.
///
/// # Errors
/// When a sound cannot be rendered, or `stop` is set. Where there is too little music, the figures are null with the reason.
pub(in crate::eval) fn way_figures(
    snapshot: &Arc<Snapshot>,
    material: &Dataset,
    render: &mut RenderWay<'_>,
    stop: &StopFlag,
) -> Result<WayFigures, EvalError> {
    let artist = |clip: u32| snapshot.clips.get(clip as usize).map(|clip| clip.artist.clone());
    let parties = Parties::of(&material.training, |clip| artist(clip).unwrap_or_default());
    let reference = Reference::of(&parties.reference);
    if reference.genres().count() < 2 {
        return Ok(WayFigures::unknown(
            "fewer than two genres have 12 real excerpts apart from the judge's: too few to compare with",
        ));
    }
    let Ok(evaluator) = Evaluator::train(&parties.lessons(), &material.held_out) else {
        return Ok(WayFigures::unknown(
            "half of the clips is too little to train the judge",
        ));
    };
    let pool: Arc<BTreeSet<u32>> = Arc::new(material.held_out.iter().map(|(clip, _)| *clip).collect());
    let trial = Trial {
        snapshot,
        material,
        parties: &parties,
        reference: &reference,
        evaluator: &evaluator,
        pool,
        stop,
    };
    let mut figures = WayFigures::unknown("there is no chunk to ask");
    trial.relatives(render, &mut figures)?;
    trial.endless(render, &mut figures)?;
    Ok(figures)
}

struct Trial<'a> {
    snapshot: &'a Arc<Snapshot>,
    material: &'a Dataset,
    parties: &'a Parties,
    reference: &'a Reference,
    evaluator: &'a Evaluator,
    /// The clips that sounds are made of.
    pool: Arc<BTreeSet<u32>>,
    stop: &'a StopFlag,
}

impl Trial<'_> {
    fn may_sound(&self) -> MayBe {
        let (pool, snapshot) = (Arc::clone(&self.pool), Arc::clone(self.snapshot));
        Arc::new(move |chunk| pool.contains(&snapshot.chunks[chunk.0 as usize].clip.0))
    }

    /// One chunk from the middle of each clip of the pool.
    fn sources(&self) -> Vec<ChunkId> {
        let chunks_of = |clip: &u32| -> Vec<u32> {
            let all = self.snapshot.chunks.iter().zip(0..);
            all.filter(|(chunk, _)| chunk.clip.0 == *clip)
                .map(|(_, index)| index)
                .collect()
        };
        let middle = |clip: &u32| {
            let own = chunks_of(clip);
            own.get(own.len() / 2).map(|chunk| ChunkId(*chunk))
        };
        self.pool.iter().filter_map(middle).collect()
    }

    /// The genres that both the pool and the real music have.
    fn genres(&self) -> Vec<u16> {
        let leading = |clip: &u32| self.snapshot.clips[*clip as usize].labels.leading_genre();
        let there: BTreeSet<u16> = self.pool.iter().filter_map(leading).collect();
        self.reference.genres().filter(|genre| there.contains(genre)).collect()
    }

    fn relatives(&self, render: &mut RenderWay<'_>, figures: &mut WayFigures) -> Result<(), EvalError> {
        let genres = self.genres();
        // How often the judge takes a real held-out chunk of each genre for what it is.
        let real: BTreeMap<u16, f32> = genres
            .iter()
            .map(|genre| (*genre, mean(&self.verdicts(&self.material.held_out, *genre))))
            .collect();
        let mut resolver = Resolver::new(Arc::clone(self.snapshot));
        resolver.set_may_be_relative(Some(self.may_sound()));
        let mut sounds: Vec<AskedFor> = Vec::new();
        let (mut hits, mut less_real) = (Vec::new(), Vec::new());
        let mut ear = FeatureExtractor::default();
        for (place, source) in self.sources().into_iter().take(SOURCES).enumerate() {
            let labels = self.snapshot.labels(source);
            let own = labels.leading_genre();
            let foreign: Vec<u16> = genres.iter().copied().filter(|genre| Some(*genre) != own).collect();
            for step in 0..GENRES_ASKED.min(foreign.len()) {
                let genre = foreign[(place * GENRES_ASKED + step) % foreign.len()];
                let condition = of_genre(&labels, genre);
                let choice = Choice::new(Place::Chunk(source));
                let asked = Asked {
                    condition: Some(condition.clone()),
                    strength: 1.0,
                    match_loudness: false,
                    relatives: Relatives::Nearest,
                };
                let resolved = resolver.resolve(&choice, &asked, Span::Once);
                let Some(relative) = resolved.ok().and_then(|resolved| resolved.relative) else {
                    continue;
                };
                let recipe = Recipe {
                    condition: Some(condition),
                    relatives: Relatives::Pinned(relative.chunk),
                    span: Span::Once,
                    ..recipe(source, self.snapshot.chunk_secs())
                };
                self.go_on()?;
                let heard = ear.listen(&levelled(render(&recipe, None)?));
                let clip = self.snapshot.chunks[source.0 as usize].clip.0;
                let hit = self.is_taken_for(&heard, genre);
                hits.push((clip, hit));
                less_real.push((clip, hit - real.get(&genre).copied().unwrap_or(0.0)));
                sounds.push(AskedFor {
                    clip,
                    genre,
                    features: heard,
                });
            }
        }
        if sounds.is_empty() {
            return Ok(());
        }
        let compared = self.reference.compare(&sounds);
        figures.relative_as_asked = Metric::mean_of(hits);
        figures.relative_as_asked_less_real = Metric::mean_of(less_real);
        figures.relative_distance = Metric::with_interval(compared.distance(None), compared.interval_beside(None));
        figures.relative_real_distance = self.reference.floor(&self.parties.judge, &sounds).map_or_else(
            || Metric::unknown("a genre has no real excerpt apart from those compared with"),
            Metric::exact,
        );
        Ok(())
    }

    fn endless(&self, render: &mut RenderWay<'_>, figures: &mut WayFigures) -> Result<(), EvalError> {
        let index = Arc::new(EndlessIndex::new(Arc::clone(self.snapshot)));
        let sources = self.sources();
        let mut ear = FeatureExtractor::default();
        let mut sounds: Vec<AskedFor> = Vec::new();
        let mut clips: BTreeMap<u16, BTreeSet<u32>> = BTreeMap::new();
        let (mut jumps, mut repeated, mut bursts) = (Vec::new(), Vec::new(), Vec::new());
        for genre in self.genres() {
            let leads = |chunk: &&ChunkId| self.snapshot.labels(**chunk).leading_genre() == Some(genre);
            for (walk, source) in sources.iter().filter(leads).take(WALKS).enumerate() {
                let recipe = Recipe {
                    condition: Some(of_genre(&Condition::unknown(self.snapshot.meta.genres.len()), genre)),
                    relatives: Relatives::Nearest,
                    span: Span::Endless,
                    adventure: 1.0,
                    seed: RENDER_SEED + walk as u64,
                    ..recipe(*source, WALK_SECS)
                };
                let plan = EndlessPlan::among(Arc::clone(&index), &recipe, Some(self.may_sound()))
                    .map_err(|error| EvalError::Space(error.to_string()))?;
                self.go_on()?;
                let samples = levelled(render(&recipe, Some(&plan))?);
                let clip = self.snapshot.chunks[source.0 as usize].clip.0;
                let len = (self.snapshot.chunk_secs() * SAMPLE_RATE_HZ) as usize;
                let excerpts = samples.chunks_exact(len.max(1)).map(|excerpt| AskedFor {
                    clip,
                    genre,
                    features: ear.listen(excerpt),
                });
                sounds.extend(excerpts.collect::<Vec<_>>());
                let heard = plan.chunks();
                clips
                    .entry(genre)
                    .or_default()
                    .extend(heard.iter().map(|chunk| self.snapshot.chunks[chunk.0 as usize].clip.0));
                jumps.push((clip, plan.jumps_secs().len() as f32 / (WALK_SECS / 60.0)));
                repeated.push((clip, repetition(&plan)));
                bursts.extend(
                    plan.jumps_secs()
                        .iter()
                        .filter_map(|secs| Some((clip, burst_db(&samples, *secs)?))),
                );
            }
        }
        if sounds.is_empty() {
            return Ok(());
        }
        let counts: BTreeMap<u16, usize> = clips.iter().map(|(genre, clips)| (*genre, clips.len())).collect();
        let compared = self.reference.compare(&sounds);
        let distance = compared.distance(None);
        figures.endless_distance = Metric::with_interval(distance, compared.interval_beside(None));
        if let Some(floor) = self.reference.floor_of(&self.parties.judge, &sounds, Some(&counts)) {
            figures.endless_real_distance = Metric::exact(floor);
            figures.endless_distance_over_real = Metric::exact(distance / floor.max(1e-9));
        }
        figures.endless_jumps_per_minute = Metric::mean_of(jumps);
        figures.endless_repeated = Metric::mean_of(repeated);
        if !bursts.is_empty() {
            figures.endless_burst_db = Metric::mean_of(bursts);
        }
        Ok(())
    }

    fn verdicts(&self, heard: &[(u32, Heard)], genre: u16) -> Vec<f32> {
        let own = heard
            .iter()
            .filter(|(_, heard)| heard.labels.leading_genre() == Some(genre));
        own.map(|(_, heard)| self.is_taken_for(&heard.features, genre))
            .collect()
    }

    fn is_taken_for(&self, features: &[f32], genre: u16) -> f32 {
        let likeliest = self.evaluator.judge.read(features).likeliest_genre();
        f32::from(u8::from(likeliest == Some(usize::from(genre))))
    }

    fn go_on(&self) -> Result<(), EvalError> {
        if self.stop.is_stopped() {
            return Err(EvalError::Cancelled);
        }
        Ok(())
    }
}

/// A chunk by its recording for `secs`.
fn recipe(chunk: ChunkId, secs: f32) -> Recipe {
    Recipe {
        detail: 1.0,
        seconds: Some(secs),
        ..Recipe::new(RecipeSource::Chunk(chunk))
    }
}

/// `labels` with nothing but `genre`, which is what a genre's slider at its end asks for.
fn of_genre(labels: &Condition, genre: u16) -> Condition {
    let mut condition = labels.clone();
    for (index, share) in condition.genre.iter_mut().enumerate() {
        *share = f32::from(u8::from(index == usize::from(genre)));
    }
    condition
}

/// At the loudness at which the judge hears.
fn levelled(mut samples: Vec<f32>) -> Vec<f32> {
    loudness::normalise(&mut samples, SAMPLE_RATE_HZ as u32);
    samples
}

/// Share of a walk's frames that were heard before in it.
fn repetition(plan: &EndlessPlan) -> f32 {
    let (mut heard, mut again, mut all) = (BTreeSet::new(), 0usize, 0usize);
    for stretch in plan.stretches() {
        for frame in stretch.from..stretch.from + stretch.frames {
            all += 1;
            again += usize::from(!heard.insert((stretch.chunk.0, frame)));
        }
    }
    again as f32 / all.max(1) as f32
}

/// How much more the highs rise at `secs` than at the loudest moment of the same length around it, in dB; `None` at the ends. A
/// beat rises too: what is compared with are the attacks within half a second.
fn burst_db(samples: &[f32], secs: f32) -> Option<f32> {
    let len = (BURST_SECS * SAMPLE_RATE_HZ) as usize;
    let energy = |from: usize| {
        let part = samples.get(from..from + len)?;
        Some(part.windows(2).map(|pair| (pair[1] - pair[0]).powi(2)).sum::<f32>() + 1e-9)
    };
    let middle = (secs * SAMPLE_RATE_HZ) as usize;
    let here = energy(middle.checked_sub(len / 2)?)?;
    let reach = (AROUND_SECS * SAMPLE_RATE_HZ) as usize;
    let before = middle.checked_sub(len + reach)?;
    let places = (before..middle.saturating_sub(2 * len)).chain(middle + 2 * len..middle + reach);
    let around: Vec<f32> = places.step_by(len / 2).map(energy).collect::<Option<_>>()?;
    Some(10.0 * (here / quantile(&around, 0.9).max(1e-9)).log10())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_click_bursts_and_going_on_does_not() {
        let mut samples: Vec<f32> = (0..88_200).map(|i| 0.1 * (i as f32 * 0.03).sin()).collect();
        let quiet = burst_db(&samples, 1.0).unwrap();
        assert!(quiet.abs() < 1.0, "{quiet}");
        samples[44_100] += 0.5;
        assert!(burst_db(&samples, 1.0).unwrap() > 10.0);
        assert_eq!(burst_db(&samples, 0.01), None);
    }
}
