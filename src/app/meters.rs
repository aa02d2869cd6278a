//! Meters for the eye: levels, waveform, and the rolling spectrogram of what was heard.

use super::App;
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
/// Samples of the scope's picture.
const SCOPE_LEN: usize = 1_024;

/// The transform and its scratch, kept between frames.
pub struct MeterReader {
    fft: Arc<dyn RealToComplex<f32>>,
    window: Vec<f32>,
    samples: Vec<f32>,
    last_secs: f64,
    /// Underruns while nothing played, which nobody heard: a card often stumbles when it starts.
    unheard_underruns: u64,
    /// Sound cards with their identifiers.
    devices: Vec<DeviceEntry>,
}

impl Default for MeterReader {
    fn default() -> Self {
        let turn = std::f32::consts::TAU / FFT_LEN as f32;
        Self {
            fft: RealFftPlanner::new().plan_fft_forward(FFT_LEN),
            window: (0..FFT_LEN).map(|i| 0.5 - 0.5 * (turn * i as f32).cos()).collect(),
            samples: Vec::new(),
            last_secs: 0.0,
            unheard_underruns: 0,
            devices: Vec::new(),
        }
    }
}

impl App {
    /// Reads the engine's figures into the session.
    pub(super) fn read_meters(&mut self) {
        let figures = self.audio.meters();
        let transport = &mut self.session.transport;
        transport.recording = figures.recording_secs.is_some();
        transport.recorded_secs = figures.recording_secs.unwrap_or(0.0) as f32;
        let meters = &mut self.session.meters;
        let ms = |spread: crate::audio::Percentiles| (spread.readings > 0).then_some(spread.last * 1e3);
        meters.latency_ms = ms(figures.request_to_sample);
        meters.decode_ms = ms(figures.decode);
        let underruns = figures.xruns;
        if !transport.playing {
            self.meter_reader.unheard_underruns = underruns.saturating_sub(meters.underruns);
        }
        meters.underruns = underruns.saturating_sub(self.meter_reader.unheard_underruns);
        self.session.audio_device = figures.device.map(|granted| granted.device);
        if !transport.playing {
            meters.peak_db = None;
            meters.rms_db = None;
            meters.playhead = None;
            return;
        }
        let level = |amplitude: f32| (amplitude > 1e-5).then(|| 20.0 * amplitude.log10());
        meters.peak_db = level(figures.peak[0].max(figures.peak[1]));
        meters.rms_db = level(figures.rms[0].max(figures.rms[1]));
        meters.playhead = Some(self.audio.position());
        let rate_hz = self.audio.scope(&mut self.meter_reader.samples);
        let samples = &self.meter_reader.samples;
        meters.scope.clear();
        meters.scope.extend(&samples[samples.len().saturating_sub(SCOPE_LEN)..]);
        self.meter_reader.extend(&mut meters.tape, rate_hz, self.now_secs);
    }
}

impl App {
    /// The system's sound cards were listed.
    pub(super) fn on_audio_devices(&mut self, devices: Vec<DeviceEntry>) {
        self.session.audio_devices = devices.iter().map(|device| device.name.clone()).collect();
        self.meter_reader.devices = devices;
    }
}

impl MeterReader {
    /// The identifier of the sound card called `name`.
    pub fn device_id(&self, name: &str) -> Option<String> {
        let device = self.devices.iter().find(|device| device.name == name)?;
        Some(device.id.clone())
    }

    /// Appends the columns that belong to the time since the last call, spread over the newest samples.
    fn extend(&mut self, tape: &mut SpectrogramTape, rate_hz: u32, now_secs: f64) {
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
