//! Any number of channels to two. Pure.
//!
//! Weights after ITU-R BS.775: a centre goes to both sides and what is beside or behind to its own, each 3 dB down; the low-frequency
//! channel is left out. All is scaled so that full scale everywhere stays full scale.

use std::f32::consts::FRAC_1_SQRT_2;
use symphonia::core::audio::{Channels, Position};

/// How channels become a left and a right one.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum StereoMix {
    Mono,
    Stereo,
    /// Weights of each channel in left and right.
    Matrix(Vec<[f32; 2]>),
}

impl StereoMix {
    /// For the channels that a decoder names.
    pub(super) fn of(channels: &Channels) -> Self {
        match channels {
            Channels::Positioned(positions) if channels.count() > 2 => {
                Self::matrix(positions.iter().map(weights).collect())
            }
            _ => Self::of_count(channels.count()),
        }
    }

    /// For `count` channels of which nothing else is known: in the order of WAV files up to eight of them, else left and right
    /// by turns.
    pub(super) fn of_count(count: usize) -> Self {
        const L: [f32; 2] = [1.0, 0.0];
        const R: [f32; 2] = [0.0, 1.0];
        const C: [f32; 2] = [FRAC_1_SQRT_2, FRAC_1_SQRT_2];
        const LOW: [f32; 2] = [0.0, 0.0];
        const BL: [f32; 2] = [FRAC_1_SQRT_2, 0.0];
        const BR: [f32; 2] = [0.0, FRAC_1_SQRT_2];
        match count {
            0 | 1 => Self::Mono,
            2 => Self::Stereo,
            3 => Self::matrix(vec![L, R, C]),
            4 => Self::matrix(vec![L, R, BL, BR]),
            5 => Self::matrix(vec![L, R, C, BL, BR]),
            6 => Self::matrix(vec![L, R, C, LOW, BL, BR]),
            7 => Self::matrix(vec![L, R, C, LOW, [0.5, 0.5], BL, BR]),
            8 => Self::matrix(vec![L, R, C, LOW, BL, BR, BL, BR]),
            many => Self::matrix((0..many).map(|channel| if channel % 2 == 0 { L } else { R }).collect()),
        }
    }

    fn matrix(mut weights: Vec<[f32; 2]>) -> Self {
        let sum = |side: usize| weights.iter().map(|pair| pair[side]).sum::<f32>();
        let scale = 1.0 / sum(0).max(sum(1)).max(1e-3);
        for pair in &mut weights {
            *pair = pair.map(|weight| weight * scale);
        }
        Self::Matrix(weights)
    }

    /// Left and right of interleaved samples, into `pairs` instead of what they held.
    pub(super) fn pairs(&self, interleaved: &[f32], pairs: &mut Vec<[f32; 2]>) {
        pairs.clear();
        match self {
            Self::Mono => pairs.extend(interleaved.iter().map(|sample| [*sample; 2])),
            Self::Stereo => pairs.extend_from_slice(interleaved.as_chunks().0),
            Self::Matrix(weights) => {
                let frames = interleaved.chunks_exact(weights.len());
                pairs.extend(frames.map(|frame| {
                    frame
                        .iter()
                        .zip(weights)
                        .fold([0.0; 2], |[left, right], (sample, weight)| {
                            [left + sample * weight[0], right + sample * weight[1]]
                        })
                }));
            }
        }
    }

    /// Channels in.
    pub(super) fn count(&self) -> usize {
        match self {
            Self::Mono => 1,
            Self::Stereo => 2,
            Self::Matrix(weights) => weights.len(),
        }
    }
}

/// Weights of one loudspeaker in left and right.
fn weights(position: Position) -> [f32; 2] {
    const SIDE: f32 = FRAC_1_SQRT_2;
    match position {
        Position::FRONT_LEFT | Position::FRONT_LEFT_CENTER | Position::FRONT_LEFT_WIDE => [1.0, 0.0],
        Position::FRONT_RIGHT | Position::FRONT_RIGHT_CENTER | Position::FRONT_RIGHT_WIDE => [0.0, 1.0],
        Position::FRONT_CENTER => [SIDE, SIDE],
        Position::LFE1 | Position::LFE2 => [0.0, 0.0],
        Position::REAR_LEFT
        | Position::SIDE_LEFT
        | Position::TOP_FRONT_LEFT
        | Position::TOP_REAR_LEFT
        | Position::TOP_SIDE_LEFT
        | Position::BOTTOM_FRONT_LEFT => [SIDE, 0.0],
        Position::REAR_RIGHT
        | Position::SIDE_RIGHT
        | Position::TOP_FRONT_RIGHT
        | Position::TOP_REAR_RIGHT
        | Position::TOP_SIDE_RIGHT
        | Position::BOTTOM_FRONT_RIGHT => [0.0, SIDE],
        _ => [0.5, 0.5],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_point_one_keeps_its_sides_and_loses_the_rumble() {
        let positions = Position::FRONT_LEFT
            | Position::FRONT_RIGHT
            | Position::FRONT_CENTER
            | Position::LFE1
            | Position::REAR_LEFT
            | Position::REAR_RIGHT;
        let StereoMix::Matrix(named) = StereoMix::of(&Channels::Positioned(positions)) else {
            panic!("six channels need a matrix")
        };
        assert_eq!(
            StereoMix::Matrix(named.clone()),
            StereoMix::of_count(6),
            "the order of WAV files"
        );
        assert_eq!(named[3], [0.0, 0.0]);
        assert_eq!(named[2][0], named[2][1]);
        assert!((named[0][0] / named[4][0] - 2f32.sqrt()).abs() < 1e-6 && named[0][1] == 0.0 && named[4][1] == 0.0);
        for side in 0..2 {
            let sum: f32 = named.iter().map(|pair| pair[side]).sum();
            assert!((sum - 1.0).abs() < 1e-6, "full scale stays full scale: {sum}");
        }
    }
}
