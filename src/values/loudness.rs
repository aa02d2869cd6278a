//! How loud what sounds is to be, whatever labels and places on the map do to it.

/// Loudness that sounds are brought to, in LUFS (ITU-R BS.1770), full volume.
const TARGET_LUFS: f32 = -16.0;
/// Most that matching turns a sound up or down: what is quieter still is meant to be, or is nothing but noise.
const MOST_LU: f32 = 12.0;
/// What a whole step of arousal adds, from calm (-1) to neither (0) or on to excited (1)...
const LU_PER_AROUSAL: f32 = 2.0;
/// ...and the most that arousal adds or takes, whatever its strength.
const MOST_AROUSAL_LU: f32 = 4.0;

/// The rule by which one sound is matched.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct LoudnessMatch {
    /// Every sound as loud as the others; otherwise a clip keeps the course of loudness that it was recorded with.
    pub levelled: bool,
    /// What the arousal asked for adds, in LU.
    pub arousal_lu: f32,
}

impl LoudnessMatch {
    /// `levelled` or not, for a sound whose arousal is asked to be `travel` (in -2..=2) more than its own, at `strength`.
    pub fn new(levelled: bool, travel: f32, strength: f32) -> Self {
        let lu = LU_PER_AROUSAL * travel * strength;
        Self {
            levelled,
            arousal_lu: if lu.is_finite() {
                lu.clamp(-MOST_AROUSAL_LU, MOST_AROUSAL_LU)
            } else {
                0.0
            },
        }
    }

    /// The gain in nats for a sound of `heard` LUFS, which is made of one of `own` LUFS; sounds of its kind have `typical` LUFS. No
    /// gain for what cannot be measured.
    pub fn gain(&self, heard: f32, own: f32, typical: f32) -> f32 {
        let aim = if self.levelled {
            TARGET_LUFS
        } else {
            TARGET_LUFS + own - typical
        };
        let lu = (aim - heard).clamp(-MOST_LU, MOST_LU) + self.arousal_lu;
        if lu.is_finite() {
            lu * std::f32::consts::LN_10 / 20.0
        } else {
            0.0
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lu(gain: f32) -> f32 {
        20.0 * gain / std::f32::consts::LN_10
    }

    #[test]
    fn levelled_sounds_are_equally_loud_and_others_keep_their_distance() {
        let levelled = LoudnessMatch::new(true, 0.0, 1.0);
        for heard in [-27.0, -16.0, -9.0] {
            assert!((heard + lu(levelled.gain(heard, -20.0, -18.0)) - TARGET_LUFS).abs() < 1e-4);
        }
        let kept = LoudnessMatch::new(false, 0.0, 1.0);
        for (heard, own) in [(-25.0, -21.0), (-12.0, -15.0)] {
            let loudness = heard + lu(kept.gain(heard, own, -18.0));
            assert!((loudness - (TARGET_LUFS + own + 18.0)).abs() < 1e-4);
        }
    }

    #[test]
    fn arousal_moves_it_by_a_little_and_what_is_silent_stays_so() {
        let moved = |travel, strength| LoudnessMatch::new(true, travel, strength).arousal_lu;
        assert_eq!((moved(1.0, 1.0), moved(-2.0, 3.0)), (2.0, -4.0));
        assert_eq!(moved(f32::NAN, 1.0), 0.0);
        let levelled = LoudnessMatch::new(true, 0.0, 1.0);
        assert!((lu(levelled.gain(-60.0, -60.0, -18.0)) - MOST_LU).abs() < 1e-4);
        assert_eq!(
            levelled.gain(f32::NEG_INFINITY, f32::NEG_INFINITY, f32::NAN),
            lu_limit()
        );
        assert_eq!(levelled.gain(f32::NAN, 0.0, 0.0), 0.0);
    }

    fn lu_limit() -> f32 {
        MOST_LU * std::f32::consts::LN_10 / 20.0
    }
}
