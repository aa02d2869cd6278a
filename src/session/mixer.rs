//! The condition as a person sets it: one fader per genre, a point on the emotion pad, a strength.

use crate::decode::{Asked, Relatives};
use crate::values::Condition;
use serde::{Deserialize, Serialize};

/// Faders are independent; what is heard is their share of the sum, so any number of genres can be mixed without
/// one slider pulling another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mixer {
    /// 0..1 each, in the space's genre order.
    pub faders: Vec<f32>,
    /// Valence and arousal in -1..1; `None` = not asked for.
    pub emotion: Option<(f32, f32)>,
    /// Within [`STRENGTHS`](crate::values::STRENGTHS).
    pub strength: f32,
    /// Every clip sounds under its own labels and the faders follow it.
    pub as_recorded: bool,
}

impl Default for Mixer {
    fn default() -> Self {
        Self {
            faders: Vec::new(),
            emotion: None,
            strength: 1.0,
            as_recorded: true,
        }
    }
}

impl Mixer {
    /// All faders down, for a space of `genres` genres.
    pub fn for_genres(genres: usize) -> Self {
        Self {
            faders: vec![0.0; genres],
            ..Self::default()
        }
    }

    /// Under which condition to sound: the faders and the pad, or none of its own while clips sound as recorded.
    pub fn asked(&self, match_loudness: bool, relatives: Relatives) -> Asked {
        Asked {
            condition: (!self.as_recorded).then(|| self.condition()),
            strength: self.strength,
            match_loudness,
            relatives,
        }
    }

    /// What faders and pad say; what they leave open (no fader up, no mood) sounds as the chunk's own labels say.
    pub fn condition(&self) -> Condition {
        Condition {
            genre: self.faders.clone(),
            valence: self.emotion.map(|(valence, _)| valence),
            arousal: self.emotion.map(|(_, arousal)| arousal),
        }
        .normalised()
    }

    /// Share of every genre; they sum to 1, or are all 0 when every fader is down.
    pub fn shares(&self) -> Vec<f32> {
        self.condition().genre
    }

    /// Sets the faders and the pad to `labels`, keeping the strength.
    pub fn show_labels(&mut self, labels: &Condition) {
        for (fader, share) in self.faders.iter_mut().zip(&labels.genre) {
            *fader = *share;
        }
        self.emotion = match (labels.valence, labels.arousal) {
            (None, None) => None,
            (valence, arousal) => Some((valence.unwrap_or(0.0), arousal.unwrap_or(0.0))),
        };
    }

    /// Leaves only `genre` up.
    pub fn solo(&mut self, genre: usize) {
        for (i, fader) in self.faders.iter_mut().enumerate() {
            *fader = if i == genre { 1.0 } else { 0.0 };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn shares_sum_to_one_or_to_nothing(faders in prop::collection::vec(0.0f32..=1.0, 0..20)) {
            let mixer = Mixer { faders, ..Mixer::default() };
            let sum: f32 = mixer.shares().iter().sum();
            prop_assert!(sum == 0.0 || (sum - 1.0).abs() < 1e-4, "{sum}");
        }
    }

    #[test]
    fn a_solo_silences_every_other_genre() {
        let mut mixer = Mixer {
            faders: vec![0.2, 0.9, 0.4],
            ..Mixer::default()
        };
        mixer.solo(2);
        assert_eq!(mixer.shares(), vec![0.0, 0.0, 1.0]);
    }
}
