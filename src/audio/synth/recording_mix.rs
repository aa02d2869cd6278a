//! Real-time: the recordings of the sounding layers, each filtered by its gain, laid over each other.
//!
//! Layers that play the same moment of the same recording share its wave and mix their gains; others cross-fade as waves.

use super::layers::{Layer, Layers};
use super::model_mix::cover;
use crate::audio::Mode;
use crate::dsp::{BandAxis, RecordingFilter};

/// Reads layers into a [`RecordingFilter`].
pub struct RecordingMix {
    hop_len: usize,
    waves: Waves,
    layer_gain: Vec<f32>,
}

/// What is laid into the filter, and how.
struct Waves {
    window: [Vec<f32>; 2],
    gain: Vec<f32>,
    circular: bool,
}

/// The wave that layers are still put together to.
struct OpenWave<'a> {
    /// The newest of them.
    layer: &'a Layer<()>,
    sample: i64,
    /// How much it covers what is beneath it.
    cover: f32,
    has_gain: bool,
}

impl RecordingMix {
    /// For recordings under frames of `axis`.
    pub fn new(axis: &BandAxis) -> Self {
        Self {
            hop_len: axis.hop_len(),
            waves: Waves {
                window: [vec![0.0; axis.fft_len()], vec![0.0; axis.fft_len()]],
                gain: vec![0.0; axis.bands()],
                circular: true,
            },
            layer_gain: vec![0.0; axis.bands()],
        }
    }

    /// Whether what the newest layer plays now is at hand as a recording.
    pub fn is_at_hand(&self, layers: &Layers<()>) -> bool {
        layers
            .iter()
            .next_back()
            .is_some_and(|layer| wave_of(layer, None, self.hop_len).is_some())
    }

    /// Begins a frame of `filter` with what sounds now, or at frame `at`.
    pub fn lay(&mut self, layers: &Layers<()>, mode: Mode, at: Option<f64>, filter: &mut RecordingFilter) {
        filter.begin();
        let Self {
            hop_len,
            waves,
            layer_gain,
        } = self;
        waves.circular = mode != Mode::OneShot;
        let mut open: Option<OpenWave<'_>> = None;
        for layer in layers.iter() {
            let Some((frames, sample)) = wave_of(layer, at, *hop_len) else {
                continue;
            };
            let (weight, growth) = layer.weight();
            let cover_by = weight + growth;
            let has_gain = layer.source.read_gain(frames, waves.circular, layer_gain);
            if !has_gain {
                layer_gain.fill(0.0);
            }
            match &mut open {
                Some(wave) if wave.is_at_the_moment_of(layer, sample) => {
                    cover(&mut waves.gain, layer_gain, cover_by, 0.0);
                    wave.has_gain = has_gain || (wave.has_gain && cover_by < 1.0);
                    (wave.layer, wave.sample) = (layer, sample);
                }
                _ => {
                    if let Some(wave) = open.take() {
                        waves.lay(&wave, filter);
                    }
                    waves.gain.copy_from_slice(layer_gain);
                    open = Some(OpenWave {
                        layer,
                        sample,
                        cover: cover_by,
                        has_gain,
                    });
                }
            }
        }
        if let Some(wave) = open {
            waves.lay(&wave, filter);
        }
    }
}

impl Waves {
    fn lay(&mut self, wave: &OpenWave<'_>, filter: &mut RecordingFilter) {
        let start = wave.sample - self.window[0].len() as i64 / 2;
        let recorded = wave.layer.source.recorded();
        recorded.read(start, self.circular, &mut self.window);
        filter.lay(&self.window, wave.has_gain.then_some(&self.gain[..]), wave.cover);
    }
}

impl OpenWave<'_> {
    /// Whether `layer` at `sample` would lay the same wave.
    fn is_at_the_moment_of(&self, layer: &Layer<()>, sample: i64) -> bool {
        let (own, other) = (self.layer.source.recorded(), layer.source.recorded());
        own.is_at_the_moment_of(self.sample, other, sample)
    }
}

/// The frame under the playhead of `layer`, or frame `at`, and its sample, where its recording is there.
fn wave_of(layer: &Layer<()>, at: Option<f64>, hop_len: usize) -> Option<(f64, i64)> {
    let frames = layer.frames_at(at)?;
    let sample = (frames * hop_len as f64).round() as i64;
    layer.source.recorded().is_there(sample).then_some((frames, sample))
}
