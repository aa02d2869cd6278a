//! Real-time: two channels for a device that has one: the louder of mid and side, as it goes.

use crate::dsp::mid_side;

/// Seconds over which loudness is judged, and those a change from one to the other takes.
const JUDGED_SECS: f32 = 1.0;
const FADE_SECS: f32 = 0.05;

/// How much louder the other one must be before it takes over, in power: 3 dB, so that equals do not take turns.
const LEAD: f32 = 2.0;

/// Follows which one is louder.
pub struct MonoDownmix {
    /// Mean power of mid and side.
    power: [f32; 2],
    forgets: f32,
    plays_side: bool,
    /// From mid (0) to side (1).
    share: f32,
    step: f32,
}

impl MonoDownmix {
    /// Plays the mid of a signal of `rate_hz` until its side is louder.
    pub fn new(rate_hz: u32) -> Self {
        Self {
            power: [0.0; 2],
            forgets: 1.0 / (JUDGED_SECS * rate_hz as f32),
            plays_side: false,
            share: 0.0,
            step: 1.0 / (FADE_SECS * rate_hz as f32),
        }
    }

    /// The one channel of `frame`.
    pub fn mix(&mut self, frame: [f32; 2]) -> f32 {
        let both = mid_side(frame);
        for (power, sample) in self.power.iter_mut().zip(both) {
            *power += self.forgets * (sample * sample - *power);
        }
        let [mid, side] = self.power;
        if self.plays_side {
            self.plays_side = mid <= LEAD * side;
        } else {
            self.plays_side = side > LEAD * mid;
        }
        let target = if self.plays_side { 1.0 } else { 0.0 };
        self.share += (target - self.share).clamp(-self.step, self.step);
        both[0] + self.share * (both[1] - both[0])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE_HZ: u32 = 48_000;

    fn sine(index: u32) -> f32 {
        (std::f32::consts::TAU * 440.0 * index as f32 / RATE_HZ as f32).sin()
    }

    #[test]
    fn equal_channels_pass_to_the_bit() {
        let mut mix = MonoDownmix::new(RATE_HZ);
        for index in 0..2 * RATE_HZ {
            assert_eq!(mix.mix([sine(index); 2]), sine(index));
        }
    }

    #[test]
    fn opposite_channels_are_heard_and_nothing_jumps_on_the_way_back() {
        let mut mix = MonoDownmix::new(RATE_HZ);
        let mut before = 0.0;
        let (mut opposite, mut equal) = (0.0f32, 0.0f32);
        for index in 0..8 * RATE_HZ {
            let sample = sine(index);
            let is_opposite = index < 4 * RATE_HZ;
            let mono = mix.mix([sample, if is_opposite { -sample } else { sample }]);
            if index % RATE_HZ > RATE_HZ / 2 {
                let peak = if is_opposite { &mut opposite } else { &mut equal };
                *peak = peak.max(mono.abs());
            }
            if index != 4 * RATE_HZ {
                let jump: f32 = mono - before;
                assert!(jump.abs() < 0.07, "{jump} at {index}");
            }
            before = mono;
        }
        assert!(opposite > 0.99 && equal > 0.99, "{opposite} and {equal}");
    }
}
