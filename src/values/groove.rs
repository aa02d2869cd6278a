//! When a clip beats, how fast, and in which key it is.

use serde::{Deserialize, Serialize};

/// Beats, tempo and key of a clip.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Groove {
    /// Beats a minute; 0 where the sound never changes.
    pub tempo_bpm: f32,
    /// How regular the beats are: the height of the tempo's autocorrelation, 0..1.
    pub pulse: f32,
    /// Milliseconds from the beginning of the clip, rising.
    pub beats_ms: Vec<u32>,
    /// The key that fits best.
    pub key: Key,
}

/// A key and how sure it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Key {
    /// Semitones above C, 0..12.
    pub tonic: u8,
    /// Minor instead of major.
    pub is_minor: bool,
    /// By how much it fits better than the next best key, as a difference of correlations: 0..2; 0 = no idea.
    pub certainty: f32,
}

/// Below this a tempo is a guess that nothing should be fitted to.
const STEADY_PULSE: f32 = 0.12;
/// A key that fits better by so much is certain enough to be counted in full.
const CLEAR_KEY: f32 = 0.1;

impl Groove {
    /// The tempo, where the beats are regular enough to have one.
    pub fn steady_tempo_bpm(&self) -> Option<f32> {
        (self.pulse >= STEADY_PULSE && self.tempo_bpm > 0.0).then_some(self.tempo_bpm)
    }

    /// Number of the first beat that is not before `secs`; the number of beats where there is none.
    pub fn beat_from(&self, secs: f32) -> usize {
        self.beats_ms.partition_point(|ms| (*ms as f32) < secs * 1e3)
    }
}

impl Key {
    /// How far it lies from `other`, 0..1, as far as both are certain: steps on the circle of fifths between the major keys with
    /// the same notes, six of which are the most.
    pub fn distance(&self, other: &Self) -> f32 {
        let fifths = |key: &Self| {
            let major = i32::from(key.tonic) + if key.is_minor { 3 } else { 0 };
            (major * 7).rem_euclid(12)
        };
        let apart = (fifths(self) - fifths(other)).rem_euclid(12);
        let sure = |key: &Self| (key.certainty / CLEAR_KEY).clamp(0.0, 1.0);
        apart.min(12 - apart) as f32 / 6.0 * sure(self) * sure(other)
    }
}

/// The factor on the speed of what has `own_bpm` at which it beats with what has `wanted_bpm`: octaves count as the same tempo.
/// `None` where that would be stretched by more than `most` octaves.
pub fn tempo_match(own_bpm: f32, wanted_bpm: f32, most: f32) -> Option<f32> {
    let octaves = (wanted_bpm / own_bpm).log2();
    let stretch = octaves - octaves.round();
    (stretch.abs() <= most).then(|| stretch.exp2())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(tonic: u8, is_minor: bool) -> Key {
        Key {
            tonic,
            is_minor,
            certainty: 1.0,
        }
    }

    #[test]
    fn relative_keys_are_the_same_and_a_tritone_is_the_farthest() {
        assert_eq!(key(0, false).distance(&key(9, true)), 0.0);
        assert_eq!(key(0, false).distance(&key(6, false)), 1.0);
        assert!((key(0, false).distance(&key(7, false)) - 1.0 / 6.0).abs() < 1e-6);
        let unsure = Key {
            certainty: 0.0,
            ..key(6, false)
        };
        assert_eq!(key(0, false).distance(&unsure), 0.0);
    }

    #[test]
    fn tempi_match_across_octaves_but_not_when_they_are_far() {
        assert!((tempo_match(60.0, 126.0, 0.1).unwrap() - 1.05).abs() < 1e-4);
        assert_eq!(tempo_match(120.0, 120.0, 0.1), Some(1.0));
        assert_eq!(tempo_match(100.0, 140.0, 0.1), None);
        assert_eq!(tempo_match(0.0, 140.0, 0.1), None);
    }
}
