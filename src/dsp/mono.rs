//! One channel from two. The one rule for it: the louder of mid and side.
//!
//! The mean of both channels alone would be silence for a recording whose channels are each other's opposite, as some
//! widened or wrongly wired ones are.

/// Mid and side of a stereo frame: half the sum and half the difference. Equal channels are their own mid, to the bit.
pub fn mid_side([left, right]: [f32; 2]) -> [f32; 2] {
    [0.5 * (left + right), 0.5 * (left - right)]
}

/// One channel from `left` and `right`, as long as the shorter one: their mid, or their side where that has more power.
pub fn louder_of_mid_and_side(left: &[f32], right: &[f32]) -> Vec<f32> {
    let frames = || left.iter().zip(right).map(|(left, right)| mid_side([*left, *right]));
    let power = frames().fold([0.0f64; 2], |[mids, sides], [mid, side]| {
        [mids + f64::from(mid).powi(2), sides + f64::from(side).powi(2)]
    });
    let louder = usize::from(power[1] > power[0]);
    frames().map(|frame| frame[louder]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn power(samples: &[f32]) -> f32 {
        samples.iter().map(|sample| sample * sample).sum()
    }

    #[test]
    fn opposite_channels_are_not_silence() {
        let left: Vec<f32> = (0..500).map(|i| (i as f32 * 0.1).sin()).collect();
        let right: Vec<f32> = left.iter().map(|sample| -sample).collect();
        assert_eq!(louder_of_mid_and_side(&left, &right), left);
    }

    #[test]
    fn silence_and_nothing_stay_what_they_are() {
        assert_eq!(louder_of_mid_and_side(&[0.0; 3], &[0.0; 3]), [0.0; 3]);
        assert!(louder_of_mid_and_side(&[], &[]).is_empty());
    }

    proptest! {
        #[test]
        fn equal_channels_come_back_to_the_bit(samples in prop::collection::vec(-1.0f32..1.0, 0..200)) {
            prop_assert_eq!(louder_of_mid_and_side(&samples, &samples), samples);
        }

        #[test]
        fn at_least_half_of_what_the_frames_hold_is_kept(
            frames in prop::collection::vec((-1.0f32..1.0, -1.0f32..1.0), 1..200),
        ) {
            let (left, right): (Vec<f32>, Vec<f32>) = frames.into_iter().unzip();
            let kept = power(&louder_of_mid_and_side(&left, &right));
            // The power of both channels is twice that of mid and side together.
            prop_assert!(kept >= 0.249 * (power(&left) + power(&right)));
        }
    }
}
