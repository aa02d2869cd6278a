//! How loud levels or a recording are, as ITU-R BS.1770 weighs what is heard, without its gate: these are a few seconds.

use super::k_weighting::{k_weight, lufs};
use super::{BandAxis, Stft, Window};
use crate::values::Frames;

/// Equivalent noise bandwidth of the Blackman window in bins (Harris 1978): a sine's power spreads over so many.
const WINDOW_BINS: f32 = 1.727;

/// Weighs frames of one axis.
#[derive(Clone, Debug)]
pub struct LevelMeter {
    /// Bins that each band stands for...
    bins_per_band: Vec<f32>,
    /// ...and the same by how much they count for loudness.
    weighted: Vec<f32>,
}

impl LevelMeter {
    /// For levels on `axis`.
    pub fn new(axis: &BandAxis) -> Self {
        let bin_hz = axis.sample_rate_hz() as f32 / axis.fft_len() as f32;
        let last = axis.bands() - 1;
        let centre = |band: usize| axis.centre_hz(band) / bin_hz;
        let bins_per_band: Vec<f32> = (0..=last)
            .map(|band| {
                let (below, above) = (band.saturating_sub(1), (band + 1).min(last));
                (centre(above) - centre(below)) / (above - below) as f32
            })
            .collect();
        let weigh = |(band, bins): (usize, &f32)| bins * k_weight(axis.centre_hz(band));
        Self {
            weighted: bins_per_band.iter().enumerate().map(weigh).collect(),
            bins_per_band,
        }
    }

    /// Mean square of the sound of `levels` `[frames x bands]`, nats; full scale 1.
    pub fn mean_square(&self, levels: &Frames) -> f32 {
        mean_square(levels, &self.bins_per_band)
    }

    /// LUFS of the sound of `levels`, alike in both channels.
    pub fn lufs(&self, levels: &Frames) -> f32 {
        lufs(2.0 * mean_square(levels, &self.weighted))
    }
}

fn mean_square(levels: &Frames, weights: &[f32]) -> f32 {
    let frame = |row: &[f32]| -> f32 {
        let bands = row.iter().zip(weights);
        bands.map(|(level, weight)| weight * (2.0 * level).exp()).sum()
    };
    levels.rows().map(frame).sum::<f32>() / (2.0 * WINDOW_BINS * levels.len().max(1) as f32)
}

/// Measures how much every band of a recording adds to its loudness, so that its loudness under any filter is known without
/// filtering it.
pub struct BandPowerMeter {
    stft: Stft,
    /// Of both channels.
    spectra_scale: f32,
    /// For every bin its band and how much it counts.
    bins: Vec<(u16, f32)>,
    bands: usize,
}

impl BandPowerMeter {
    /// For filters of frames on `axis`.
    pub fn new(axis: &BandAxis) -> Self {
        let (fft_len, bin_hz) = (axis.fft_len(), axis.sample_rate_hz() as f32 / axis.fft_len() as f32);
        let mut band = 0;
        let bin = |bin: usize| {
            let hz = bin as f32 * bin_hz;
            let distance = |band: usize| (axis.centre_hz(band) - hz).abs();
            while band + 1 < axis.bands() && distance(band + 1) <= distance(band) {
                band += 1;
            }
            (band as u16, k_weight(hz))
        };
        Self {
            stft: Stft::new(fft_len, axis.hop_len()),
            spectra_scale: Window::blackman(fft_len).full_scale().powi(-2) / (2.0 * WINDOW_BINS),
            bins: (0..axis.bins()).map(bin).collect(),
            bands: axis.bands(),
        }
    }

    /// K-weighted mean squares `[frames x bands]` of `channels`, around samples that begin at `first`, `stride` apart.
    pub fn measure(&mut self, channels: [&[f32]; 2], first: usize, stride: usize, frames: usize) -> Frames {
        let mut power = Frames::zeros(frames, self.bands);
        for frame in 0..frames {
            let row = power.row_mut(frame);
            for samples in channels {
                let spectrum = self.stft.spectrum_around(samples, first + frame * stride);
                for (value, (band, weight)) in spectrum.iter().zip(&self.bins) {
                    row[usize::from(*band)] += value.norm_sqr() * weight * self.spectra_scale;
                }
            }
        }
        power
    }
}

/// LUFS of what has band powers `power` `[frames x bands]`, of which every row passes through the gains in nats `[bands]` that
/// `gain` has for it.
pub fn lufs_of_filtered<'a>(power: &Frames, gain: impl Fn(usize) -> Option<&'a [f32]>) -> f32 {
    let filtered = |(frame, row): (usize, &[f32])| -> f32 {
        match gain(frame) {
            Some(gain) => row
                .iter()
                .zip(gain)
                .map(|(power, gain)| power * (2.0 * gain).exp())
                .sum(),
            None => row.iter().sum(),
        }
    };
    lufs(power.rows().enumerate().map(filtered).sum::<f32>() / power.len().max(1) as f32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f32::consts::TAU;

    fn sine(hz: f32, amplitude: f32) -> Vec<f32> {
        (0..44_100)
            .map(|i| amplitude * (TAU * hz * i as f32 / 44_100.0).sin())
            .collect()
    }

    #[test]
    fn a_recorded_tone_reads_as_the_standard_says_filtered_or_not() {
        let axis = BandAxis::standard();
        let mut meter = BandPowerMeter::new(&axis);
        let (tone, silence) = (sine(997.0, 1.0), vec![0.0; 44_100]);
        let power = meter.measure([&tone, &silence], 2_048, 1_024, 38);
        let loudness = lufs_of_filtered(&power, |_| None);
        assert!((loudness + 3.01).abs() < 0.1, "{loudness}");
        let halved = vec![-std::f32::consts::LN_2; axis.bands()];
        let filtered = lufs_of_filtered(&power, |_| Some(&halved));
        assert!((filtered - loudness + 6.02).abs() < 0.01, "{filtered}");
        let both = lufs_of_filtered(&meter.measure([&tone, &tone], 2_048, 1_024, 38), |_| None);
        assert!((both - loudness - 3.01).abs() < 0.01, "{both}");
    }
}
