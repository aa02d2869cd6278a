//! Rhythm: how strongly and how regularly things begin, in the whole spectrum and at its two ends.

use super::SAMPLE_RATE_HZ;
use super::summary::{course, mean, quantile};

/// Bass drum and bass below, hi-hats and cymbals above.
const BASS_HZ: f32 = 200.0;
const AIR_HZ: f32 = 5_000.0;
/// Periods whose strength is measured: 60 / these are 240 to 48 beats per minute.
const PERIODS_SECS: [f32; 11] = [0.15, 0.2, 0.25, 0.3, 0.36, 0.43, 0.5, 0.6, 0.75, 0.95, 1.25];
/// Power under which a rise is no onset: -80 dBFS.
const FLOOR: f32 = 1e-8;

/// Onset strength over time, `[frames]`, in three ranges of frequency.
pub(super) struct Rhythm {
    all: Vec<f32>,
    bass: Vec<f32>,
    air: Vec<f32>,
}

impl Rhythm {
    /// Spectral flux: the mean rise of the log power of every bin, falls not counted.
    pub(super) fn of(spectra: &[Vec<f32>], fft_len: usize) -> Self {
        let bin = |hz: f32| (hz / SAMPLE_RATE_HZ * fft_len as f32) as usize;
        let logs: Vec<Vec<f32>> = spectra
            .iter()
            .map(|power| power.iter().map(|power| 0.5 * (power + FLOOR).ln()).collect())
            .collect();
        // Two frames apart, so that a beginning does not hide in the overlap of neighbouring windows.
        let flux = |from: usize, to: usize| -> Vec<f32> {
            let rise = |a: &[f32], b: &[f32]| {
                a[from..to]
                    .iter()
                    .zip(&b[from..to])
                    .map(|(a, b)| (b - a).max(0.0))
                    .sum::<f32>()
            };
            logs.windows(3)
                .map(|three| rise(&three[0], &three[2]) / (to - from) as f32)
                .collect()
        };
        let bins = fft_len / 2 + 1;
        Self {
            all: flux(1, bins),
            bass: flux(1, bin(BASS_HZ)),
            air: flux(bin(AIR_HZ), bins),
        }
    }

    pub(super) fn smooth_onsets(&self) -> Vec<f32> {
        let at =
            |i: usize, back: usize, ahead: usize| self.all.get((i + ahead).wrapping_sub(back)).copied().unwrap_or(0.0);
        (0..self.all.len())
            .map(|i| 0.25 * at(i, 1, 0) + 0.5 * at(i, 0, 0) + 0.25 * at(i, 0, 1))
            .collect()
    }

    pub(super) fn features(&self, frame_rate_hz: f32) -> Vec<f32> {
        let mut features = Vec::new();
        for range in [&self.all, &self.bass, &self.air] {
            features.extend(course(range));
            features.push(quantile(range, 0.95));
        }
        let secs = self.all.len().max(1) as f32 / frame_rate_hz;
        features.push(peaks(&self.smooth_onsets()) as f32 / secs);
        for range in [&self.all, &self.bass] {
            features.extend(PERIODS_SECS.windows(2).map(|pair| {
                strongest_period(
                    range,
                    (pair[0] * frame_rate_hz) as usize,
                    (pair[1] * frame_rate_hz) as usize,
                )
            }));
        }
        features
    }
}

/// Local maxima that stand clearly above the mean.
fn peaks(onsets: &[f32]) -> usize {
    let threshold = 1.5 * mean(onsets);
    onsets
        .windows(3)
        .filter(|w| w[1] > threshold && w[1] >= w[0] && w[1] > w[2])
        .count()
}

/// The largest normalised autocorrelation at lags `shortest..longest`.
fn strongest_period(values: &[f32], shortest: usize, longest: usize) -> f32 {
    let centre = mean(values);
    let at = |lag: usize| {
        values
            .iter()
            .zip(values.get(lag..).unwrap_or_default())
            .map(|(a, b)| (a - centre) * (b - centre))
            .sum::<f32>()
    };
    let power = at(0).max(1e-12);
    (shortest..longest.max(shortest + 1))
        .map(|lag| at(lag) / power)
        .fold(-1.0, f32::max)
}
