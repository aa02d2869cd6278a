//! How loud a decoded chunk is: never louder than the loud passages of the music it was learned from, and, where that is asked
//! for, as loud as other sounds are.

use crate::dsp::{BandAxis, LevelMeter};
use crate::values::{Frames, LoudnessMatch};

/// Loudest mean square of a chunk, -14 dBFS: clips are imported at -20 dBFS, their loud passages lie some decibels above. A slider
/// at its end can lift every band at once, and the limiter would then squash what should be coloured.
const CEILING: f32 = 0.04;
/// What a typical decoded chunk has: the median of 24 clips of real music under their own labels.
pub(super) const TYPICAL_LUFS: f32 = -19.8;
/// By so much the voice of levels is quieter than they are, because frames cancel where they overlap: the median of 12 chunks under
/// foreign genres, of which none was .5 off. Levels that no sound could have lose more.
const VOICE_LOSS_LU: f32 = 0.5;

/// Controls the loudness of frames of the built-in codec.
#[derive(Clone, Debug)]
pub(super) struct LoudnessControl {
    meter: LevelMeter,
}

impl LoudnessControl {
    pub(super) fn new(axis: &BandAxis) -> Self {
        Self {
            meter: LevelMeter::new(axis),
        }
    }

    /// Lowers all of `levels` `[frames x bands]`, nats, by the same amount where they are too loud together.
    pub(super) fn hold(&self, levels: &mut Frames) {
        let excess = 0.5 * (self.meter.mean_square(levels) / CEILING).ln();
        if excess > 0.0 && excess.is_finite() {
            shift(levels, -excess);
        }
    }

    /// Brings `levels` to the loudness that `rule` says for what is made of `own`.
    pub(super) fn bring(&self, levels: &mut Frames, rule: LoudnessMatch, own: Option<&Frames>) {
        let voiced = |levels: &Frames| self.meter.lufs(levels) - VOICE_LOSS_LU;
        let heard = voiced(levels);
        let own = own.map_or(heard, voiced);
        shift(levels, rule.gain(heard, own, TYPICAL_LUFS));
    }
}

fn shift(levels: &mut Frames, by: f32) {
    levels.as_mut_slice().iter_mut().for_each(|level| *level += by);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::SpectralCodec;
    use crate::dsp::WhiteNoise;

    #[test]
    fn loud_chunks_are_lowered_to_the_ceiling_and_others_left_alone() {
        let codec = SpectralCodec::new(BandAxis::standard());
        let ceiling = LoudnessControl::new(codec.axis());
        let noise = |amplitude: f32| -> Vec<f32> { WhiteNoise::new(1).map(|x| amplitude * x).take(44_100).collect() };
        // Uniform noise of width a has a mean square of a^2 / 12, a tenth of it above 20 kHz, which no band holds.
        let quiet = codec.analyse(&noise(0.3));
        let heard = ceiling.meter.mean_square(&quiet);
        assert!((heard / (0.09 / 12.0 * 0.9) - 1.0).abs() < 0.25, "mean square {heard}");
        let mut same = quiet.clone();
        ceiling.hold(&mut same);
        assert_eq!(same, quiet);
        let mut loud = codec.analyse(&noise(1.9));
        ceiling.hold(&mut loud);
        assert!((ceiling.meter.mean_square(&loud) / CEILING - 1.0).abs() < 0.01);
    }

    #[test]
    fn sounds_are_brought_to_one_loudness_or_keep_their_distance() {
        let codec = SpectralCodec::new(BandAxis::standard());
        let control = LoudnessControl::new(codec.axis());
        let sine = |amplitude: f32| -> Frames {
            let wave = (0..44_100).map(|i| amplitude * (i as f32 * 0.142).sin());
            codec.analyse(&wave.collect::<Vec<_>>())
        };
        let (soft, loud) = (sine(0.05), sine(0.15));
        let after = |levels: &Frames, rule| {
            let mut levels = levels.clone();
            control.bring(&mut levels, rule, Some(&soft));
            control.meter.lufs(&levels)
        };
        let levelled = LoudnessMatch::new(true, 0.0, 1.0);
        assert!((after(&soft, levelled) - after(&loud, levelled)).abs() < 0.01);
        let kept = LoudnessMatch::new(false, 0.0, 1.0);
        assert!(
            (after(&loud, kept) - after(&soft, kept)).abs() < 0.01,
            "both are made of the soft one"
        );
        let excited = LoudnessMatch::new(true, 1.0, 1.0);
        assert!((after(&loud, excited) - after(&loud, levelled) - 2.0).abs() < 0.01);
        // 997 Hz at -26 dBFS in both channels: -26 - 3 + 3 - .7 + .7 LUFS.
        assert!(
            (control.meter.lufs(&soft) + 26.0).abs() < 1.0,
            "{}",
            control.meter.lufs(&soft)
        );
    }
}
