//! What the player asks for beside the point: genre mix, valence and arousal.

use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;

/// How strongly a condition may shape the sound: 0 = the point keeps its own labels, 1 = as learned, more exaggerates.
pub const STRENGTHS: RangeInclusive<f32> = 0.0..=3.0;

/// `strength` within [`STRENGTHS`], wherever it comes from; 1 for what is not a number.
pub fn strength_in_range(strength: f32) -> f32 {
    if strength.is_nan() {
        return 1.0;
    }
    strength.clamp(*STRENGTHS.start(), *STRENGTHS.end())
}

/// Shares whose sum is this near to 1 are left as they are, so that to normalise twice changes nothing.
const SUM_ROUNDING: f32 = 1e-5;

/// A soft condition. Parts may be unknown; the model has a learned token for that.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Condition {
    /// Share of each genre in the space's order, each >= 0, summing to 1; all zero means unknown.
    pub genre: Vec<f32>,
    /// Unpleasant -1 .. pleasant 1.
    pub valence: Option<f32>,
    /// Calm -1 .. excited 1.
    pub arousal: Option<f32>,
}

impl Condition {
    /// Nothing is known about any of `genres` genres, valence or arousal.
    pub fn unknown(genres: usize) -> Self {
        Self {
            genre: vec![0.0; genres],
            valence: None,
            arousal: None,
        }
    }

    /// Whether any genre has a share.
    pub fn genre_known(&self) -> bool {
        self.genre.iter().any(|share| *share > 0.0)
    }

    /// The genre with the largest share, the first of them on a tie; `None` when none is above 0.
    pub fn leading_genre(&self) -> Option<u16> {
        let mut leading: Option<(u16, f32)> = None;
        for (genre, share) in (0..).zip(&self.genre) {
            if *share > leading.map_or(0.0, |(_, most)| most) {
                leading = Some((genre, *share));
            }
        }
        leading.map(|(genre, _)| genre)
    }

    /// Its quarter of the plane: pleasant or not, excited or not.
    pub fn quarter(&self) -> (Option<bool>, Option<bool>) {
        let half = |value: Option<f32>| value.map(|value| value >= 0.0);
        (half(self.valence), half(self.arousal))
    }

    /// What is heard when `self` is asked for over a sound with `labels`: what was not asked for is as the labels say,
    /// the genre mix, valence and arousal each for themselves.
    pub fn over(&self, labels: &Self) -> Self {
        let asked = self.clone().normalised();
        Self {
            genre: if asked.genre_known() {
                asked.genre
            } else {
                labels.genre.clone()
            },
            valence: asked.valence.or(labels.valence),
            arousal: asked.arousal.or(labels.arousal),
        }
    }

    /// Negative and non-finite shares become 0, the rest sums to 1 (or stays all zero), emotions lie in -1..1.
    pub fn normalised(mut self) -> Self {
        for share in &mut self.genre {
            if !share.is_finite() || *share < 0.0 {
                *share = 0.0;
            }
        }
        let sum: f32 = self.genre.iter().sum();
        if sum > 0.0 && (sum - 1.0).abs() > SUM_ROUNDING {
            self.genre.iter_mut().for_each(|share| *share /= sum);
        }
        let clean = |value: Option<f32>| value.filter(|v| v.is_finite()).map(|v| v.clamp(-1.0, 1.0));
        self.valence = clean(self.valence);
        self.arousal = clean(self.arousal);
        self
    }

    /// The same genres with the valence and arousal of `emotion`.
    pub fn with_emotion(mut self, emotion: Emotion) -> Self {
        let (valence, arousal) = emotion.valence_arousal();
        self.valence = Some(valence);
        self.arousal = Some(arousal);
        self
    }
}

/// The named corners of the valence/arousal plane (Russell's circumplex, 1980) and its middle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Emotion {
    /// Pleasant and excited.
    Happy,
    /// Unpleasant and excited.
    Angry,
    /// Unpleasant and calm.
    Sad,
    /// Pleasant and calm.
    Calm,
    /// The middle: 0 for both.
    Neutral,
}

impl Emotion {
    /// Every named emotion.
    pub const ALL: [Self; 5] = [Self::Happy, Self::Angry, Self::Sad, Self::Calm, Self::Neutral];

    /// Its place, each in -1..1.
    pub fn valence_arousal(self) -> (f32, f32) {
        match self {
            Self::Happy => (0.7, 0.6),
            Self::Angry => (-0.7, 0.7),
            Self::Sad => (-0.6, -0.6),
            Self::Calm => (0.6, -0.6),
            Self::Neutral => (0.0, 0.0),
        }
    }

    /// The word a user types and reads.
    pub fn name(self) -> &'static str {
        match self {
            Self::Happy => "happy",
            Self::Angry => "angry",
            Self::Sad => "sad",
            Self::Calm => "calm",
            Self::Neutral => "neutral",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mix(genre: &[f32]) -> Condition {
        Condition {
            genre: genre.to_vec(),
            ..Condition::default()
        }
    }

    #[test]
    fn the_first_of_equal_genres_leads_and_nothing_leads_nothing() {
        assert_eq!(mix(&[0.2, 0.4, 0.4]).leading_genre(), Some(1));
        assert_eq!(mix(&[0.5, 0.5]).leading_genre(), Some(0));
        assert_eq!(mix(&[f32::NAN, 0.1]).leading_genre(), Some(1));
        for silent in [&[][..], &[0.0, 0.0], &[-1.0, f32::NAN]] {
            assert_eq!(mix(silent).leading_genre(), None, "{silent:?}");
        }
    }

    #[test]
    fn what_is_not_asked_for_is_as_labelled_part_by_part() {
        let labels = Condition {
            genre: vec![0.25, 0.75],
            valence: Some(0.1),
            arousal: Some(-0.2),
        };
        assert_eq!(Condition::unknown(2).over(&labels), labels);
        let genre_only = mix(&[2.0, 0.0]).over(&labels);
        assert_eq!((genre_only.genre, genre_only.valence), (vec![1.0, 0.0], Some(0.1)));
        let mood_only = Condition {
            arousal: Some(0.9),
            ..Condition::unknown(2)
        };
        let mood_only = mood_only.over(&labels);
        assert_eq!(mood_only.genre, labels.genre);
        assert_eq!((mood_only.valence, mood_only.arousal), (Some(0.1), Some(0.9)));
    }

    #[test]
    fn strengths_are_pulled_into_one_range() {
        assert_eq!(
            [-1.0, 0.5, 2.7, 900.0, f32::NAN].map(strength_in_range),
            [0.0, 0.5, 2.7, 3.0, 1.0]
        );
    }
}
