//! Real-time: time-stretching of recordings by waveform-similarity overlap-add.
//!
//! W. Verhelst and M. Roelands, "An overlap-add technique based on waveform similarity (WSOLA) for high quality
//! time-scale modification of speech", ICASSP 1993. At speed 1 it hands the samples through untouched.

use super::source::Source;

/// Samples per grain step, 23 ms at 44.1 kHz: longer than a period of any bass note worth keeping.
const PERIOD: usize = 1_024;

/// How far from the playhead a grain may begin to match the wave before it.
const SEARCH: usize = 512;

/// Buffers that one search needs, shared by all layers of a voice; one per channel.
pub struct TimeStretchScratch {
    continuation: [Vec<f32>; 2],
    region: [Vec<f32>; 2],
}

impl TimeStretchScratch {
    /// Empty buffers of the right size.
    pub fn new() -> Self {
        Self {
            continuation: [vec![0.0; PERIOD], vec![0.0; PERIOD]],
            region: [vec![0.0; PERIOD + 2 * SEARCH], vec![0.0; PERIOD + 2 * SEARCH]],
        }
    }
}

/// One reader of one source. Both channels are cut at the same places, so that what lies between them stays where it is.
pub struct TimeStretch {
    /// Where the wave of the last grain would go on.
    continuation: Option<i64>,
    ready: [[f32; PERIOD]; 2],
    used: usize,
}

impl Default for TimeStretch {
    /// A reader that has read nothing.
    fn default() -> Self {
        Self {
            continuation: None,
            ready: [[0.0; PERIOD]; 2],
            used: PERIOD,
        }
    }
}

impl TimeStretch {
    /// Fills `out` with the sound at `target` (a sample index of `source`): as many channels as the source has.
    pub fn read(
        &mut self,
        source: &Source,
        target: i64,
        circular: bool,
        scratch: &mut TimeStretchScratch,
        out: &mut [Vec<f32>; 2],
    ) {
        let (channels, hop_len) = (source.channels(), out[0].len());
        let mut written = 0;
        while written < hop_len {
            if self.used == PERIOD {
                self.refill(source, target + written as i64, circular, scratch);
            }
            let len = (hop_len - written).min(PERIOD - self.used);
            for (out, ready) in out.iter_mut().zip(&self.ready).take(channels) {
                out[written..written + len].copy_from_slice(&ready[self.used..self.used + len]);
            }
            self.used += len;
            written += len;
        }
    }

    fn refill(&mut self, source: &Source, target: i64, circular: bool, scratch: &mut TimeStretchScratch) {
        let channels = source.channels();
        self.used = 0;
        let continuation = self.continuation.unwrap_or(target);
        for (channel, run) in scratch.continuation.iter_mut().enumerate().take(channels) {
            read_run(source, channel, continuation, circular, run);
        }
        if source.distance(continuation, target, circular).abs() <= 2 {
            for (ready, run) in self.ready.iter_mut().zip(&scratch.continuation).take(channels) {
                ready.copy_from_slice(run);
            }
            self.continuation = Some(continuation + PERIOD as i64);
            return;
        }
        let region_start = target - SEARCH as i64;
        for (channel, run) in scratch.region.iter_mut().enumerate().take(channels) {
            read_run(source, channel, region_start, circular, run);
        }
        let start = most_similar(&scratch.continuation[..channels], &scratch.region[..channels]);
        for channel in 0..channels {
            let grain = &scratch.region[channel][start..start + PERIOD];
            let old_and_new = scratch.continuation[channel].iter().zip(grain);
            for (index, (ready, (old, new))) in self.ready[channel].iter_mut().zip(old_and_new).enumerate() {
                let phase = std::f32::consts::PI * (index as f32 + 0.5) / PERIOD as f32;
                *ready = old + (0.5 - 0.5 * phase.cos()) * (new - old);
            }
        }
        self.continuation = Some(region_start + (start + PERIOD) as i64);
    }
}

fn read_run(source: &Source, channel: usize, start: i64, circular: bool, out: &mut [f32]) {
    for (offset, sample) in out.iter_mut().enumerate() {
        *sample = source.sample(channel, start + offset as i64, circular);
    }
}

/// The start in `region` whose `PERIOD` samples correlate best with `wanted`, over all channels: a coarse search, then a fine
/// one.
fn most_similar(wanted: &[Vec<f32>], region: &[Vec<f32>]) -> usize {
    let best_of = |starts: std::ops::Range<usize>, step: usize, stride: usize| {
        let mut best = (f32::NEG_INFINITY, SEARCH);
        for start in starts.step_by(step) {
            let similarity = similarity(wanted, region, start, stride);
            if similarity > best.0 {
                best = (similarity, start);
            }
        }
        best.1
    };
    let coarse = best_of(0..2 * SEARCH + 1, 8, 4);
    best_of(coarse.saturating_sub(7)..(coarse + 8).min(2 * SEARCH + 1), 1, 2)
}

fn similarity(wanted: &[Vec<f32>], region: &[Vec<f32>], start: usize, stride: usize) -> f32 {
    let mut product = 0.0;
    let mut energy = 1e-9;
    for (wanted, region) in wanted.iter().zip(region) {
        let grain = &region[start..start + PERIOD];
        for (a, b) in wanted.iter().step_by(stride).zip(grain.iter().step_by(stride)) {
            product += a * b;
            energy += b * b;
        }
    }
    product / energy.sqrt()
}
