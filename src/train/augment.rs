//! Songs as they might have been too: in another key, at another tempo, two of them at once. A small corpus is learned by
//! heart otherwise: what is held out then gains little from long training.

use super::ChunkPlace;
use super::training_set::{TrainingSet, WeightedClips};
use super::transpose::Transposer;
use crate::codec::BandStats;
use crate::dsp::DB_PER_NAT;
use crate::values::{Condition, Frames};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use std::ops::Range;

/// Share of the chunks that run at another tempo, and the natural logarithm of the largest change.
const OTHER_TEMPO: f64 = 0.3;
const MOST_LOG_TEMPO: f32 = 0.2;
/// Share of the chunks that sound together with another song's, and how loud that one is.
const TOGETHER: f64 = 0.3;
const OTHER_GAIN_DB: Range<f32> = -12.0..0.0;

/// Varies the chunks of one corpus.
pub struct Augmentation {
    transposer: Transposer,
}

impl Augmentation {
    /// For `set`; `None` when its codec's values are no levels of frequencies.
    pub fn new(set: &TrainingSet) -> Option<Self> {
        Transposer::new(set).map(|transposer| Self { transposer })
    }

    /// A chunk that a training clip might have held, standardised, with its labels. Two songs at once have none: nobody
    /// said what they are together.
    ///
    /// # Errors
    /// When the frame cache cannot be read.
    pub fn draw(
        &self,
        set: &TrainingSet,
        clips: &WeightedClips,
        rng: &mut ChaCha8Rng,
    ) -> std::io::Result<(Frames, Condition)> {
        let place = set.random_place(clips, rng);
        let mut chunk = self.song(set, place, rng)?;
        if !rng.random_bool(TOGETHER) {
            return Ok((chunk, set.labels(place)));
        }
        let other = self.song(set, set.random_place(clips, rng), rng)?;
        add(
            &mut chunk,
            &other,
            rng.random_range(OTHER_GAIN_DB) / DB_PER_NAT,
            &set.stats,
        );
        Ok((chunk, Condition::unknown(set.config.genres)))
    }

    fn song(&self, set: &TrainingSet, place: ChunkPlace, rng: &mut ChaCha8Rng) -> std::io::Result<Frames> {
        let chunk = if rng.random_bool(OTHER_TEMPO) {
            let tempo = rng.random_range(-MOST_LOG_TEMPO..MOST_LOG_TEMPO).exp();
            let len = set.config.chunk_frames;
            // One more, because every frame lies between two.
            at_tempo(
                &set.frames(place, (len as f32 * tempo).ceil() as usize + 1)?,
                tempo,
                len,
            )
        } else {
            set.chunk(place)?
        };
        Ok(self.transposer.anywhere(chunk, rng))
    }
}

/// `len` frames of `frames`, `tempo` times as fast, linearly between neighbours.
fn at_tempo(frames: &Frames, tempo: f32, len: usize) -> Frames {
    let mut out = Frames::zeros(len, frames.width());
    for index in 0..len {
        let at = index as f32 * tempo;
        let (before, share) = (at as usize, at.fract());
        let pairs = frames.row(before).iter().zip(frames.row(before + 1));
        for (value, (a, b)) in out.row_mut(index).iter_mut().zip(pairs) {
            *value = a + share * (b - a);
        }
    }
    out
}

/// Adds `other` at `gain` (nats of amplitude) to `chunk`, both standardised: their powers add, as those of unrelated sounds do.
fn add(chunk: &mut Frames, other: &Frames, gain: f32, stats: &BandStats) {
    for index in 0..chunk.len() {
        let scales = stats.mean.iter().zip(&stats.std);
        for ((value, other), (mean, std)) in chunk.row_mut(index).iter_mut().zip(other.row(index)).zip(scales) {
            let (one, two) = (*value * std + mean, other * std + mean + gain);
            let (quieter, louder) = (one.min(two), one.max(two));
            let sum = louder + 0.5 * (1.0 + (2.0 * (quieter - louder)).exp()).ln();
            *value = (sum - mean) / std;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_faster_song_gets_further() {
        let ramp = Frames::from_vec(2, (0..40).flat_map(|i| [i as f32, -(i as f32)]).collect());
        let fast = at_tempo(&ramp, 1.25, 30);
        assert_eq!(fast.len(), 30);
        assert!((fast.row(20)[0] - 25.0).abs() < 1e-4 && (fast.row(21)[1] + 26.25).abs() < 1e-4);
    }

    #[test]
    fn powers_add_and_what_is_far_quieter_is_not_heard() {
        let stats = BandStats {
            mean: vec![-5.0, -5.0],
            std: vec![2.0, 2.0],
        };
        let mut chunk = Frames::from_vec(2, vec![0.5, 0.5]);
        let other = Frames::from_vec(2, vec![0.5, -9.0]);
        add(&mut chunk, &other, 0.0, &stats);
        let rise_db = (chunk.row(0)[0] - 0.5) * 2.0 * DB_PER_NAT;
        assert!((rise_db - 3.01).abs() < 0.01, "{rise_db} dB");
        assert!((chunk.row(0)[1] - 0.5).abs() < 1e-4);
    }
}
