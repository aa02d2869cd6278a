//! The numbers an emotion estimate looks at: how lively, bright, busy, steady and major a clip is.

use super::bands::{band_power, octave_bands};
use super::rhythm::rhythm;
use super::tonality::Chroma;
use crate::dsp::ln_all;
use serde::{Deserialize, Serialize};
use std::f32::consts::LN_10;
use std::ops::Range;

const BANDS: usize = 40;
const LOWEST_HZ: f32 = 50.0;
const HIGHEST_HZ: f32 = 14_000.0;
/// Energy above this is brightness.
const BRIGHT_HZ: f32 = 1_500.0;
/// Added to band power so that silence has a level (-80 dBFS).
const POWER_FLOOR: f32 = 1e-8;

/// Features of one clip at the reference loudness.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SoundProfile {
    /// Standard deviation over time of the level in dB.
    pub level_spread_db: f32,
    /// Over the first two minutes at most; 0 where the sound never changes.
    pub onsets_per_sec: f32,
    /// Mean rise of band levels from frame to frame, in dB.
    pub flux_db: f32,
    /// Centre of the log spectrum in octaves above 50 Hz.
    pub centroid_octaves: f32,
    /// Level of what lies above 1.5 kHz against the whole, in dB.
    pub brightness_db: f32,
    /// About 40 to 240, and 120 where the clip is too short to tell; 0 where the sound never changes.
    pub tempo_bpm: f32,
    /// How regular the onsets are, 0..1.
    pub pulse: f32,
    /// Positive: major fits better, negative: minor.
    pub mode: f32,
    /// How well any key fits.
    pub key_clarity: f32,
    /// Mean level over frequency of the bands in dB relative to the loudest band: dense spectra lie high.
    pub density_db: f32,
}

impl SoundProfile {
    /// Features that enter the regressions, in a fixed order.
    pub(in crate::corpus) const COUNT: usize = 10;

    /// The features on scales on which a linear model makes sense.
    pub(in crate::corpus) fn features(&self) -> [f64; Self::COUNT] {
        [
            self.level_spread_db,
            self.onsets_per_sec,
            self.flux_db,
            self.centroid_octaves,
            self.brightness_db,
            (self.tempo_bpm.max(1.0) / 120.0).log2(),
            self.pulse,
            self.mode,
            self.key_clarity,
            self.density_db,
        ]
        .map(f64::from)
    }
}

pub(super) struct Builder {
    bands: Vec<Range<usize>>,
    bright: Range<usize>,
    frame_rate_hz: f32,
    energy: Vec<f32>,
    before: Vec<f32>,
    mean_energy: Vec<f64>,
    levels_db: Vec<f32>,
    strength: Vec<f32>,
}

impl Builder {
    pub(super) fn new(bin_hz: f32, frame_rate_hz: f32) -> Self {
        let bands = octave_bands(BANDS, LOWEST_HZ, HIGHEST_HZ, bin_hz);
        let first_bright = bands
            .iter()
            .position(|band| band.start as f32 * bin_hz >= BRIGHT_HZ)
            .unwrap_or(BANDS);
        Self {
            bands,
            bright: first_bright..BANDS,
            frame_rate_hz,
            energy: Vec::new(),
            before: Vec::new(),
            mean_energy: vec![0.0; BANDS],
            levels_db: Vec::new(),
            strength: Vec::new(),
        }
    }

    pub(super) fn push(&mut self, power: &[f32]) {
        band_power(power, &self.bands, &mut self.energy);
        for (mean, energy) in self.mean_energy.iter_mut().zip(&self.energy) {
            *mean += f64::from(*energy);
        }
        self.levels_db.push(decibels(self.energy.iter().sum()));
        let mut levels: Vec<f32> = self.energy.iter().map(|energy| energy + POWER_FLOOR).collect();
        ln_all(&mut levels);
        for level in &mut levels {
            *level *= 10.0 / LN_10;
        }
        if !self.before.is_empty() {
            let rise: f32 = levels
                .iter()
                .zip(&self.before)
                .map(|(now, before)| (now - before).max(0.0))
                .sum();
            self.strength.push(rise / BANDS as f32);
        }
        self.before = levels;
    }

    /// Mean rise of band levels in dB from each spectrum to the next.
    pub(super) fn strength(&self) -> &[f32] {
        &self.strength
    }

    pub(super) fn finish(self, chroma: &Chroma) -> SoundProfile {
        let frames = self.levels_db.len().max(1) as f32;
        let mean_db = self.levels_db.iter().sum::<f32>() / frames;
        let variance = self
            .levels_db
            .iter()
            .map(|level| (level - mean_db).powi(2))
            .sum::<f32>()
            / frames;
        let spectrum: Vec<f32> = self.mean_energy.iter().map(|sum| *sum as f32 / frames).collect();
        let total: f32 = spectrum.iter().sum::<f32>().max(POWER_FLOOR);
        let octaves_per_band = (HIGHEST_HZ / LOWEST_HZ).log2() / BANDS as f32;
        // Square root: between energy, which only bass decides, and level, which noise decides.
        let weights: Vec<f32> = spectrum.iter().map(|energy| energy.sqrt()).collect();
        let moment: f32 = weights
            .iter()
            .enumerate()
            .map(|(band, weight)| (band as f32 + 0.5) * octaves_per_band * weight)
            .sum();
        let loudest_db = spectrum
            .iter()
            .map(|energy| decibels(*energy))
            .fold(f32::NEG_INFINITY, f32::max);
        let rhythm = rhythm(&self.strength, self.frame_rate_hz);
        let (mode, key_clarity) = chroma.mode_and_clarity();
        SoundProfile {
            level_spread_db: variance.sqrt(),
            onsets_per_sec: rhythm.onsets_per_sec,
            flux_db: self.strength.iter().sum::<f32>() / self.strength.len().max(1) as f32,
            centroid_octaves: moment / weights.iter().sum::<f32>().max(1e-9),
            brightness_db: decibels(spectrum[self.bright].iter().sum::<f32>() / total),
            tempo_bpm: rhythm.tempo_bpm,
            pulse: rhythm.pulse,
            mode,
            key_clarity,
            density_db: spectrum
                .iter()
                .map(|energy| decibels(*energy) - loudest_db)
                .sum::<f32>()
                / BANDS as f32,
        }
    }
}

fn decibels(power: f32) -> f32 {
    10.0 * (power + POWER_FLOOR).log10()
}

#[cfg(test)]
mod tests {
    use super::super::SpectrumTap;
    use super::*;

    const RATE_HZ: u32 = 44_100;

    /// Decaying chords of `midi` notes, one every `beat_secs`.
    fn chords(midi: &[i32], beat_secs: f32, secs: f32) -> Vec<f32> {
        let sample = |i: usize| {
            let time = i as f32 / RATE_HZ as f32;
            let since = time % beat_secs;
            let tone = |note: &i32| {
                let hz = 440.0 * 2f32.powf((note - 69) as f32 / 12.0);
                (1..5)
                    .map(|k| (std::f32::consts::TAU * hz * k as f32 * time).sin() / k as f32)
                    .sum::<f32>()
            };
            (-6.0 * since).exp() * 0.05 * midi.iter().map(tone).sum::<f32>()
        };
        (0..(secs * RATE_HZ as f32) as usize).map(sample).collect()
    }

    fn profile(samples: &[f32]) -> SoundProfile {
        SpectrumTap::new(RATE_HZ).finish(samples).0
    }

    #[test]
    fn major_minor_and_tempo_are_heard() {
        let major = profile(&chords(&[60, 64, 67], 0.5, 8.0));
        let minor = profile(&chords(&[60, 63, 67], 0.5, 8.0));
        assert!(major.mode > 0.0 && minor.mode < 0.0, "{} {}", major.mode, minor.mode);
        assert!((major.tempo_bpm - 120.0).abs() < 4.0, "{}", major.tempo_bpm);
        assert!((major.onsets_per_sec - 2.0).abs() < 0.3, "{}", major.onsets_per_sec);
        let fast = profile(&chords(&[60, 64, 67], 0.25, 8.0));
        assert!(fast.onsets_per_sec > 1.6 * major.onsets_per_sec && fast.flux_db > major.flux_db);
    }

    #[test]
    fn higher_notes_are_brighter_and_silence_is_finite() {
        let low = profile(&chords(&[48, 52, 55], 0.5, 4.0));
        let high = profile(&chords(&[84, 88, 91], 0.5, 4.0));
        assert!(high.centroid_octaves > low.centroid_octaves + 1.0);
        assert!(high.brightness_db > low.brightness_db + 3.0);
        for samples in [vec![], vec![0.0; 100], vec![0.0; 50_000]] {
            assert!(profile(&samples).features().iter().all(|value| value.is_finite()));
        }
    }
}
