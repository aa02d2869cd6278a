//! A look-ahead peak limiter: quiet sound passes untouched, loud sound is turned down before its peak, both channels
//! together. The last step of the live engine and of every file; never allocates while it processes.

/// No sample leaves louder than this; the room above it is for the overshoot of the rate converter.
const CEILING: f32 = 0.98;

/// Look-ahead in samples, 1.5 ms at 44.1 kHz.
const AHEAD: usize = 64;

/// Share of the way back to full gain per sample: 90 % after 50 ms at 44.1 kHz.
const RELEASE: f32 = 0.001;

/// Frames of a file between two looks at whether to go on.
const FRAMES_PER_LOOK: usize = 1 << 18;

/// The gain of a sample is the mean over `AHEAD` samples of a gain that is low enough for every one of them, so it is
/// low enough for the sample and never jumps.
pub struct Limiter {
    delayed: [[f32; 2]; AHEAD],
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
            delayed: [[0.0; 2]; AHEAD],
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

    /// All of the interleaved `samples` of one or two `channels` through a fresh limiter, in place and without its delay: what
    /// a file gets. Once `is_stopped`, which is asked every few seconds of sound, the rest is left as it is.
    pub fn limit(samples: &mut Vec<f32>, channels: usize, is_stopped: &dyn Fn() -> bool) {
        let mut limiter = Self::new();
        let late = limiter.latency_samples();
        let last = channels.clamp(1, 2) - 1;
        let frames = samples.chunks_exact(last + 1).map(|frame| [frame[0], frame[last]]);
        let mut frames: Vec<[f32; 2]> = frames.collect();
        frames.resize(frames.len() + late, [0.0; 2]);
        for part in frames.chunks_mut(FRAMES_PER_LOOK) {
            if is_stopped() {
                return;
            }
            limiter.process(part);
        }
        samples.clear();
        samples.extend(frames[late..].iter().flat_map(|frame| &frame[..=last]));
    }

    /// Limits stereo `frames` in place; what is not a number becomes silence. Both channels get the gain that the louder one
    /// needs, so that nothing moves sideways.
    pub fn process(&mut self, frames: &mut [[f32; 2]]) {
        for frame in frames {
            let input = frame.map(|sample| if sample.is_finite() { sample } else { 0.0 });
            let peak = input[0].abs().max(input[1].abs());
            self.delayed[self.cursor] = input;
            self.wanted[self.cursor] = (CEILING / peak.max(CEILING)).min(1.0);
            let lowest = self.wanted.iter().copied().fold(1.0, f32::min);
            self.last_held = lowest.min(self.last_held + RELEASE * (1.0 - self.last_held));
            self.held[self.cursor] = self.last_held;
            self.cursor = (self.cursor + 1) % AHEAD;
            let gain = self.held.iter().sum::<f32>() / AHEAD as f32;
            *frame = self.delayed[self.cursor].map(|sample| sample * gain);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn nothing_exceeds_the_ceiling(samples in prop::collection::vec(prop_oneof![any::<f32>(), -4.0f32..4.0], 1..600)) {
            let mut frames: Vec<[f32; 2]> = samples.iter().map(|sample| [*sample, 0.7 - sample]).collect();
            Limiter::new().process(&mut frames);
            for sample in frames.into_iter().flatten() {
                prop_assert!(sample.abs() <= CEILING * 1.000_01, "{sample}");
            }
        }
    }

    #[test]
    fn quiet_sound_passes_untouched() {
        let quiet: Vec<[f32; 2]> = (0..1000).map(|i| [0.5 * (i as f32 * 0.1).sin(), 0.1]).collect();
        let mut limited = quiet.clone();
        let mut limiter = Limiter::new();
        limiter.process(&mut limited);
        let late = limiter.latency_samples();
        for (out, frame) in limited[late..].iter().flatten().zip(quiet.iter().flatten()) {
            assert!((out - frame).abs() < 1e-6);
        }
    }

    #[test]
    fn a_whole_sound_is_limited_in_place_as_the_live_one_is_late() {
        let loud: Vec<f32> = (0..3000).map(|i| 1.6 * (i as f32 * 0.07).sin()).collect();
        let mut whole = loud.clone();
        Limiter::limit(&mut whole, 1, &|| false);
        assert_eq!(whole.len(), loud.len());
        let mut live = Limiter::new();
        let late = live.latency_samples();
        let mut heard: Vec<[f32; 2]> = loud.iter().map(|sample| [*sample; 2]).collect();
        heard.resize(heard.len() + late, [0.0; 2]);
        for hop in heard.chunks_mut(256) {
            live.process(hop);
        }
        let heard: Vec<f32> = heard[late..].iter().map(|frame| frame[1]).collect();
        assert_eq!(whole, heard);
    }

    #[test]
    fn a_peak_on_one_side_turns_both_down_alike() {
        let mut frames = vec![[0.2, 0.1]; 1_000];
        frames[500][0] = 4.0;
        Limiter::new().process(&mut frames);
        let ducked = frames[480..600].iter().filter(|frame| frame[1] < 0.09).count();
        assert!(ducked > 50, "the right channel stays up in all but {ducked} frames");
        let balance_moves =
            |frame: &[f32; 2]| frame[0] < 0.5 && frame[1] > 0.0 && (frame[0] / frame[1] - 2.0).abs() > 1e-3;
        assert!(!frames.iter().any(balance_moves));
    }
}
