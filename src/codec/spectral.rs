//! The built-in codec: 224 hybrid bands of log amplitude, voiced by phase gradient heap integration.

use crate::dsp::{BandAxis, FrameSynth, LEVEL_FLOOR, PowerPairs, render_hops};
use crate::sync::StopFlag;
use crate::values::Frames;

/// Mono samples to frames of band levels and back; holds nothing but its axis.
#[derive(Clone, Debug)]
pub struct SpectralCodec {
    axis: BandAxis,
}

impl SpectralCodec {
    /// A codec for the sample rate, transform and bands of `axis`.
    pub fn new(axis: BandAxis) -> Self {
        Self { axis }
    }

    /// Where its bands lie.
    pub fn axis(&self) -> &BandAxis {
        &self.axis
    }

    /// Frames per second.
    pub fn frame_rate_hz(&self) -> f32 {
        self.axis.sample_rate_hz() as f32 / self.axis.hop_len() as f32
    }

    /// Levels `[frames x bands]` (natural-log amplitude) of mono samples at the axis' rate. Frame `k` is centred on
    /// sample `k * hop_len`; there are `samples / hop_len` frames, rounded up.
    pub fn analyse(&self, samples: &[f32]) -> Frames {
        self.analyse_while(samples, |_, _| true)
    }

    /// The same, and hands the power spectrum `[fft_len / 2 + 1]` of every frame to `visit`, in order, with its number, for as
    /// long as `visit` says so. Frames that are then left are zeros.
    pub fn analyse_while(&self, samples: &[f32], mut visit: impl FnMut(usize, &[f32]) -> bool) -> Frames {
        let mut spectra = PowerPairs::new(self.axis.fft_len(), self.axis.hop_len());
        let mut frames = Frames::zeros(spectra.frames(samples.len()), self.axis.bands());
        spectra.each_while(samples, |frame, power| {
            self.axis.levels_from_power(power, frames.row_mut(frame));
            visit(frame, power)
        });
        frames
    }

    /// Exactly `len` samples of `log_amplitude` with `texture` (both `[frames x bands]`, in nats); missing frames are
    /// silent, missing texture is none. The same sound as the live voice makes of the same frames and seed.
    pub fn synthesise(&self, log_amplitude: &Frames, texture: &Frames, len: usize, seed: u64) -> Vec<f32> {
        self.synthesise_until(log_amplitude, texture, len, seed, &StopFlag::default())
    }

    /// The same, with silence from the moment on at which `stop` is set.
    pub fn synthesise_until(
        &self,
        log_amplitude: &Frames,
        texture: &Frames,
        len: usize,
        seed: u64,
        stop: &StopFlag,
    ) -> Vec<f32> {
        let mut synth = FrameSynth::new(self.axis.clone(), seed);
        let silence = vec![LEVEL_FLOOR; self.axis.bands()];
        let smooth = vec![0.0; self.axis.bands()];
        let (mut levels, mut depths) = (log_amplitude.rows(), texture.rows());
        render_hops(len, synth.hop_len(), synth.latency_samples(), |out| {
            if !stop.is_stopped() {
                synth.push(levels.next().unwrap_or(&silence), depths.next().unwrap_or(&smooth), out);
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::decode_mono;
    use crate::dsp::{Stft, log_spectral_distance_db, loudness, spectral_convergence_db};
    use proptest::prelude::*;
    use std::path::Path;

    const SONGS: [&str; 4] = [
        "Ambient/ambient_010.ogg",
        "Classical/classical_001.ogg",
        "Jazz/jazz_006.ogg",
        "Rock/rock_009.ogg",
    ];

    fn codec() -> SpectralCodec {
        SpectralCodec::new(BandAxis::standard())
    }

    /// Three seconds of every song.
    fn songs() -> impl Iterator<Item = (&'static str, Vec<f32>)> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/fixtures/songs");
        SONGS.into_iter().map(move |name| {
            let mut samples = decode_mono(&folder.join(name), 44_100).unwrap();
            samples.truncate(3 * 44_100);
            loudness::normalise(&mut samples, 44_100);
            (name, samples)
        })
    }

    fn magnitudes(samples: &[f32]) -> Frames {
        let axis = BandAxis::standard();
        let mut stft = Stft::new(axis.fft_len(), axis.hop_len());
        let mut frames = Frames::zeros(stft.frames(samples.len()), axis.bins());
        for frame in 0..frames.len() {
            for (magnitude, value) in frames.row_mut(frame).iter_mut().zip(stft.spectrum(samples, frame)) {
                *magnitude = value.norm();
            }
        }
        frames
    }

    #[test]
    fn songs_come_back_from_their_bands() {
        let codec = codec();
        for (name, samples) in songs() {
            let frames = codec.analyse(&samples);
            let smooth = Frames::zeros(frames.len(), frames.width());
            let rendered = codec.synthesise(&frames, &smooth, samples.len(), 1);
            let lsd_db = log_spectral_distance_db(&frames, &codec.analyse(&rendered));
            let sc_db = spectral_convergence_db(magnitudes(&samples).as_slice(), magnitudes(&rendered).as_slice());
            println!("{name}: from true bands {lsd_db:.2} dB LSD, {sc_db:.1} dB spectral convergence");
            assert_eq!(rendered.len(), samples.len());
            assert!(
                lsd_db < 3.5 && sc_db < -10.0,
                "{name}: {lsd_db} dB LSD, {sc_db} dB convergence"
            );
        }
    }

    #[test]
    fn texture_brings_smoothed_frames_nearer_to_the_song() {
        let codec = codec();
        for (name, samples) in songs() {
            let frames = codec.analyse(&samples);
            let mut smoothed = frames.clone();
            for frame in 4..frames.len() - 4 {
                let around = frames.slice(frame - 4, frame + 5).time_mean();
                smoothed.row_mut(frame)[96..].copy_from_slice(&around[96..]);
            }
            let distance = |depth: f32| {
                let texture = Frames::from_vec(frames.width(), vec![depth; frames.as_slice().len()]);
                let rendered = codec.synthesise(&smoothed, &texture, samples.len(), 1);
                log_spectral_distance_db(&frames, &codec.analyse(&rendered))
            };
            let (plain, textured) = (distance(0.0), distance(0.15));
            println!("{name}: smoothed frames {plain:.2} dB LSD, with texture {textured:.2} dB");
            assert!(
                textured < plain + 0.05,
                "{name}: {textured} dB with texture, {plain} dB without"
            );
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn any_input_gives_as_many_finite_samples(len in 0usize..6000, kind in 0usize..6) {
            let samples: Vec<f32> = (0..len)
                .map(|i| match kind {
                    0 => 0.0,
                    1 => 1.0,
                    2 => if i % 100 < 50 { 1.0 } else { -1.0 },
                    3 => if i % 7 == 0 { f32::NAN } else { 0.1 },
                    4 => if i == len / 2 { f32::INFINITY } else { -0.5 },
                    _ => f32::MAX,
                })
                .collect();
            let codec = codec();
            let frames = codec.analyse(&samples);
            prop_assert_eq!(frames.len(), len.div_ceil(256));
            prop_assert!(frames.as_slice().iter().all(|level| level.is_finite()));
            let rendered = codec.synthesise(&frames, &Frames::zeros(frames.len(), 224), len, 1);
            prop_assert_eq!(rendered.len(), len);
            prop_assert!(rendered.iter().all(|sample| sample.is_finite()));
        }
    }

    #[test]
    fn a_stop_ends_a_synthesis_in_silence() {
        let codec = SpectralCodec::new(BandAxis::standard());
        let frames = Frames::from_vec(224, vec![-2.0; 224 * 40]);
        let smooth = Frames::zeros(40, 224);
        let loud = |samples: &[f32]| samples.iter().filter(|sample| **sample != 0.0).count();
        let stop = StopFlag::default();
        assert!(loud(&codec.synthesise_until(&frames, &smooth, 9_000, 1, &stop)) > 8_000);
        stop.stop();
        assert_eq!(loud(&codec.synthesise_until(&frames, &smooth, 9_000, 1, &stop)), 0);
    }
}
