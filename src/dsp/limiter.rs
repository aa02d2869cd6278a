//! A look-ahead peak limiter: quiet sound passes untouched, loud sound is turned down before its peak. The last step of
//! the live engine and of every file; never allocates while it processes.

/// No sample leaves louder than this; the room above it is for the overshoot of the rate converter.
const CEILING: f32 = 0.98;

/// Look-ahead in samples, 1.5 ms at 44.1 kHz.
const AHEAD: usize = 64;

/// Share of the way back to full gain per sample: 90 % after 50 ms at 44.1 kHz.
const RELEASE: f32 = 0.001;

/// The gain of a sample is the mean over `AHEAD` samples of a gain that is low enough for every one of them, so it is
/// low enough for the sample and never jumps.
pub struct Limiter {
    delayed: [f32; AHEAD],
    wanted: [f32; AHEAD],
    held: [f32; AHEAD],
    last_held: f32,
    cursor: usize,
}

impl Default for Limiter {
    fn default() -> Self {
        Self::new()
    }
}

impl Limiter {
    /// At full gain.
    pub fn new() -> Self {
        Self {
            delayed: [0.0; AHEAD],
            wanted: [1.0; AHEAD],
            held: [1.0; AHEAD],
            last_held: 1.0,
            cursor: 0,
        }
    }

    /// Samples between input and output.
    pub fn latency_samples(&self) -> usize {
        AHEAD - 1
    }

    /// All of `samples` through a fresh limiter, in place and without its delay: what a file gets.
    pub fn limit(samples: &mut Vec<f32>) {
        let mut limiter = Self::new();
        let (late, len) = (limiter.latency_samples(), samples.len());
        samples.resize(len + late, 0.0);
        limiter.process(samples);
        samples.drain(..late);
    }

    /// Limits `samples` in place; what is not a number becomes silence.
    pub fn process(&mut self, samples: &mut [f32]) {
        for sample in samples {
            let input = if sample.is_finite() { *sample } else { 0.0 };
            self.delayed[self.cursor] = input;
            self.wanted[self.cursor] = (CEILING / input.abs().max(CEILING)).min(1.0);
            let lowest = self.wanted.iter().copied().fold(1.0, f32::min);
            self.last_held = lowest.min(self.last_held + RELEASE * (1.0 - self.last_held));
            self.held[self.cursor] = self.last_held;
            self.cursor = (self.cursor + 1) % AHEAD;
            let gain = self.held.iter().sum::<f32>() / AHEAD as f32;
            *sample = self.delayed[self.cursor] * gain;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn nothing_exceeds_the_ceiling(mut samples in prop::collection::vec(prop_oneof![any::<f32>(), -4.0f32..4.0], 1..600)) {
            Limiter::new().process(&mut samples);
            for sample in samples {
                prop_assert!(sample.abs() <= CEILING * 1.000_01, "{sample}");
            }
        }
    }

    #[test]
    fn quiet_sound_passes_untouched() {
        let quiet: Vec<f32> = (0..1000).map(|i| 0.5 * (i as f32 * 0.1).sin()).collect();
        let mut limited = quiet.clone();
        let mut limiter = Limiter::new();
        limiter.process(&mut limited);
        let late = limiter.latency_samples();
        for (out, sample) in limited[late..].iter().zip(&quiet) {
            assert!((out - sample).abs() < 1e-6);
        }
    }

    #[test]
    fn a_whole_sound_is_limited_in_place_as_the_live_one_is_late() {
        let loud: Vec<f32> = (0..3000).map(|i| 1.6 * (i as f32 * 0.07).sin()).collect();
        let mut whole = loud.clone();
        Limiter::limit(&mut whole);
        assert_eq!(whole.len(), loud.len());
        let mut live = Limiter::new();
        let late = live.latency_samples();
        let mut heard = loud;
        heard.resize(heard.len() + late, 0.0);
        for hop in heard.chunks_mut(256) {
            live.process(hop);
        }
        assert_eq!(whole, heard[late..]);
    }
}
