//! Band frames to the levels of bins: unfolded, roughened by texture, made up for what their overlap will cancel.

use super::rtpghi::LEVEL_SILENT;
use super::texture::NOISE_DEVIATION;
use super::{BandAxis, LEVEL_FLOOR, NoiseTexture};

/// Loudest level a frame may ask for: +26 dBFS, far above any music, far below overflow.
const LEVEL_CEILING: f32 = 3.0;

/// Deepest texture, in nats: that of white noise. No signal has rougher spectra, so more would only be heard as fault.
const TEXTURE_CEILING: f32 = NOISE_DEVIATION;

/// Texture fades in between these frequencies: below, single bins carry pitch and must not be roughened.
const TEXTURE_FROM_HZ: f32 = 1_500.0;
const TEXTURE_FULL_HZ: f32 = 2_000.0;

/// Levels that vary less than those of a signal give frames that cancel where they overlap: about 2 dB of power are
/// lost where bands are wide, and none with 0.4 nats of texture (mean over ten songs, true and smoothed frames). Made up
/// for, in nats by depth, fully above the second frequency.
const OVERLAP_LOSS: f32 = 0.26;
const OVERLAP_LOSS_PER_DEPTH: f32 = -0.67;
const OVERLAP_LOSS_LEAST: f32 = -0.13;
const OVERLAP_LOSS_FROM_HZ: f32 = 1_500.0;
const OVERLAP_LOSS_FULL_HZ: f32 = 3_500.0;

/// Turns one band frame after the other into levels of bins; never allocates after `new`.
pub struct BinLevels {
    axis: BandAxis,
    seed: u64,
    noise: NoiseTexture,
    /// How much of its depth the texture has in every bin.
    texture_share: Vec<f32>,
    /// How much of the overlap's loss has to be made up for in every bin.
    loss_share: Vec<f32>,
    band_levels: Vec<f32>,
    band_depths: Vec<f32>,
    levels: Vec<f32>,
    depths: Vec<f32>,
}

impl BinLevels {
    /// For frames of `axis`; `seed` draws the texture.
    pub fn new(axis: BandAxis, seed: u64) -> Self {
        let (fft_len, hop_len, bins) = (axis.fft_len(), axis.hop_len(), axis.bins());
        let bin_hz = axis.sample_rate_hz() as f32 / fft_len as f32;
        let fade_in = |from_hz: f32, full_hz: f32| {
            let share = |bin: usize| (bin as f32 * bin_hz - from_hz) / (full_hz - from_hz);
            (0..bins).map(|bin| share(bin).clamp(0.0, 1.0)).collect()
        };
        Self {
            seed,
            noise: NoiseTexture::new(fft_len, hop_len, seed),
            texture_share: fade_in(TEXTURE_FROM_HZ, TEXTURE_FULL_HZ),
            loss_share: fade_in(OVERLAP_LOSS_FROM_HZ, OVERLAP_LOSS_FULL_HZ),
            band_levels: vec![LEVEL_SILENT; axis.bands()],
            band_depths: vec![0.0; axis.bands()],
            levels: vec![LEVEL_SILENT; bins],
            depths: vec![0.0; bins],
            axis,
        }
    }

    /// The axis of its frames.
    pub fn axis(&self) -> &BandAxis {
        &self.axis
    }

    /// Levels `[bins]` of the next frame: natural-log amplitude `[bands]` and texture depth in nats `[bands]`. `share` (0..=1)
    /// scales texture and overlap correction: 1 where the phases are to be found, 0 where they are known.
    pub fn unfold(&mut self, log_amplitude: &[f32], texture: &[f32], share: f32) -> &[f32] {
        for (own, level) in self.band_levels.iter_mut().zip(log_amplitude) {
            *own = audible(*level);
        }
        for (own, depth) in self.band_depths.iter_mut().zip(texture) {
            *own = if depth.is_finite() {
                depth.clamp(0.0, TEXTURE_CEILING)
            } else {
                0.0
            };
        }
        self.axis
            .bins_from_bands(&self.band_levels, LEVEL_SILENT, &mut self.levels);
        self.axis.bins_from_bands(&self.band_depths, 0.0, &mut self.depths);
        self.shape(share);
        self.noise.add(&self.depths, &mut self.levels);
        &self.levels
    }

    /// Limits texture to where it belongs and makes up for what the overlap will cancel.
    fn shape(&mut self, share: f32) {
        let bins = self.levels.iter_mut().zip(&mut self.depths);
        for ((level, depth), (texture, loss)) in bins.zip(self.texture_share.iter().zip(&self.loss_share)) {
            // Silence has no grain: it stays silent.
            if *level > LEVEL_SILENT {
                *depth *= texture * share;
                *level += loss * share * (OVERLAP_LOSS + OVERLAP_LOSS_PER_DEPTH * *depth).max(OVERLAP_LOSS_LEAST);
            } else {
                *depth = 0.0;
            }
        }
    }

    /// Back to the random numbers of the beginning.
    pub fn reset(&mut self) {
        self.noise.restart(self.seed);
    }
}

/// Takes the power floor out of a band value again, so that silence is silent: `0.5 * ln(exp(2 level) - 1e-8)`.
fn audible(level: f32) -> f32 {
    if !level.is_finite() {
        return LEVEL_SILENT;
    }
    let power = (2.0 * level.min(LEVEL_CEILING)).exp() - (2.0 * LEVEL_FLOOR).exp();
    0.5 * power.max((2.0 * LEVEL_SILENT).exp()).ln()
}
