//! The built-in codec: 224 hybrid bands of log amplitude, voiced by phase gradient heap integration.

use crate::dsp::{BandAxis, FrameSynth, LEVEL_FLOOR, Stft, render_hops};
use crate::space::Frames;

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
        let mut stft = Stft::new(self.axis.fft_len(), self.axis.hop_len());
        let mut power = vec![0.0; self.axis.bins()];
        let mut frames = Frames::zeros(stft.frames(samples.len()), self.axis.bands());
        for frame in 0..frames.len() {
            stft.power(samples, frame, &mut power);
            self.axis.levels_from_power(&power, frames.row_mut(frame));
        }
        frames
    }

    /// Exactly `len` samples of `log_amplitude` with `texture` (both `[frames x bands]`, in nats); missing frames are
    /// silent, missing texture is none. The same sound as the live voice makes of the same frames and seed.
    pub fn synthesise(&self, log_amplitude: &Frames, texture: &Frames, len: usize, seed: u64) -> Vec<f32> {
        let mut synth = FrameSynth::new(self.axis.clone(), seed);
        let silence = vec![LEVEL_FLOOR; self.axis.bands()];
        let smooth = vec![0.0; self.axis.bands()];
        let (mut levels, mut depths) = (log_amplitude.rows(), texture.rows());
        render_hops(len, synth.hop_len(), synth.latency_samples(), |out| {
            synth.push(levels.next().unwrap_or(&silence), depths.next().unwrap_or(&smooth), out);
        })
    }
}
