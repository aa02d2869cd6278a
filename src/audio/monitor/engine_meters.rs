//! Not real-time: the engine's public figures and how they are gathered.

use crate::audio::device::StreamInfo;
use std::collections::VecDeque;

/// How many of the latest readings a figure is made of.
const WINDOW: usize = 512;

/// Where the latest readings of one quantity lie, in seconds: the newest, the median, and what 95 % of them stay below.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Percentiles {
    /// The newest reading.
    pub last: f32,
    /// The median.
    pub p50: f32,
    /// The 95th percentile.
    pub p95: f32,
    /// How many readings it is made of; 0 means that nothing was measured yet.
    pub readings: usize,
}

/// Everything the engine measures about itself.
#[derive(Clone, Debug, Default)]
pub struct EngineMeters {
    /// Request to the first changed sample handed to the device.
    pub request_to_sample: Percentiles,
    /// Request until the spectrum is half-way to its target: `request_to_sample`, half a window and half a cross-fade.
    pub t_50: Percentiles,
    /// Seconds the decoder worked per chunk.
    pub decode: Percentiles,
    /// Blocks that took longer to make than they last. The device's own buffer bridges most of them: only an underrun is
    /// heard.
    pub late_blocks: u64,
    /// Underruns reported by the device.
    pub xruns: u64,
    /// Gaps in what is heard: reported underruns, and those that the times of the device's callbacks show.
    pub dropouts: u64,
    /// Panics caught in the callback; each is a block of silence.
    pub panics: u64,
    /// Share of one core that the synth needs.
    pub synth_load: f32,
    /// From handing a block to the device until it sounds, as the device says, smoothed; `None` where it talks nonsense.
    pub device_latency_secs: Option<f32>,
    /// From handing the first changed sample of the last request to the device until it sounded; `None` as above.
    pub sample_to_ear_secs: Option<f32>,
    /// The device that plays, or `None` when the silent back-end keeps time.
    pub device: Option<StreamInfo>,
    /// Levels of the last 50 ms, amplitude 0..=1, left and right.
    pub peak: [f32; 2],
    /// Root mean square over the same 50 ms, amplitude 0..=1, left and right.
    pub rms: [f32; 2],
    /// Something was cut off at full scale within the last second of sound.
    pub clips: bool,
    /// Seconds recorded, while recording.
    pub recording_secs: Option<f64>,
}

/// The latest [`WINDOW`] readings of one quantity, the oldest first; each new one pushes the oldest out.
#[derive(Debug, Default)]
pub struct RollingWindow(VecDeque<f32>);

impl RollingWindow {
    /// Adds a reading, in seconds.
    pub fn push(&mut self, secs: f32) {
        if self.0.len() == WINDOW {
            self.0.pop_front();
        }
        self.0.push_back(secs);
    }

    /// Their percentiles, with `offset_secs` added to every reading.
    pub fn percentiles(&self, offset_secs: f32) -> Percentiles {
        let Some(last) = self.0.back() else {
            return Percentiles::default();
        };
        let mut sorted: Vec<f32> = self.0.iter().copied().collect();
        sorted.sort_by(f32::total_cmp);
        let quantile = |share: f32| sorted[((sorted.len() - 1) as f32 * share).round() as usize] + offset_secs;
        Percentiles {
            last: last + offset_secs,
            p50: quantile(0.5),
            p95: quantile(0.95),
            readings: sorted.len(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_follow_the_latest_readings_only() {
        let mut readings = RollingWindow::default();
        (0..WINDOW).for_each(|_| readings.push(9.0));
        (1..=WINDOW).for_each(|i| readings.push(i as f32));
        let percentiles = readings.percentiles(0.5);
        assert_eq!((percentiles.last, percentiles.readings), (WINDOW as f32 + 0.5, WINDOW));
        assert!((percentiles.p50 - 0.5 - WINDOW as f32 / 2.0).abs() <= 1.0);
        assert!((percentiles.p95 - 0.5 - 0.95 * WINDOW as f32).abs() <= 1.0);
    }
}
