//! Songs in other keys: standardised frames moved up or down in pitch, so that a small corpus is not learned by heart.
//!
//! A frame at pitch factor f takes at every frequency what the original had at that frequency divided by f, in log
//! amplitude, linearly between band centres. Timing stays; timbre moves along, as when a tape runs faster.

use super::TrainingSet;
use crate::codec::BandStats;
use crate::dsp::BandAxis;
use crate::model::CodecKind;
use crate::values::Frames;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

/// Share of the chunks that are moved, and how far at most.
const PROBABILITY: f64 = 0.7;
const MOST_SEMITONES: f32 = 4.0;

/// Moves chunks of one corpus.
pub struct Transposer {
    centres_hz: Vec<f32>,
    stats: BandStats,
}

impl Transposer {
    /// For `set`; `None` when its codec's values have no frequencies.
    pub fn new(set: &TrainingSet) -> Option<Self> {
        let axis = BandAxis::standard();
        let has_frequencies = set.config.codec == CodecKind::Spectral && set.config.bands == axis.bands();
        has_frequencies.then(|| Self {
            centres_hz: (0..axis.bands()).map(|band| axis.centre_hz(band)).collect(),
            stats: set.stats.clone(),
        })
    }

    /// `chunk` in a random key, or as it is.
    pub fn anywhere(&self, chunk: Frames, rng: &mut ChaCha8Rng) -> Frames {
        if rng.random_bool(PROBABILITY) {
            self.by(&chunk, rng.random_range(-MOST_SEMITONES..MOST_SEMITONES))
        } else {
            chunk
        }
    }

    /// `chunk` `[frames x bands]`, standardised, moved by `semitones`.
    fn by(&self, chunk: &Frames, semitones: f32) -> Frames {
        let factor = (semitones / 12.0).exp2();
        let taps: Vec<(usize, usize, f32)> = self.centres_hz.iter().map(|hz| self.tap(hz / factor)).collect();
        let level = |row: &[f32], band: usize| row[band] * self.stats.std[band] + self.stats.mean[band];
        let mut moved = Frames::zeros(0, chunk.width());
        let mut levels = vec![0.0; chunk.width()];
        for row in chunk.rows() {
            for (target, (below, above, share)) in levels.iter_mut().zip(&taps) {
                *target = (1.0 - share) * level(row, *below) + share * level(row, *above);
            }
            moved.push_row(&levels);
        }
        self.stats.standardise(&mut moved);
        moved
    }

    /// The bands whose centres enclose `hz`, and how far it is from the first to the second.
    fn tap(&self, hz: f32) -> (usize, usize, f32) {
        let above = self.centres_hz.partition_point(|centre| *centre <= hz);
        let last = self.centres_hz.len() - 1;
        if above == 0 || above > last {
            let end = above.min(last);
            return (end, end, 0.0);
        }
        let (low, high) = (self.centres_hz[above - 1], self.centres_hz[above]);
        (above - 1, above, (hz - low) / (high - low))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn transposer() -> Transposer {
        let axis = BandAxis::standard();
        Transposer {
            centres_hz: (0..axis.bands()).map(|band| axis.centre_hz(band)).collect(),
            stats: BandStats {
                mean: vec![-5.0; axis.bands()],
                std: vec![2.0; axis.bands()],
            },
        }
    }

    /// One frame with a smooth peak at `hz`.
    fn peak(transposer: &Transposer, hz: f32) -> Frames {
        let level = |centre: &f32| 3.0 * (-(centre - hz).abs() / 60.0).exp() - 1.0;
        let row: Vec<f32> = transposer.centres_hz.iter().map(level).collect();
        Frames::from_vec(row.len(), row)
    }

    fn loudest_hz(transposer: &Transposer, frames: &Frames) -> f32 {
        let row = frames.row(0);
        let loudest = (0..row.len()).max_by(|a, b| row[*a].total_cmp(&row[*b])).unwrap();
        transposer.centres_hz[loudest]
    }

    #[test]
    fn an_octave_up_doubles_the_frequency() {
        let transposer = transposer();
        let up = transposer.by(&peak(&transposer, 430.0), 12.0);
        let hz = loudest_hz(&transposer, &up);
        assert!((hz - 860.0).abs() < 25.0, "{hz} Hz");
    }

    #[test]
    fn no_semitones_change_nothing() {
        let transposer = transposer();
        let original = peak(&transposer, 1_000.0);
        let same = transposer.by(&original, 0.0);
        for (a, b) in original.as_slice().iter().zip(same.as_slice()) {
            assert!((a - b).abs() < 1e-4);
        }
    }
}
