//! The peaks between samples, which a converter or a coder brings out: four times oversampled (ITU-R BS.1770-5, annex 2).

use std::f32::consts::PI;

/// Samples that a value between two samples is made of, half of them on each side.
const TAPS: usize = 12;
/// Places between two samples that are looked at.
const BETWEEN: usize = 3;

/// Samples between a frame going in and its peak coming out.
pub(super) const TRUE_PEAK_DELAY: usize = TAPS / 2;

/// Looks at one frame after the other; never allocates.
pub(super) struct TruePeak {
    /// For each place the weights of the samples around it.
    weights: [[f32; TAPS]; BETWEEN],
    /// The last frames, the oldest at `cursor`.
    frames: [[f32; 2]; TAPS],
    cursor: usize,
    /// The highest value between the last two frames looked at.
    before: f32,
}

impl TruePeak {
    pub(super) fn new() -> Self {
        let mut weights = [[0.0; TAPS]; BETWEEN];
        for (place, weights) in weights.iter_mut().enumerate() {
            let at = (place + 1) as f32 / (BETWEEN + 1) as f32;
            for (tap, weight) in weights.iter_mut().enumerate() {
                let away = at + (TAPS / 2 - 1) as f32 - tap as f32;
                let sinc = (PI * away).sin() / (PI * away);
                // The square root of a Hann window: flat up to 15 kHz, which a full one is not.
                *weight = sinc * (0.5 * PI * away / (TAPS / 2) as f32).cos();
            }
            let sum: f32 = weights.iter().sum();
            for weight in weights {
                *weight /= sum;
            }
        }
        Self {
            weights,
            frames: [[0.0; 2]; TAPS],
            cursor: 0,
            before: 0.0,
        }
    }

    /// Takes a frame; returns the highest magnitude at and around the frame [`TRUE_PEAK_DELAY`] before it.
    pub(super) fn push(&mut self, frame: [f32; 2]) -> f32 {
        self.frames[self.cursor] = frame;
        self.cursor = (self.cursor + 1) % TAPS;
        let (late, early) = self.frames.split_at(self.cursor);
        let mut between = 0.0f32;
        for weights in &self.weights {
            let (mut left, mut right) = (0.0, 0.0);
            for (frame, weight) in early.iter().chain(late).zip(weights) {
                left += frame[0] * weight;
                right += frame[1] * weight;
            }
            between = between.max(left.abs()).max(right.abs());
        }
        let [left, right] = self.frames[(self.cursor + TAPS / 2 - 1) % TAPS];
        let peak = left.abs().max(right.abs()).max(between).max(self.before);
        self.before = between;
        peak
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_peak_between_samples_is_seen_where_it_is() {
        // A quarter of the rate, its peaks halfway between samples: samples of .707 of them.
        for (step, tolerance) in [(0.5 * PI, 0.02), (0.3 * PI, 0.01), (0.7 * PI, 0.06)] {
            let mut ear = TruePeak::new();
            let peaks: Vec<f32> = (0..400)
                .map(|i| {
                    let sample = (step * (i as f32 + 0.5)).sin();
                    ear.push([0.2 * sample, sample])
                })
                .collect();
            let highest = peaks[20..].iter().copied().fold(0.0, f32::max);
            assert!((highest - 1.0).abs() < tolerance, "{highest} at {step}");
        }
        let mut ear = TruePeak::new();
        let click: Vec<f32> = (0..40).map(|i| ear.push([f32::from(u8::from(i == 20)), 0.0])).collect();
        let at = click.iter().position(|peak| *peak >= 1.0);
        assert_eq!(at, Some(20 + TRUE_PEAK_DELAY));
    }
}
