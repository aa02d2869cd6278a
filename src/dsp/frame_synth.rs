//! Band frames in, samples out: the voice of the spectral codec, live and offline.

use super::{BandAxis, BinLevels, SpectrumSynth};
use realfft::num_complex::Complex32;

/// Band frames in, samples out, one hop at a time; never allocates after `new`.
///
/// Whatever it is fed, its output is finite. Equal seeds and frames give equal samples.
pub struct FrameSynth {
    levels: BinLevels,
    synth: SpectrumSynth,
}

impl FrameSynth {
    /// A silent voice for frames of `axis`; `seed` draws texture and the phases of inaudible bins.
    pub fn new(axis: BandAxis, seed: u64) -> Self {
        Self {
            synth: SpectrumSynth::new(axis.fft_len(), axis.hop_len(), seed),
            levels: BinLevels::new(axis, seed),
        }
    }

    /// Samples written by every [`push`](Self::push).
    pub fn hop_len(&self) -> usize {
        self.levels.axis().hop_len()
    }

    /// Pushes the next frame: natural-log amplitude `[bands]` and texture depth in nats `[bands]`. Writes `hop_len`
    /// samples of the finished signal: one frame of look-ahead and half a window behind the frame pushed.
    pub fn push(&mut self, log_amplitude: &[f32], texture: &[f32], out: &mut [f32]) {
        self.synth.push(self.levels.unfold(log_amplitude, texture, 1.0), out);
    }

    /// Adds the spectrum `[bins]` of the frame that sounds, times `gain`, to `sum`.
    pub fn add_spectrum_to(&self, gain: f32, sum: &mut [Complex32]) {
        self.synth.add_spectrum_to(gain, sum);
    }

    /// How long after the start of the output the centre of the first frame sounds, in samples; every further frame
    /// follows one hop later.
    pub fn latency_samples(&self) -> usize {
        self.synth.latency_samples()
    }

    /// Back to the silence and the random numbers of the beginning.
    pub fn reset(&mut self) {
        self.levels.reset();
        self.synth.reset();
    }
}

#[cfg(test)]
mod tests {
    use super::super::LEVEL_FLOOR;
    use super::*;
    use proptest::prelude::*;

    fn render(synth: &mut FrameSynth, frames: usize, level: impl Fn(usize, usize) -> f32, depth: f32) -> Vec<f32> {
        let (bands, hop) = (synth.levels.axis().bands(), synth.hop_len());
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
