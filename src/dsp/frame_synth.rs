//! Band frames in, samples out: the voice of the spectral codec, live and offline.

use super::rtpghi::LEVEL_SILENT;
use super::texture::NOISE_DEVIATION;
use super::{BandAxis, LEVEL_FLOOR, NoiseTexture, SpectrumSynth};

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

/// Band frames in, samples out, one hop at a time; never allocates after `new`.
///
/// Whatever it is fed, its output is finite. Equal seeds and frames give equal samples.
pub struct FrameSynth {
    axis: BandAxis,
    seed: u64,
    noise: NoiseTexture,
    synth: SpectrumSynth,
    /// How much of its depth the texture has in every bin.
    texture_share: Vec<f32>,
    /// How much of the overlap's loss has to be made up for in every bin.
    loss_share: Vec<f32>,
    band_levels: Vec<f32>,
    band_depths: Vec<f32>,
    levels: Vec<f32>,
    depths: Vec<f32>,
}

impl FrameSynth {
    /// A silent voice for frames of `axis`; `seed` draws texture and the phases of inaudible bins.
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
            synth: SpectrumSynth::new(fft_len, hop_len, seed),
            texture_share: fade_in(TEXTURE_FROM_HZ, TEXTURE_FULL_HZ),
            loss_share: fade_in(OVERLAP_LOSS_FROM_HZ, OVERLAP_LOSS_FULL_HZ),
            band_levels: vec![LEVEL_SILENT; axis.bands()],
            band_depths: vec![0.0; axis.bands()],
            levels: vec![LEVEL_SILENT; bins],
            depths: vec![0.0; bins],
            axis,
        }
    }

    /// Samples written by every [`push`](Self::push).
    pub fn hop_len(&self) -> usize {
        self.axis.hop_len()
    }

    /// Pushes the next frame: natural-log amplitude `[bands]` and texture depth in nats `[bands]`. Writes `hop_len`
    /// samples of the finished signal: one frame of look-ahead and half a window behind the frame pushed.
    pub fn push(&mut self, log_amplitude: &[f32], texture: &[f32], out: &mut [f32]) {
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
        self.shape();
        self.noise.add(&self.depths, &mut self.levels);
        self.synth.push(&self.levels, out);
    }

    /// Limits texture to where it belongs and makes up for what the overlap will cancel.
    fn shape(&mut self) {
        let bins = self.levels.iter_mut().zip(&mut self.depths);
        for ((level, depth), (texture, loss)) in bins.zip(self.texture_share.iter().zip(&self.loss_share)) {
            // Silence has no grain: it stays silent.
            if *level > LEVEL_SILENT {
                *depth *= texture;
                *level += loss * (OVERLAP_LOSS + OVERLAP_LOSS_PER_DEPTH * *depth).max(OVERLAP_LOSS_LEAST);
            } else {
                *depth = 0.0;
            }
        }
    }

    /// How long after the start of the output the centre of the first frame sounds, in samples; every further frame
    /// follows one hop later.
    pub fn latency_samples(&self) -> usize {
        self.synth.latency_samples()
    }

    /// Back to the silence and the random numbers of the beginning.
    pub fn reset(&mut self) {
        self.noise.restart(self.seed);
        self.synth.reset();
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn render(synth: &mut FrameSynth, frames: usize, level: impl Fn(usize, usize) -> f32, depth: f32) -> Vec<f32> {
        let (bands, hop) = (synth.axis.bands(), synth.hop_len());
        let texture = vec![depth; bands];
        let mut samples = vec![0.0; frames * hop];
        for (frame, out) in samples.chunks_exact_mut(hop).enumerate() {
            let levels: Vec<f32> = (0..bands).map(|band| level(frame, band)).collect();
            synth.push(&levels, &texture, out);
        }
        samples
    }

    /// Level of a steady sine in the middle of `bin` as a Blackman window shows it.
    fn sine_in_bin(bin: usize) -> impl Fn(usize, usize) -> f32 {
        move |_, band| match band.abs_diff(bin) {
            0 => 0.0,
            1 => (0.25f32 / 0.42).ln(),
            2 => (0.04f32 / 0.42).ln(),
            _ => LEVEL_FLOOR,
        }
    }

    #[test]
    fn the_bands_of_a_sine_give_a_sine_of_its_level_and_pitch() {
        let mut synth = FrameSynth::new(BandAxis::standard(), 1);
        let samples = render(&mut synth, 200, sine_in_bin(40), 0.0);
        let steady = &samples[20_000..20_000 + 2048 * 10];
        let peak = steady.iter().copied().fold(0.0f32, |peak, s| peak.max(s.abs()));
        let crossings = steady.windows(2).filter(|pair| pair[0] < 0.0 && pair[1] >= 0.0).count();
        assert!((0.9..1.1).contains(&peak), "peak {peak}");
        assert!((399..=401).contains(&crossings), "{crossings} periods instead of 400");
    }

    #[test]
    fn silence_is_silent_and_reset_repeats_the_same_samples() {
        let mut synth = FrameSynth::new(BandAxis::standard(), 7);
        let silent = render(&mut synth, 20, |_, _| LEVEL_FLOOR, 0.5);
        assert!(silent.iter().all(|sample| *sample == 0.0), "silence is heard");
        let loud = |frame: usize, band: usize| -2.0 - (band * 7 + frame * 3) as f32 % 5.0;
        synth.reset();
        let first = render(&mut synth, 20, loud, 0.5);
        synth.reset();
        assert_eq!(first, render(&mut synth, 20, loud, 0.5));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn output_is_finite_whatever_comes(
            levels in prop::collection::vec(any::<f32>(), 224), depths in prop::collection::vec(any::<f32>(), 224)
        ) {
            let mut synth = FrameSynth::new(BandAxis::standard(), 3);
            let mut out = [0.0; 256];
            let wild = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, f32::MAX];
            for frame in 0..12 {
                let mut levels = levels.clone();
                levels[frame] = wild[frame % 4];
                synth.push(&levels, &depths, &mut out);
                prop_assert!(out.iter().all(|sample| sample.is_finite()));
            }
        }
    }
}
