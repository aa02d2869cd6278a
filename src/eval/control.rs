//! Whether the condition is heard: swaps and sliders, rendered and read by the judge.

use super::EvalError;
use super::features::{FeatureExtractor, with_timbre_of};
use super::latent::band_distance;
use super::metric::Metric;
use super::probe::{Probe, Reading};
use super::rendering::Rendering;
use super::report::ControlFigures;
use super::space_under_test::{Encoded, RealChunk, SoundAsked, SpaceUnderTest, decode_batched};
use super::stats::{bootstrap, mean, pearson, spearman};
use crate::codec::SpectralCodec;
use crate::sync::StopFlag;
use crate::values::{ChunkAudio, Condition, Latent};
use rayon::prelude::*;

/// Positions of a slider.
const POSITIONS: usize = 11;
/// Foreign songs whose condition each source chunk is decoded under.
const SWAPS: usize = 5;
/// A slider whose reading travels less than this share of p10-p90 is inaudible: nothing can be relative to it.
const AUDIBLE_RANGE: f32 = 0.05;

/// What the judge is worth on real audio: the measure of everything it says about rendered audio.
#[derive(Clone, Copy, Debug)]
pub(super) struct RealReadings {
    pub genre_accuracy: Option<f32>,
    /// p90 - p10 of valence and arousal readings.
    pub spread: [f32; 2],
}

/// Everything a control measurement needs.
pub(super) struct ControlTest<'a> {
    pub space: &'a dyn SpaceUnderTest,
    pub judge: &'a Probe,
    pub real: RealReadings,
    pub chunks: &'a [RealChunk],
    pub encoded: &'a [Encoded],
    pub genres: usize,
    pub codec: &'a SpectralCodec,
    pub rendering: &'a Rendering<'a>,
    pub stop: &'a StopFlag,
}

/// One slider's course: the clip, the judge's reading at each position.
type Course = (u32, Vec<Reading>);

impl ControlTest<'_> {
    /// Every figure of the section.
    pub(super) fn run(&self) -> Result<ControlFigures, EvalError> {
        let mut figures = self.heard()?;
        if !self.swapped().is_empty() {
            figures.condition_to_map_ratio = self.condition_to_map_ratio()?;
        }
        Ok(figures)
    }

    /// Those that are heard.
    pub(super) fn heard(&self) -> Result<ControlFigures, EvalError> {
        let mut figures = ControlFigures::unknown("this space has fewer than two genres among its held-out clips");
        self.swaps(&mut figures)?;
        figures.genre_slider_spearman = self.genre_slider()?;
        let valence = self.emotion_slider(|condition, at| condition.valence = Some(at))?;
        let arousal = self.emotion_slider(|condition, at| condition.arousal = Some(at))?;
        let [v_spread, a_spread] = self.real.spread;
        figures.valence_slider_spearman = slider_spearman(&valence, |r| r.valence);
        figures.arousal_slider_spearman = slider_spearman(&arousal, |r| r.arousal);
        figures.valence_slider_range = slider_range(&valence, |r| r.valence, v_spread);
        figures.arousal_slider_range = slider_range(&arousal, |r| r.arousal, a_spread);
        figures.cross_talk = self.cross_talk(&valence, &arousal);
        Ok(figures)
    }

    /// Every chunk with those whose labels it is decoded under.
    fn swapped(&self) -> Vec<(usize, usize)> {
        let sources = 0..self.chunks.len();
        let with_others = |source| {
            self.foreign_chunks(source)
                .into_iter()
                .map(move |other| (source, other))
        };
        sources.flat_map(with_others).collect()
    }

    fn under_labels(&self, pairs: &[(usize, usize)]) -> Vec<(usize, &Condition)> {
        let labels = |(source, other): &(usize, usize)| (*source, &self.chunks[*other].labels);
        pairs.iter().map(labels).collect()
    }

    fn own_labels(&self) -> Vec<(usize, &Condition)> {
        self.chunks.iter().map(|chunk| &chunk.labels).enumerate().collect()
    }

    fn swaps(&self, figures: &mut ControlFigures) -> Result<(), EvalError> {
        let pairs = self.swapped();
        if pairs.is_empty() {
            return Ok(());
        }
        let swaps = self.under_labels(&pairs);
        let own = self.own_labels();
        let clip = |source: usize| self.chunks[source].clip;
        let (own_heard, heard) = (self.rendering.listen(&own)?, self.rendering.listen(&swaps)?);
        let hits_of = |features: &mut dyn Iterator<Item = &[f32]>| -> Vec<(u32, f32)> {
            let named = features.map(|features| self.judge.read(features).likeliest_genre());
            let judged = swaps.iter().zip(named);
            judged
                .filter_map(|((source, condition), named)| {
                    let right = Some(named? as u16) == condition.leading_genre();
                    Some((clip(*source), f32::from(u8::from(right))))
                })
                .collect()
        };
        let hits = hits_of(&mut heard.iter().map(|heard| heard.features.as_slice()));
        if hits.is_empty() {
            figures.genre_swap_accuracy = Metric::unknown("the judge could not learn the genres");
            figures.genre_swap_accuracy_normalised = figures.genre_swap_accuracy.clone();
            figures.genre_swap_ceiling_normalised = figures.genre_swap_accuracy.clone();
        } else {
            let ideal = self.ideal_swaps(&pairs);
            figures.genre_swap_ceiling_normalised = self.normalised(hits_of(&mut ideal.iter().map(Vec::as_slice)));
            figures.genre_swap_accuracy_normalised = self.normalised(hits.clone());
            figures.genre_swap_accuracy = Metric::mean_of(hits);
        }
        let kept: Vec<(u32, f32)> = swaps
            .iter()
            .zip(&heard)
            .map(|((source, _), heard)| (clip(*source), pearson(&own_heard[*source].onsets, &heard.onsets)))
            .collect();
        figures.onset_correlation = Metric::mean_of(kept);
        Ok(())
    }

    /// What the judge would hear of every pair's first recording with the timbre of its second.
    fn ideal_swaps(&self, pairs: &[(usize, usize)]) -> Vec<Vec<f32>> {
        let real: Vec<Vec<f32>> = self
            .chunks
            .par_iter()
            .map_init(FeatureExtractor::default, |ear, chunk| ear.listen(&chunk.samples))
            .collect();
        let ideal = pairs
            .iter()
            .map(|(source, other)| with_timbre_of(&real[*source], &real[*other]));
        ideal.collect()
    }

    /// Chunks of other clips with another genre, spread over the genres there are.
    fn foreign_chunks(&self, source: usize) -> Vec<usize> {
        let own = self.chunks[source].labels.leading_genre();
        let mut seen = vec![own];
        let n = self.chunks.len();
        (1..n)
            .map(|step| (source + step * (1 + source % 3)) % n)
            .filter(|other| {
                let genre = self.chunks[*other].labels.leading_genre();
                let new = genre.is_some() && !seen.contains(&genre);
                if new {
                    seen.push(genre);
                }
                new
            })
            .take(SWAPS)
            .collect()
    }

    fn normalised(&self, hits: Vec<(u32, f32)>) -> Metric {
        let chance = 1.0 / self.genres.max(1) as f32;
        match self.real.genre_accuracy {
            Some(real) if real > chance + 0.05 => {
                let scaled = hits
                    .into_iter()
                    .map(|(clip, hit)| (clip, (hit - chance) / (real - chance)));
                Metric::mean_of(scaled.collect())
            }
            _ => Metric::unknown("the judge is no better than chance on real audio"),
        }
    }

    /// E|dec(c1) - dec(c2)| / E|dec(g1) - dec(g2)| with l fixed, in standardised band units.
    fn condition_to_map_ratio(&self) -> Result<Metric, EvalError> {
        let n = self.chunks.len();
        let pairs = self.swapped();
        let swaps = self.under_labels(&pairs);
        let under = |asked: &[(usize, &Condition)]| {
            self.decode(
                asked
                    .iter()
                    .map(|(source, condition)| (&self.encoded[*source].latent, *condition)),
            )
        };
        let (own, swapped) = (under(&self.own_labels())?, under(&swaps)?);
        let mixed: Vec<Latent> = (0..n)
            .map(|i| Latent {
                global: self.encoded[(i + 1) % n].latent.global.clone(),
                local: self.encoded[i].latent.local.clone(),
            })
            .collect();
        let other_g = self.decode(
            mixed
                .iter()
                .zip(self.chunks)
                .map(|(latent, chunk)| (latent, &chunk.labels)),
        )?;
        let distance = |a: &ChunkAudio, b: &ChunkAudio| match (a, b) {
            (ChunkAudio::Spectral { log_amplitude: a, .. }, ChunkAudio::Spectral { log_amplitude: b, .. }) => {
                band_distance(a, b, self.space.band_std())
            }
            (ChunkAudio::Pcm { samples: a, .. }, ChunkAudio::Pcm { samples: b, .. }) => {
                band_distance(&self.codec.analyse(a), &self.codec.analyse(b), self.space.band_std())
            }
            _ => f32::NAN,
        };
        // Per source chunk: the mean change by condition, and the change by g.
        let items: Vec<(u32, (f32, f32))> = (0..n)
            .map(|i| {
                let mine = swaps.iter().zip(&swapped).filter(|((source, _), _)| *source == i);
                let by_condition: Vec<f32> = mine.map(|(_, audio)| distance(&own[i], audio)).collect();
                (
                    self.chunks[i].clip,
                    (mean(&by_condition), distance(&own[i], &other_g[i])),
                )
            })
            .filter(|(_, (by_condition, _))| by_condition.is_finite())
            .collect();
        let ratio = |items: &[(f32, f32)]| {
            items.iter().map(|item| item.0).sum::<f32>() / items.iter().map(|item| item.1).sum::<f32>()
        };
        let by_g: f32 = items.iter().map(|item| item.1.1).sum();
        if by_g <= 1e-6 {
            return Ok(Metric::unknown("g changes nothing, so nothing can be relative to it"));
        }
        let all: Vec<(f32, f32)> = items.iter().map(|item| item.1).collect();
        Ok(Metric::with_interval(ratio(&all), bootstrap(&items, ratio)))
    }

    /// From the source's own genre to a foreign one in equal steps; the reading is the foreign genre's score.
    fn genre_slider(&self) -> Result<Metric, EvalError> {
        let mut courses: Vec<(u32, f32)> = Vec::new();
        for (source, chunk) in self.chunks.iter().enumerate() {
            self.check_stop()?;
            let Some(target) = self
                .foreign_chunks(source)
                .first()
                .map(|other| &self.chunks[*other].labels)
            else {
                continue;
            };
            let Some(genre) = target.leading_genre().map(usize::from) else {
                continue;
            };
            let mix = |at: f32| {
                let blend = |(own, other): (&f32, &f32)| own * (1.0 - at) + other * at;
                Condition {
                    genre: chunk.labels.genre.iter().zip(&target.genre).map(blend).collect(),
                    ..chunk.labels.clone()
                }
            };
            let readings = self.course(source, &|i| mix(i as f32 / (POSITIONS - 1) as f32))?;
            let scores: Vec<f32> = readings
                .iter()
                .filter_map(|reading| reading.genre.get(genre).copied())
                .collect();
            if scores.len() == POSITIONS {
                courses.push((chunk.clip, spearman(&positions(), &scores)));
            }
        }
        if courses.is_empty() {
            return Ok(Metric::unknown(
                "no two held-out clips have different genres that the judge knows",
            ));
        }
        Ok(Metric::mean_of(courses))
    }

    /// From -1 to 1 in equal steps, everything else as the source's labels say.
    fn emotion_slider(&self, set: impl Fn(&mut Condition, f32)) -> Result<Vec<Course>, EvalError> {
        let mut courses = Vec::new();
        for (source, chunk) in self.chunks.iter().enumerate() {
            self.check_stop()?;
            let condition = |i: usize| {
                let mut condition = chunk.labels.clone();
                set(&mut condition, positions()[i]);
                condition
            };
            courses.push((chunk.clip, self.course(source, &condition)?));
        }
        Ok(courses)
    }

    fn course(&self, source: usize, condition: &dyn Fn(usize) -> Condition) -> Result<Vec<Reading>, EvalError> {
        let conditions: Vec<Condition> = (0..POSITIONS).map(condition).collect();
        let asked: Vec<(usize, &Condition)> = conditions.iter().map(|condition| (source, condition)).collect();
        Ok(self
            .rendering
            .listen(&asked)?
            .iter()
            .map(|heard| self.judge.read(&heard.features))
            .collect())
    }

    /// Mean of two ratios: how far arousal travels along with valence, and valence along with arousal.
    fn cross_talk(&self, valence: &[Course], arousal: &[Course]) -> Metric {
        let [v_spread, a_spread] = self.real.spread;
        let travelled = |courses: &[Course], read: fn(&Reading) -> f32, spread: f32| {
            mean(&courses.iter().map(|course| travel(&course.1, read)).collect::<Vec<_>>()) / spread
        };
        let ratio = |courses: &[Course], own: (fn(&Reading) -> f32, f32), other: (fn(&Reading) -> f32, f32)| {
            let moved = travelled(courses, own.0, own.1).abs();
            (moved >= AUDIBLE_RANGE).then(|| travelled(courses, other.0, other.1).abs() / moved)
        };
        let v: (fn(&Reading) -> f32, f32) = (|r| r.valence, v_spread);
        let a: (fn(&Reading) -> f32, f32) = (|r| r.arousal, a_spread);
        match (ratio(valence, v, a), ratio(arousal, a, v)) {
            (Some(by_valence), Some(by_arousal)) => Metric::exact(0.5 * (by_valence + by_arousal)),
            _ => Metric::unknown(
                "an emotion slider is inaudible (or the judge cannot read it), so nothing can be relative to it",
            ),
        }
    }

    fn decode<'a>(
        &self,
        items: impl Iterator<Item = (&'a Latent, &'a Condition)>,
    ) -> Result<Vec<ChunkAudio>, EvalError> {
        self.check_stop()?;
        let sounds = items.map(|(latent, condition)| SoundAsked::plain(latent, condition));
        decode_batched(self.space, &sounds.collect::<Vec<_>>())
    }

    fn check_stop(&self) -> Result<(), EvalError> {
        if self.stop.is_stopped() {
            Err(EvalError::Cancelled)
        } else {
            Ok(())
        }
    }
}

/// -1..1.
fn positions() -> Vec<f32> {
    (0..POSITIONS)
        .map(|i| 2.0 * i as f32 / (POSITIONS - 1) as f32 - 1.0)
        .collect()
}

/// Mean of the last three readings minus mean of the first three: the ends, with the judge's noise averaged.
fn travel(readings: &[Reading], read: fn(&Reading) -> f32) -> f32 {
    let end = |part: &[Reading]| mean(&part.iter().map(read).collect::<Vec<_>>());
    end(&readings[readings.len() - 3..]) - end(&readings[..3])
}

const UNREAD: &str = "too few clips carry this label for the judge to learn it";

fn slider_spearman(courses: &[Course], read: fn(&Reading) -> f32) -> Metric {
    let rho = |readings: &[Reading]| spearman(&positions(), &readings.iter().map(read).collect::<Vec<_>>());
    figure_of(courses, read, rho)
}

fn slider_range(courses: &[Course], read: fn(&Reading) -> f32, spread: f32) -> Metric {
    figure_of(courses, read, |readings| travel(readings, read) / spread)
}

fn figure_of(courses: &[Course], read: fn(&Reading) -> f32, measure: impl Fn(&[Reading]) -> f32) -> Metric {
    let heard = courses
        .iter()
        .all(|course| course.1.iter().all(|reading| read(reading).is_finite()));
    if courses.is_empty() || !heard {
        return Metric::unknown(UNREAD);
    }
    let items = courses.iter().map(|(clip, readings)| (*clip, measure(readings)));
    Metric::mean_of(items.collect())
}
