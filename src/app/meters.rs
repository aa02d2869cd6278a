//! Meters for the eye: levels, waveform, and the rolling spectrogram of what was heard.

use super::peak_hold::PeakHold;
use crate::audio::DeviceEntry;
use crate::session::{SpectrogramTape, TAPE_ROWS};
use realfft::num_complex::Complex;
use realfft::{RealFftPlanner, RealToComplex};
use std::sync::Arc;

const FFT_LEN: usize = 2_048;
const COLUMNS_PER_SEC: f64 = 45.0;
const LOW_HZ: f32 = 60.0;
const HIGH_HZ: f32 = 16_000.0;
const FLOOR_DB: f32 = -84.0;

/// The transform and its scratch, kept between frames.
pub struct MeterReader {
    fft: Arc<dyn RealToComplex<f32>>,
    window: Vec<f32>,
    pub samples: Vec<f32>,
    last_secs: f64,
    /// Dropouts while nothing played, which nobody heard: a card often stumbles when it starts.
    pub unheard_dropouts: u64,
    /// The highest peaks, left and right.
    pub holds: [PeakHold; 2],
    /// Sound cards with their identifiers.
    pub devices: Vec<DeviceEntry>,
}

impl Default for MeterReader {
    fn default() -> Self {
        let turn = std::f32::consts::TAU / FFT_LEN as f32;
        Self {
            fft: RealFftPlanner::new().plan_fft_forward(FFT_LEN),
            window: (0..FFT_LEN).map(|i| 0.5 - 0.5 * (turn * i as f32).cos()).collect(),
            samples: Vec::new(),
            last_secs: 0.0,
            unheard_dropouts: 0,
            holds: Default::default(),
            devices: Vec::new(),
        }
    }
}

impl MeterReader {
    /// The identifier of the sound card called `name`.
    pub fn device_id(&self, name: &str) -> Option<String> {
        let device = self.devices.iter().find(|device| device.name == name)?;
        Some(device.id.clone())
    }

    /// Appends the columns that belong to the time since the last call, spread over the newest samples.
    pub fn extend(&mut self, tape: &mut SpectrogramTape, rate_hz: u32, now_secs: f64) {
        const MOST_AT_ONCE: usize = 6;
        let due = ((now_secs - self.last_secs) * COLUMNS_PER_SEC) as usize;
        if due == 0 || rate_hz == 0 || self.samples.len() < FFT_LEN {
            return;
        }
        self.last_secs = now_secs;
        let count = due.min(MOST_AT_ONCE);
        let hop = rate_hz as usize / COLUMNS_PER_SEC as usize;
        for back in (0..count).rev() {
            let end = self.samples.len().saturating_sub(back * hop).max(FFT_LEN);
            tape.push(self.column(end, rate_hz));
        }
    }

    fn column(&self, end: usize, rate_hz: u32) -> [u8; TAPE_ROWS] {
        let frame = &self.samples[end - FFT_LEN..end];
        let mut input: Vec<f32> = frame.iter().zip(&self.window).map(|(s, w)| s * w).collect();
        let mut spectrum = self.fft.make_output_vec();
        let mut column = [0; TAPE_ROWS];
        if self.fft.process(&mut input, &mut spectrum).is_err() {
            return column;
        }
        let bin_of = |row: usize| {
            let t = row as f32 / TAPE_ROWS as f32;
            LOW_HZ * (HIGH_HZ / LOW_HZ).powf(t) * FFT_LEN as f32 / rate_hz as f32
        };
        for (row, level) in column.iter_mut().enumerate() {
            let first = (bin_of(row) as usize).min(spectrum.len() - 1);
            let last = (bin_of(row + 1) as usize).clamp(first + 1, spectrum.len());
            let power = spectrum[first..last].iter().map(Complex::norm_sqr).fold(0.0, f32::max);
            // A full-scale sine under a Hann window peaks at a quarter of the frame.
            let db = 10.0 * (power / (FFT_LEN as f32 * 0.25).powi(2) + 1e-12).log10();
            *level = ((db - FLOOR_DB) / -FLOOR_DB * 255.0).clamp(0.0, 255.0) as u8;
        }
        column
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_higher_tone_lies_higher_on_the_tape() {
        let rate_hz = 48_000;
        let brightest = |hz: f32| {
            let meter_reader = MeterReader {
                samples: (0..4_096)
                    .map(|i| (std::f32::consts::TAU * hz * i as f32 / rate_hz as f32).sin())
                    .collect(),
                ..MeterReader::default()
            };
            let column = meter_reader.column(4_096, rate_hz);
            let row = (0..TAPE_ROWS).max_by_key(|row| column[*row]).unwrap();
            (row, column[row])
        };
        let (low, high) = (brightest(220.0), brightest(3_520.0));
        assert!(high.0 > low.0 + 20, "{low:?} {high:?}");
        assert!(
            low.1 > 240 && high.1 > 240,
            "a full-scale sine reads full scale: {low:?} {high:?}"
        );
    }
}
