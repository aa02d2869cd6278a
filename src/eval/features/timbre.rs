//! Timbre: cepstral coefficients of mel bands (Davis & Mermelstein 1980), spectral contrast (Jiang et al. 2002), and
//! the level's and the spectrum's first moments.

use super::SAMPLE_RATE_HZ;
use super::summary::{course, quantile};

const MEL_BANDS: usize = 40;
const CEPSTRA: usize = 20;
const LOWEST_HZ: f32 = 40.0;
const HIGHEST_HZ: f32 = 16_000.0;
/// Lower edges of the contrast bands, an octave each.
const CONTRAST_EDGES_HZ: [f32; 8] = [100.0, 200.0, 400.0, 800.0, 1_600.0, 3_200.0, 6_400.0, 12_800.0];
/// Quantities per frame: cepstra, contrasts and four moments.
const QUANTITIES: usize = CEPSTRA + CONTRAST_EDGES_HZ.len() - 1 + 4;
/// Length of the features: a course of every quantity, and the level's range.
pub(super) const FEATURES: usize = 3 * QUANTITIES + 1;
/// Power below which nothing is heard: -90 dBFS.
const SILENCE: f32 = 1e-9;

/// The filters, made once.
pub(super) struct Timbre {
    /// Per band its first bin and triangular weights.
    mel: Vec<(usize, Vec<f32>)>,
    /// `[CEPSTRA x MEL_BANDS]` of the discrete cosine transform.
    cosine: Vec<Vec<f32>>,
    contrast_bins: Vec<std::ops::Range<usize>>,
    bin_hz: f32,
}

impl Timbre {
    pub(super) fn new(fft_len: usize) -> Self {
        let bin_hz = SAMPLE_RATE_HZ / fft_len as f32;
        let (low, high) = (mel_of_hz(LOWEST_HZ), mel_of_hz(HIGHEST_HZ));
        let edge = |i: usize| hz_of_mel(low + (high - low) * i as f32 / (MEL_BANDS + 1) as f32);
        let mel = (0..MEL_BANDS)
            .map(|band| triangle(edge(band), edge(band + 1), edge(band + 2), bin_hz))
            .collect();
        let angle = std::f32::consts::PI / MEL_BANDS as f32;
        let row = |k: usize| {
            (0..MEL_BANDS)
                .map(|band| (angle * k as f32 * (band as f32 + 0.5)).cos())
                .collect()
        };
        let bin = |hz: f32| ((hz / bin_hz) as usize).min(fft_len / 2);
        Self {
            mel,
            cosine: (0..CEPSTRA).map(row).collect(),
            contrast_bins: CONTRAST_EDGES_HZ
                .windows(2)
                .map(|pair| bin(pair[0])..bin(pair[1]))
                .collect(),
            bin_hz,
        }
    }

    /// Courses of all quantities over the frames.
    pub(super) fn features(&self, spectra: &[Vec<f32>]) -> Vec<f32> {
        let per_frame: Vec<Vec<f32>> = spectra.iter().map(|power| self.frame(power)).collect();
        let mut features = Vec::with_capacity(FEATURES);
        for quantity in 0..QUANTITIES {
            let over_time: Vec<f32> = per_frame.iter().map(|frame| frame[quantity]).collect();
            features.extend(course(&over_time));
        }
        let level: Vec<f32> = per_frame.iter().map(|frame| frame[QUANTITIES - 1]).collect();
        features.push(quantile(&level, 0.95) - quantile(&level, 0.05));
        features
    }

    fn frame(&self, power: &[f32]) -> Vec<f32> {
        let bands: Vec<f32> = self
            .mel
            .iter()
            .map(|(first, weights)| {
                let sum: f32 = power[*first..]
                    .iter()
                    .zip(weights)
                    .map(|(power, weight)| power * weight)
                    .sum();
                (sum + SILENCE).ln()
            })
            .collect();
        let cepstrum = self
            .cosine
            .iter()
            .map(|row| row.iter().zip(&bands).map(|(a, b)| a * b).sum::<f32>() / MEL_BANDS as f32);
        let contrast = self.contrast_bins.iter().map(|bins| contrast(&power[bins.clone()]));
        cepstrum.chain(contrast).chain(self.moments(power)).collect()
    }

    /// Log centroid, log 85 % roll-off, log flatness, level in nats.
    fn moments(&self, power: &[f32]) -> [f32; 4] {
        let total: f32 = power.iter().sum::<f32>() + SILENCE;
        let weighted: f32 = power.iter().enumerate().map(|(bin, power)| power * bin as f32).sum();
        let mut below = 0.0;
        let reached = |power: &f32| {
            below += power;
            below >= 0.85 * total
        };
        let rolloff = power.iter().position(reached).unwrap_or(0);
        let geometric = power.iter().map(|power| (power + SILENCE).ln()).sum::<f32>() / power.len() as f32;
        [
            (weighted / total * self.bin_hz + LOWEST_HZ).ln(),
            (rolloff as f32 * self.bin_hz + LOWEST_HZ).ln(),
            geometric - (total / power.len() as f32).ln(),
            0.5 * total.ln(),
        ]
    }
}

/// How far a band's loudest fifth of bins stands above its quietest, in nats of power.
fn contrast(power: &[f32]) -> f32 {
    let mut sorted = power.to_vec();
    sorted.sort_unstable_by(f32::total_cmp);
    let fifth = (sorted.len() / 5).max(1).min(sorted.len());
    let mean = |part: &[f32]| part.iter().sum::<f32>() / part.len().max(1) as f32 + SILENCE;
    mean(&sorted[sorted.len() - fifth..]).ln() - mean(&sorted[..fifth]).ln()
}

fn triangle(low: f32, centre: f32, high: f32, bin_hz: f32) -> (usize, Vec<f32>) {
    let first = (low / bin_hz).ceil() as usize;
    let weight = |bin: usize| {
        let hz = bin as f32 * bin_hz;
        ((hz - low) / (centre - low))
            .min((high - hz) / (high - centre))
            .max(0.0)
    };
    let weights: Vec<f32> = (first..=(high / bin_hz) as usize).map(weight).collect();
    // The lowest bands may be narrower than a bin: they then read the nearest one.
    if weights.iter().sum::<f32>() > 0.0 {
        (first, weights)
    } else {
        ((centre / bin_hz).round() as usize, vec![1.0])
    }
}

/// O'Shaughnessy's mel scale (1987).
fn mel_of_hz(hz: f32) -> f32 {
    2_595.0 * (1.0 + hz / 700.0).log10()
}

fn hz_of_mel(mel: f32) -> f32 {
    700.0 * (10f32.powf(mel / 2_595.0) - 1.0)
}
