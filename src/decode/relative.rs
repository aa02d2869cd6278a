//! The relative of a chunk: the recording that really is of the genre, or the mood, that is asked for, and sounds most alike
//! otherwise.

use super::choice::MayBe;
use super::endless::{label_distance, pace};
use crate::dsp::BandAxis;
use crate::space::Snapshot;
use crate::values::{BeatGrid, ChunkId, Condition, Groove, Timing};
use std::sync::Arc;

/// Distance in valence and arousal at which another recording sounds alone.
const MOOD_WALK: f32 = 0.6;
/// Moods are told apart in steps of so much, so that a hand on the pad does not change the relative at every pixel.
const MOOD_STEP: f32 = 0.1;
/// Weights beside the squared distance in g, which counts as a share of that of two chunks by chance.
const LABELS: f32 = 6.0;
const TEMPO: f32 = 0.25;
const KEY: f32 = 0.25;

/// Finds relatives in one snapshot, and remembers the last.
pub(super) struct RelativeFinder {
    snapshot: Arc<Snapshot>,
    /// Mean squared distance of two chunks' g by chance.
    typical: f32,
    last: Option<(ChunkId, Condition, Option<ChunkId>)>,
    may_be: Option<MayBe>,
}

impl RelativeFinder {
    pub(super) fn new(snapshot: Arc<Snapshot>) -> Self {
        let dims = snapshot.latents.global_dims().max(1);
        let (mut sums, mut squares) = (vec![0.0f64; dims], vec![0.0f64; dims]);
        for row in snapshot.latents.globals().chunks_exact(dims) {
            for ((sum, square), value) in sums.iter_mut().zip(&mut squares).zip(row) {
                let value = f64::from(value.to_f32());
                *sum += value;
                *square += value * value;
            }
        }
        let count = snapshot.latents.len().max(1) as f64;
        let variances = sums
            .iter()
            .zip(&squares)
            .map(|(sum, square)| square / count - (sum / count).powi(2));
        let typical = (2.0 * variances.sum::<f64>()) as f32;
        Self {
            snapshot,
            typical: typical.max(1e-6),
            last: None,
            may_be: None,
        }
    }

    /// From now on only those chunks are found; `None` = all.
    pub(super) fn set_may_be(&mut self, may_be: Option<MayBe>) {
        self.last = None;
        self.may_be = may_be;
    }

    /// The relative of `own` under `asked`.
    pub(super) fn find(&mut self, own: ChunkId, asked: &Condition) -> Option<ChunkId> {
        let target = target(&self.snapshot.labels(own), asked)?;
        if let Some((known, known_target, found)) = &self.last
            && (*known, known_target) == (own, &target)
        {
            return *found;
        }
        let found = self.search(own, &target);
        self.last = Some((own, target, found));
        found
    }

    fn search(&self, own: ChunkId, target: &Condition) -> Option<ChunkId> {
        let snapshot = &self.snapshot;
        let dims = snapshot.latents.global_dims().max(1);
        let here = snapshot.latents.global(own);
        let own_clip = snapshot.chunks[own.0 as usize].clip;
        let own_groove = snapshot.clips[own_clip.0 as usize].groove.as_ref();
        let own_tempo = own_groove.and_then(Groove::steady_tempo_bpm);
        let of_clips: Vec<f32> = snapshot
            .clips
            .iter()
            .map(|clip| {
                let groove = clip.groove.as_ref();
                let tempo = pace(groove.and_then(Groove::steady_tempo_bpm), own_tempo).1;
                let key = groove.zip(own_groove).map_or(0.0, |(a, b)| a.key.distance(&b.key));
                TEMPO * tempo + KEY * key
            })
            .collect();
        let rows = snapshot.latents.globals().chunks_exact(dims);
        let costs = rows.zip(&snapshot.chunks).zip(0..).map(|((row, chunk), index)| {
            let apart = row.iter().zip(&here).map(|(a, b)| (a.to_f32() - b).powi(2));
            let labels = LABELS * label_distance(target, &snapshot.labels(ChunkId(index)));
            let cost = apart.sum::<f32>() / self.typical + labels + of_clips[chunk.clip.0 as usize];
            (cost, ChunkId(index))
        });
        let may_be = |chunk: &ChunkId| self.may_be.as_ref().is_none_or(|may_be| may_be(*chunk));
        costs
            .filter(|(_, chunk)| snapshot.chunks[chunk.0 as usize].clip != own_clip && may_be(chunk))
            .min_by(|a, b| a.0.total_cmp(&b.0))
            .map(|(_, chunk)| chunk)
    }
}

/// How far `asked` leads away from a chunk with the labels `own`, 0..=1.
pub(super) fn share(own: &Condition, asked: &Condition) -> f32 {
    let asked = asked.clone().normalised();
    let genre = if !asked.genre_known() {
        0.0
    } else if own.genre_known() {
        0.5 * own
            .genre
            .iter()
            .zip(&asked.genre)
            .map(|(a, b)| (a - b).abs())
            .sum::<f32>()
    } else {
        1.0
    };
    let apart = |asked: Option<f32>, own: Option<f32>| asked.map_or(0.0, |asked| (asked - own.unwrap_or(0.0)).powi(2));
    let mood = (apart(asked.valence, own.valence) + apart(asked.arousal, own.arousal)).sqrt() / MOOD_WALK;
    genre.max(mood).clamp(0.0, 1.0)
}

/// The labels of the relative: the genre that gains most, and the mood that is asked for. `None` where nothing is asked for that
/// is not so already.
fn target(own: &Condition, asked: &Condition) -> Option<Condition> {
    let asked = asked.clone().normalised();
    let gains = asked
        .genre
        .iter()
        .zip(&own.genre)
        .map(|(asked, own)| (asked - own).max(0.0));
    let gains = Condition {
        genre: gains.collect(),
        ..Condition::default()
    };
    let leading = gains.leading_genre();
    let round = |value: f32| (value / MOOD_STEP).round() * MOOD_STEP;
    let mut target = Condition::unknown(asked.genre.len());
    if let Some(genre) = leading {
        target.genre[usize::from(genre)] = 1.0;
    } else if asked.genre_known() {
        target.genre.clone_from(&own.genre);
    }
    target.valence = asked.valence.map(round);
    target.arousal = asked.arousal.map(round);
    let wants = leading.is_some() || target.valence.is_some() || target.arousal.is_some();
    wants.then_some(target)
}

/// When `chunk` beats, in frames of the player from its beginning; `None` where it has no beat.
pub fn beat_grid(snapshot: &Snapshot, chunk: ChunkId) -> Option<BeatGrid> {
    let row = snapshot.chunks.get(chunk.0 as usize)?;
    let groove = snapshot.clips[row.clip.0 as usize].groove.as_ref()?;
    let tempo = groove.steady_tempo_bpm()?;
    let axis = BandAxis::standard();
    let frame_rate_hz = axis.sample_rate_hz() as f32 / axis.hop_len() as f32;
    let next = groove
        .beat_from(row.start_secs)
        .min(groove.beats_ms.len().checked_sub(1)?);
    let first_secs = groove.beats_ms[next] as f32 / 1e3 - row.start_secs;
    Some(BeatGrid {
        first: first_secs * frame_rate_hz,
        period: 60.0 / tempo * frame_rate_hz,
    })
}

/// How `sounding` is played so that it fits the beat of `own`.
pub(super) fn timing(snapshot: &Snapshot, own: ChunkId, sounding: ChunkId) -> Timing {
    let tempo = |chunk: ChunkId| {
        let clip = snapshot.chunks[chunk.0 as usize].clip.0 as usize;
        snapshot.clips[clip].groove.as_ref()?.steady_tempo_bpm()
    };
    Timing {
        pace: pace(tempo(sounding), tempo(own)).0,
        beats: beat_grid(snapshot, sounding),
        grid: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(genre: &[f32], mood: Option<(f32, f32)>) -> Condition {
        Condition {
            genre: genre.to_vec(),
            valence: mood.map(|mood| mood.0),
            arousal: mood.map(|mood| mood.1),
        }
    }

    #[test]
    fn the_share_walks_from_the_own_labels_to_the_asked_ones() {
        let own = labels(&[1.0, 0.0], Some((0.0, 0.0)));
        assert_eq!(share(&own, &labels(&[1.0, 0.0], None)), 0.0);
        assert_eq!(share(&own, &labels(&[0.5, 0.5], None)), 0.5);
        assert_eq!(share(&own, &labels(&[0.0, 1.0], None)), 1.0);
        assert!((share(&own, &labels(&[0.0, 0.0], Some((0.3, 0.0)))) - 0.5).abs() < 1e-6);
    }

    #[test]
    fn the_target_is_the_genre_that_gains_and_stays_while_it_does() {
        let own = labels(&[1.0, 0.0, 0.0], None);
        for gained in [0.2, 0.9] {
            let asked = labels(&[1.0 - gained, 0.0, gained], None);
            assert_eq!(target(&own, &asked).unwrap().genre, [0.0, 0.0, 1.0]);
        }
        assert_eq!(target(&own, &labels(&[1.0, 0.0, 0.0], None)), None);
        assert_eq!(
            target(&own, &labels(&[0.0; 3], Some((0.41, 0.0)))).unwrap().valence,
            Some(0.4)
        );
    }
}
