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
    window: [Vec<f32>; 2],
    gain: Vec<f32>,
    layer_gain: Vec<f32>,
}

impl RecordingMix {
    /// For recordings under frames of `axis`.
    pub fn new(axis: &BandAxis) -> Self {
        Self {
            hop_len: axis.hop_len(),
            window: [vec![0.0; axis.fft_len()], vec![0.0; axis.fft_len()]],
            gain: vec![0.0; axis.bands()],
            layer_gain: vec![0.0; axis.bands()],
        }
    }

    /// Whether what the newest layer plays now is at hand as a recording.
    pub fn is_at_hand(&self, layers: &Layers<()>) -> bool {
        layers.iter().next_back().is_some_and(|layer| self.has_wave(layer))
    }

    /// Begins a frame of `filter` with what sounds now.
    pub fn lay(&mut self, layers: &Layers<()>, mode: Mode, filter: &mut RecordingFilter) {
        let circular = mode != Mode::OneShot;
        filter.begin();
        // The layer whose wave is being put together, how much it covers those beneath it, and whether it has a gain at all.
        let mut open: Option<(&Layer<()>, f32, bool)> = None;
        for layer in layers.iter().filter(|layer| self.has_wave(layer)) {
            let (weight, growth) = layer.weight();
            let cover_by = weight + growth;
            let has_gain = layer
                .source
                .read_gain(layer.head.frames(), circular, &mut self.layer_gain);
            if !has_gain {
                self.layer_gain.fill(0.0);
            }
            match &mut open {
                Some((wave, _, gained)) if self.plays_the_same(wave, layer) => {
                    cover(&mut self.gain, &self.layer_gain, cover_by, 0.0);
                    *gained = has_gain || (*gained && cover_by < 1.0);
                    *wave = layer;
                }
                _ => {
                    if let Some((wave, cover_by, gained)) = open.take() {
                        self.lay_wave(wave, cover_by, gained, circular, filter);
                    }
                    self.gain.copy_from_slice(&self.layer_gain);
                    open = Some((layer, cover_by, has_gain));
                }
            }
        }
        if let Some((wave, cover_by, gained)) = open {
            self.lay_wave(wave, cover_by, gained, circular, filter);
        }
    }

    fn lay_wave(
        &mut self,
        layer: &Layer<()>,
        cover_by: f32,
        gained: bool,
        circular: bool,
        filter: &mut RecordingFilter,
    ) {
        let start = self.sample_of(layer) - self.window[0].len() as i64 / 2;
        layer.source.recorded().read(start, circular, &mut self.window);
        filter.lay(&self.window, gained.then_some(&self.gain[..]), cover_by);
    }

    fn has_wave(&self, layer: &Layer<()>) -> bool {
        !layer.head.ended() && layer.source.recorded().is_there(self.sample_of(layer))
    }

    fn plays_the_same(&self, a: &Layer<()>, b: &Layer<()>) -> bool {
        let (first, second) = (a.source.recorded(), b.source.recorded());
        first.is_at_the_moment_of(self.sample_of(a), second, self.sample_of(b))
    }

    /// The sample under the playhead.
    fn sample_of(&self, layer: &Layer<()>) -> i64 {
        (layer.head.frames() * self.hop_len as f64).round() as i64
    }
}
