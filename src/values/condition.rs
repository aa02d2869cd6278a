//! What the player asks for beside the point: genre mix, valence and arousal.

use serde::{Deserialize, Serialize};

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

    /// Negative and non-finite shares become 0, the rest sums to 1 (or stays all zero), emotions lie in -1..1.
    pub fn normalised(mut self) -> Self {
        for share in &mut self.genre {
            if !share.is_finite() || *share < 0.0 {
                *share = 0.0;
            }
        }
        let sum: f32 = self.genre.iter().sum();
        if sum > 0.0 {
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
    Happy,
    Angry,
    Sad,
    Calm,
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
