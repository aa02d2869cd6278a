//! Key and mode of a clip from its pitch-class energy.
//!
//! Key profiles of Albrecht & Shanahan (2013): the clip's chroma is correlated with all 24 rotations. The chroma is made
//! from spectral peaks whose frequency is interpolated (a parabola through three log powers), because low semitones lie
//! closer together than bins.

use crate::dsp::{PowerPairs, ln_all};
use crate::values::Key;

const MAJOR: [f64; 12] = [
    0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.080, 0.008, 0.081,
];
const MINOR: [f64; 12] = [
    0.220, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052,
];
/// Range whose partials say most about the harmony.
const RANGE_HZ: std::ops::Range<f32> = 80.0..1_600.0;
/// Peaks this far (in power) under the loudest of a spectrum are left out: noise and reverberation.
const FAINTEST: f32 = 1e-4;
const C4_HZ: f32 = 261.625_6;
/// Seconds under a window at least, so that low semitones part.
const WINDOW_SECS: f32 = 0.06;
/// Windows from one look at the harmony to the next: chords change slowly.
const WINDOWS_PER_LOOK: usize = 2;

/// Sums energy per pitch class.
pub(super) struct Chroma {
    bin_hz: f32,
    sum: [f64; 12],
    /// Logarithms of the power in the range and one bin to each side.
    logs: Vec<f32>,
}

impl Chroma {
    /// Of mono samples.
    pub(super) fn of(samples: &[f32], sample_rate_hz: u32) -> Self {
        let fft_len = ((WINDOW_SECS * sample_rate_hz as f32) as usize).next_power_of_two();
        let mut chroma = Self {
            bin_hz: sample_rate_hz as f32 / fft_len as f32,
            sum: [0.0; 12],
            logs: Vec::new(),
        };
        PowerPairs::new(fft_len, WINDOWS_PER_LOOK * fft_len).each(samples, |_, power| chroma.push(power));
        chroma
    }

    /// Adds one power spectrum: square-rooted, so that one loud note does not decide alone, and only spectral peaks, so
    /// that drums count little.
    fn push(&mut self, power: &[f32]) {
        let bin = |hz: f32| (hz / self.bin_hz) as usize;
        let range = bin(RANGE_HZ.start).max(1)..bin(RANGE_HZ.end).min(power.len().saturating_sub(1));
        let Some(inside) = power.get(range.clone()) else {
            return;
        };
        let faintest = inside.iter().copied().fold(1e-12, f32::max) * FAINTEST;
        self.logs.clear();
        self.logs
            .extend(power[range.start - 1..=range.end].iter().map(|power| power + 1e-20));
        ln_all(&mut self.logs);
        for (at, logs) in range.zip(self.logs.windows(3)) {
            let [before, here, after] = [power[at - 1], power[at], power[at + 1]];
            if here > faintest && here > before && here >= after {
                let [a, b, c] = [logs[0], logs[1], logs[2]];
                let offset = 0.5 * (a - c) / (a - 2.0 * b + c).min(-1e-6);
                let hz = (at as f32 + offset) * self.bin_hz;
                let class = (12.0 * (hz / C4_HZ).log2()).round().rem_euclid(12.0) as usize % 12;
                self.sum[class] += f64::from(here.sqrt());
            }
        }
    }

    /// How much better the best major key fits than the best minor key (-2..2), and how well the best key fits (-1..1).
    pub(super) fn mode_and_clarity(&self) -> (f32, f32) {
        let best = |profile: &[f64; 12]| {
            (0..12)
                .map(|tonic| correlation(&self.sum, profile, tonic))
                .fold(f64::NEG_INFINITY, f64::max) as f32
        };
        let (major, minor) = (best(&MAJOR), best(&MINOR));
        (major - minor, major.max(minor))
    }

    /// The key that fits best.
    pub(super) fn key(&self) -> Key {
        let mut fits: Vec<(f64, Key)> = [(false, &MAJOR), (true, &MINOR)]
            .into_iter()
            .flat_map(|(is_minor, profile)| {
                (0..12u8).map(move |tonic| {
                    let key = Key {
                        tonic,
                        is_minor,
                        certainty: 0.0,
                    };
                    (correlation(&self.sum, profile, usize::from(tonic)), key)
                })
            })
            .collect();
        fits.sort_by(|a, b| b.0.total_cmp(&a.0));
        let [best, next] = [fits[0], fits[1]];
        Key {
            certainty: (best.0 - next.0) as f32,
            ..best.1
        }
    }
}

/// Pearson correlation of the chroma with `profile` moved to `tonic`; 0 for silence.
fn correlation(chroma: &[f64; 12], profile: &[f64; 12], tonic: usize) -> f64 {
    let mean = |values: &[f64; 12]| values.iter().sum::<f64>() / 12.0;
    let (chroma_mean, profile_mean) = (mean(chroma), mean(profile));
    let (mut cross, mut chroma_square, mut profile_square) = (0.0, 0.0, 0.0);
    for (class, energy) in chroma.iter().enumerate() {
        let (a, b) = (energy - chroma_mean, profile[(class + 12 - tonic) % 12] - profile_mean);
        cross += a * b;
        chroma_square += a * a;
        profile_square += b * b;
    }
    cross / (chroma_square * profile_square).sqrt().max(1e-12)
}
