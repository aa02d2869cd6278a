//! What cannot be heard and must not be learnt: offset and rumble under 20 Hz.

use super::lanes::sum_of;
use super::simd::wide;
use std::f64::consts::{FRAC_1_SQRT_2, TAU};

/// Corner frequency of the filter.
const CORNER_HZ: f64 = 20.0;

/// Below this rate the filter would have no room.
const LOWEST_RATE_HZ: u32 = 200;

/// Parts of a clip that are filtered side by side: within one, each output waits for the last.
const LANES: usize = 8;

/// After this long the filter has forgotten how it began, to 200 dB.
const MEMORY_SECS: f64 = 0.26;

/// Removes a constant offset and then, with a second-order Butterworth high-pass (R. Bristow-Johnson's cookbook form),
/// what lies under 20 Hz. In f64: the poles lie close to 1.
pub fn remove_subsonic(samples: &mut [f32], sample_rate_hz: u32) {
    let mean = wide(
        #[inline(always)]
        || sum_of(samples, f64::from),
    ) / samples.len().max(1) as f64;
    let filter = HighPass::new(sample_rate_hz, mean);
    let (memory, part) = (HighPass::memory_len(sample_rate_hz), samples.len() / LANES);
    if part < memory {
        filter.run([samples], [&[]], &mut []);
        return;
    }
    let (parts, rest) = samples.split_at_mut(part * LANES);
    // What each part's filter has heard before it: the end of the part before.
    let heard: [Vec<f32>; LANES] = std::array::from_fn(|lane| {
        let begin = lane * part;
        parts[begin.saturating_sub(memory)..begin].to_vec()
    });
    let mut parts = parts.chunks_exact_mut(part);
    let parts: [&mut [f32]; LANES] = std::array::from_fn(|_| parts.next().unwrap_or_default());
    let heard: [&[f32]; LANES] = std::array::from_fn(|lane| heard[lane].as_slice());
    wide(
        #[inline(always)]
        || filter.run(parts, heard, rest),
    );
}

/// Coefficients, divided by the leading one once: a division per sample would be most of the work.
pub(super) struct HighPass {
    mean: f64,
    edge: f64,
    a1: f64,
    a2: f64,
}

/// The last two inputs and outputs of every lane.
pub(super) struct FilterMemory<const N: usize> {
    input: [[f64; N]; 2],
    output: [[f64; N]; 2],
}

impl<const N: usize> Default for FilterMemory<N> {
    /// At rest.
    fn default() -> Self {
        Self {
            input: [[0.0; N]; 2],
            output: [[0.0; N]; 2],
        }
    }
}

impl HighPass {
    /// For samples from which `mean` is taken first.
    pub(super) fn new(sample_rate_hz: u32, mean: f64) -> Self {
        let rate_hz = f64::from(sample_rate_hz.max(LOWEST_RATE_HZ));
        let omega = TAU * CORNER_HZ / rate_hz;
        let alpha = omega.sin() * FRAC_1_SQRT_2;
        let a0 = 1.0 + alpha;
        Self {
            mean,
            edge: 0.5 * (1.0 + omega.cos()) / a0,
            a1: -2.0 * omega.cos() / a0,
            a2: (1.0 - alpha) / a0,
        }
    }

    /// Samples after which it has forgotten how it began.
    pub(super) fn memory_len(sample_rate_hz: u32) -> usize {
        (MEMORY_SECS * f64::from(sample_rate_hz.max(LOWEST_RATE_HZ))) as usize
    }

    /// Filters `parts` of equal length, each after what it has `heard` (equally long too, or nothing: at rest because the
    /// offset is gone), and then `rest`, which follows the last one.
    #[inline(always)]
    fn run<const N: usize>(&self, parts: [&mut [f32]; N], heard: [&[f32]; N], rest: &mut [f32]) {
        let mut memory = FilterMemory::default();
        let longest = heard.iter().map(|heard| heard.len()).max().unwrap_or(0);
        for index in 0..longest {
            let now = heard.map(|heard| heard.get(index).map_or(0.0, |sample| f64::from(*sample) - self.mean));
            self.step(&mut memory, now);
        }
        let len = parts[0].len();
        let mut parts = parts.map(|part| &mut part[..len]);
        for index in 0..len {
            let now = std::array::from_fn(|lane| f64::from(parts[lane][index]) - self.mean);
            let filtered = self.step(&mut memory, now);
            for (part, filtered) in parts.iter_mut().zip(filtered) {
                part[index] = filtered as f32;
            }
        }
        for sample in rest {
            let now = [f64::from(*sample) - self.mean; N];
            *sample = self.step(&mut memory, now)[N - 1] as f32;
        }
    }

    /// The next sample of every lane, `now` without the mean.
    #[inline(always)]
    pub(super) fn step<const N: usize>(&self, memory: &mut FilterMemory<N>, now: [f64; N]) -> [f64; N] {
        let ([x1, x2], [y1, y2]) = (memory.input, memory.output);
        let filtered = std::array::from_fn(|lane| {
            let fed = self.edge * (now[lane] - 2.0 * x1[lane] + x2[lane]);
            (fed - self.a2 * y2[lane]) - self.a1 * y1[lane]
        });
        (memory.input, memory.output) = ([now, x1], [filtered, y1]);
        filtered
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gain_of(frequency_hz: f32, offset: f32) -> f32 {
        let rate = 44_100;
        let wave = |i: usize| 0.5 * (std::f32::consts::TAU * frequency_hz * i as f32 / rate as f32).sin() + offset;
        let mut samples: Vec<f32> = (0..rate as usize * 4).map(wave).collect();
        remove_subsonic(&mut samples, rate);
        let late = &samples[rate as usize * 2..];
        late.iter().copied().fold(0.0f32, |peak, sample| peak.max(sample.abs())) / 0.5
    }

    #[test]
    fn rumble_and_offset_go_and_music_stays() {
        assert!(
            gain_of(4.0, 0.3) < 0.06,
            "4 Hz and an offset are left at {}",
            gain_of(4.0, 0.3)
        );
        assert!((gain_of(20.0, 0.3) - 0.707).abs() < 0.02);
        assert!(gain_of(60.0, 0.3) > 0.98);
    }

    #[test]
    fn parts_side_by_side_join_without_a_seam() {
        let rate = 8_000;
        let noise = |i: u32| (i.wrapping_mul(2_654_435_761) as i32) as f32 * 2e-10;
        let original: Vec<f32> = (0..rate * 20 + 5).map(noise).collect();
        let mut samples = original.clone();
        remove_subsonic(&mut samples, rate);
        let mean = original.iter().map(|sample| f64::from(*sample)).sum::<f64>() / original.len() as f64;
        let mut whole = original;
        HighPass::new(rate, mean).run([&mut whole], [&[]], &mut []);
        for (at, (a, b)) in samples.iter().zip(&whole).enumerate() {
            assert!((a - b).abs() < 1e-7, "sample {at}: {a} and {b}");
        }
    }
}
