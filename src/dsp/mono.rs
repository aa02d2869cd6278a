//! The one rule for making two channels one: the louder of mid and side.
//!
//! The mean of the channels (mid) of a recording whose right channel is its left one upside down is silence; half their
//! difference (side) then holds the music. Import, mono sound cards and everything else that needs one channel ask here.

use super::lanes::sum;

/// Which sum of a left and a right channel stands for both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MonoMix {
    /// `(left + right) / 2`.
    #[default]
    Mid,
    /// `(left - right) / 2`.
    Side,
}

impl MonoMix {
    /// The mix of samples `left` and `right`, of the same scale as they are.
    pub fn of(self, left: f32, right: f32) -> f32 {
        match self {
            Self::Mid => 0.5 * (left + right),
            Self::Side => 0.5 * (left - right),
        }
    }

    /// Appends the mix of interleaved `pairs` of left and right to `mono`.
    pub fn extend(self, mono: &mut Vec<f32>, pairs: &[[f32; 2]]) {
        match self {
            Self::Mid => mono.extend(pairs.iter().map(|[left, right]| Self::Mid.of(*left, *right))),
            Self::Side => mono.extend(pairs.iter().map(|[left, right]| Self::Side.of(*left, *right))),
        }
    }
}

/// Mid and side of a stereo frame. Equal channels are their own mid, to the bit.
pub fn mid_side([left, right]: [f32; 2]) -> [f32; 2] {
    [MonoMix::Mid.of(left, right), MonoMix::Side.of(left, right)]
}

/// Energy of mid and side so far: a file's, a clip's, or of the last moments of a stream.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct MidSideEnergy {
    /// Sum of squares of `(left + right) / 2`.
    pub mid: f64,
    /// Sum of squares of `(left - right) / 2`.
    pub side: f64,
}

impl MidSideEnergy {
    /// Samples whose squares are summed in single precision.
    const BLOCK: usize = 256;

    /// Adds interleaved `pairs` of left and right. Blocks with a sample that is not finite say nothing and are left out.
    pub fn add(&mut self, pairs: &[[f32; 2]]) {
        let (mut mid, mut side) = ([0.0; Self::BLOCK], [0.0; Self::BLOCK]);
        for block in pairs.chunks(Self::BLOCK) {
            for (([left, right], mid), side) in block.iter().zip(&mut mid).zip(&mut side) {
                *mid = MonoMix::Mid.of(*left, *right).powi(2);
                *side = MonoMix::Side.of(*left, *right).powi(2);
            }
            let (mid, side) = (sum(&mid[..block.len()]), sum(&side[..block.len()]));
            if mid.is_finite() && side.is_finite() {
                self.mid += f64::from(mid);
                self.side += f64::from(side);
            }
        }
    }

    /// The louder of the two; mid where both are equal.
    pub fn louder(self) -> MonoMix {
        if self.side > self.mid {
            MonoMix::Side
        } else {
            MonoMix::Mid
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(i: usize) -> f32 {
        (i as f32 * 0.07).sin() * 0.5
    }

    fn mono_of(pair: impl Fn(f32) -> [f32; 2]) -> (MonoMix, Vec<f32>) {
        let pairs: Vec<[f32; 2]> = (0..1_000).map(|i| pair(tone(i))).collect();
        let mut energy = MidSideEnergy::default();
        energy.add(&pairs);
        let (mix, mut mono) = (energy.louder(), Vec::new());
        mix.extend(&mut mono, &pairs);
        (mix, mono)
    }

    #[test]
    fn a_channel_upside_down_is_music_and_not_silence() {
        let (mix, mono) = mono_of(|sample| [sample, -sample]);
        assert_eq!(mix, MonoMix::Side);
        assert!(mono.iter().enumerate().all(|(i, sample)| *sample == tone(i)));
    }

    #[test]
    fn ordinary_stereo_is_the_mean_and_one_side_alone_keeps_half() {
        let (mix, mono) = mono_of(|sample| [sample, 0.5 * sample]);
        assert_eq!(mix, MonoMix::Mid);
        assert!((mono[10] - 0.75 * tone(10)).abs() < 1e-7);
        let (mix, mono) = mono_of(|sample| [0.0, sample]);
        assert_eq!(mix, MonoMix::Mid, "of two equals the mean");
        assert!((mono[10] - 0.5 * tone(10)).abs() < 1e-7);
    }

    #[test]
    fn damage_decides_nothing() {
        let mut pairs = vec![[0.25, 0.25]; 1_024];
        pairs[3] = [f32::NAN, 1.0];
        pairs[300] = [f32::INFINITY, -1.0];
        let mut energy = MidSideEnergy::default();
        energy.add(&pairs);
        assert_eq!(
            energy,
            MidSideEnergy {
                mid: 512.0 / 16.0,
                side: 0.0
            }
        );
        assert_eq!(energy.louder(), MonoMix::Mid);
    }
}
