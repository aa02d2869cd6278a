//! A look-ahead peak limiter: quiet sound passes untouched, loud sound is turned down before its peak, both channels
//! together. The last step of the live engine and of every file; never allocates while it processes.

use super::true_peak::{TRUE_PEAK_DELAY, TruePeak};

/// The true peak that nothing exceeds, -1.1 dBTP: a lossy coder asks for 1 dB of room (EBU R 128), and what lies between the places
/// looked at for a little more.
const TRUE_PEAK_CEILING: f32 = 0.881;
/// What no sample exceeds by the earlier rule.
const SAMPLE_CEILING: f32 = 0.98;

/// Look-ahead in samples, 1.5 ms at 44.1 kHz.
const AHEAD: usize = 64;

/// Share of the way back to full gain per sample: 90 % after 50 ms at 44.1 kHz.
const RELEASE: f32 = 0.001;

/// Frames of a file between two looks at whether to go on.
const FRAMES_PER_LOOK: usize = 1 << 18;

/// What must stay below the ceiling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Peaks {
    /// The wave between samples too: below -1 dBTP.
    True,
    /// The samples alone, below .98: how recipes of the second version were limited.
    Samples,
}

/// Samples by which a frame is held back.
const HELD_BACK: usize = AHEAD + TRUE_PEAK_DELAY;

/// The gain of a sample is the mean over `AHEAD` samples of a gain that is low enough for every one of them, so it is
/// low enough for the sample and never jumps.
pub struct Limiter {
    peaks: Peaks,
    ear: TruePeak,
    delayed: [[f32; 2]; HELD_BACK],
    newest: usize,
    wanted: [f32; AHEAD],
    held: [f32; AHEAD],
    last_held: f32,
    cursor: usize,
}

impl Default for Limiter {
    fn default() -> Self {
        Self::new(Peaks::True)
    }
}

impl Limiter {
    /// At full gain.
    pub fn new(peaks: Peaks) -> Self {
        Self {
            peaks,
            ear: TruePeak::new(),
            delayed: [[0.0; 2]; HELD_BACK],
            newest: 0,
            wanted: [1.0; AHEAD],
            held: [1.0; AHEAD],
            last_held: 1.0,
            cursor: 0,
        }
    }

    /// Samples between input and output.
    pub fn latency_samples(&self) -> usize {
        HELD_BACK - 1
    }

    /// All of the interleaved `samples` of one or two `channels` through a fresh limiter, in place and without its delay: what
    /// a file gets. Once `is_stopped`, which is asked every few seconds of sound, the rest is left as it is.
    pub fn limit(samples: &mut Vec<f32>, channels: usize, peaks: Peaks, is_stopped: &dyn Fn() -> bool) {
        let mut limiter = Self::new(peaks);
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
            self.delayed[self.newest] = input;
            self.newest = (self.newest + 1) % HELD_BACK;
            let (peak, ceiling) = match self.peaks {
                Peaks::True => (self.ear.push(input), TRUE_PEAK_CEILING),
                Peaks::Samples => {
                    let [left, right] = self.delayed[(self.newest + AHEAD - 1) % HELD_BACK];
                    (left.abs().max(right.abs()), SAMPLE_CEILING)
                }
            };
            self.wanted[self.cursor] = (ceiling / peak.max(ceiling)).min(1.0);
            let lowest = self.wanted.iter().copied().fold(1.0, f32::min);
            self.last_held = lowest.min(self.last_held + RELEASE * (1.0 - self.last_held));
            self.held[self.cursor] = self.last_held;
            self.cursor = (self.cursor + 1) % AHEAD;
            let gain = self.held.iter().sum::<f32>() / AHEAD as f32;
            *frame = self.delayed[self.newest].map(|sample| sample * gain);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dsp::WhiteNoise;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn nothing_exceeds_the_ceiling(samples in prop::collection::vec(prop_oneof![any::<f32>(), -4.0f32..4.0], 1..600)) {
            let frames: Vec<[f32; 2]> = samples.iter().map(|sample| [*sample, 0.7 - sample]).collect();
            for (peaks, ceiling) in [(Peaks::True, TRUE_PEAK_CEILING), (Peaks::Samples, SAMPLE_CEILING)] {
                let mut limited = frames.clone();
                Limiter::new(peaks).process(&mut limited);
                for sample in limited.into_iter().flatten() {
                    prop_assert!(sample.abs() <= ceiling * 1.000_01, "{sample}");
                }
            }
        }
    }

    #[test]
    fn quiet_sound_passes_untouched() {
        let quiet: Vec<[f32; 2]> = (0..1000).map(|i| [0.5 * (i as f32 * 0.1).sin(), 0.1]).collect();
        let mut limited = quiet.clone();
        let mut limiter = Limiter::default();
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
        Limiter::limit(&mut whole, 1, Peaks::True, &|| false);
        assert_eq!(whole.len(), loud.len());
        let mut live = Limiter::default();
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
        Limiter::default().process(&mut frames);
        let ducked = frames[480..600].iter().filter(|frame| frame[1] < 0.09).count();
        assert!(ducked > 50, "the right channel stays up in all but {ducked} frames");
        let balance_moves =
            |frame: &[f32; 2]| frame[0] < 0.5 && frame[1] > 0.0 && (frame[0] / frame[1] - 2.0).abs() > 1e-3;
        assert!(!frames.iter().any(balance_moves));
    }

    #[test]
    fn peaks_between_samples_stay_below_the_ceiling() {
        // A chord just below a quarter of the rate, whose peaks wander between the samples; and noise.
        let noise = WhiteNoise::new(7);
        let tone = |i: usize, step: f32| (step * i as f32).sin();
        let mut frames: Vec<[f32; 2]> = (0..20_000)
            .zip(noise)
            .map(|(i, noise)| {
                let chord = tone(i, 1.56) + 0.7 * tone(i, 0.31);
                let swell = (i as f32 * 0.001).sin();
                [chord * swell, chord * swell + noise]
            })
            .collect();
        Limiter::default().process(&mut frames);
        let mut ear = TruePeak::new();
        let highest = frames.into_iter().map(|frame| ear.push(frame)).fold(0.0, f32::max);
        assert!(highest < 0.891_3, "{highest} is above -1 dBTP");
        assert!(highest > 0.86, "{highest}: it was turned down for nothing");
    }
}
