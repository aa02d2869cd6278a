//! Real-time: the spectrogram wavetable: frames of the sounding layers, mixed in log magnitude, voiced by RTPGHI.

use super::controls::Controls;
use super::layers::Layers;
use super::playhead::Playhead;
use super::retirement::Retirement;
use super::source::Source;
use crate::audio::Mode;
use crate::dsp::{BandAxis, FrameSynth, LEVEL_FLOOR};
use std::sync::Arc;

/// Phases run on from frame to frame, so a switch changes the spectrum and never cuts the wave.
pub struct SpectralVoice {
    synth: FrameSynth,
    layers: Layers<()>,
    level: Vec<f32>,
    depth: Vec<f32>,
    layer_level: Vec<f32>,
    layer_depth: Vec<f32>,
    /// Hops until the last window of a sound has died away; then the voice rests.
    tail_hops: usize,
    tail_len: usize,
}

impl SpectralVoice {
    /// A resting voice.
    pub fn new(axis: &BandAxis, seed: u64) -> Self {
        let bands = axis.bands();
        Self {
            synth: FrameSynth::new(axis.clone(), seed),
            layers: Layers::new(),
            level: vec![LEVEL_FLOOR; bands],
            depth: vec![0.0; bands],
            layer_level: vec![LEVEL_FLOOR; bands],
            layer_depth: vec![0.0; bands],
            tail_hops: 0,
            tail_len: axis.fft_len() / axis.hop_len() + 2,
        }
    }

    /// Samples from the centre of a frame that is pushed to the moment it sounds.
    pub fn latency_samples(&self) -> usize {
        self.synth.latency_samples()
    }

    /// The playhead of the newest source.
    pub fn head(&self) -> Option<&Playhead> {
        self.layers.head()
    }

    /// Fades to `source` at `head`.
    pub fn switch(&mut self, source: Arc<Source>, head: Playhead, retirement: &mut Retirement) {
        self.layers.push(source, head, (), retirement);
    }

    /// Goes on with `longer` wherever `source` sounds.
    pub fn lengthen(&mut self, source: &Arc<Source>, longer: &Arc<Source>, retirement: &mut Retirement) {
        self.layers.lengthen(source, longer, retirement);
    }

    /// Silences the voice; what was already voiced dies away over a window.
    pub fn clear(&mut self, retirement: &mut Retirement) {
        self.layers.clear(retirement);
    }

    /// Writes the next hop and moves on.
    pub fn hop(&mut self, controls: &Controls, retirement: &mut Retirement, out: &mut [f32]) {
        if self.layers.is_empty() && self.tail_hops == 0 {
            out.fill(0.0);
            return;
        }
        self.mix(controls.mode());
        let texture = controls.texture.get();
        self.depth.iter_mut().for_each(|depth| *depth *= texture);
        self.synth.push(&self.level, &self.depth, out);
        if self.layers.is_empty() {
            self.tail_hops -= 1;
            if self.tail_hops == 0 {
                self.synth.reset();
            }
        } else {
            self.tail_hops = self.tail_len;
        }
        self.layers.advance(controls, retirement);
    }

    /// The frame that sounds now: every layer covers those beneath it by its weight.
    fn mix(&mut self, mode: Mode) {
        self.level.fill(LEVEL_FLOOR);
        self.depth.fill(0.0);
        for layer in self.layers.iter_mut() {
            if layer.head.ended() {
                self.layer_level.fill(LEVEL_FLOOR);
                self.layer_depth.fill(0.0);
            } else {
                let circular = mode != Mode::OneShot;
                layer.source.read_frame(
                    layer.head.frames(),
                    circular,
                    &mut self.layer_level,
                    &mut self.layer_depth,
                );
            }
            let (weight, growth) = layer.weight();
            let weight = weight + growth;
            cover(&mut self.level, &self.layer_level, weight, LEVEL_FLOOR);
            cover(&mut self.depth, &self.layer_depth, weight, 0.0);
        }
    }
}

/// Lays `above` over `below`; at full weight it takes its place to the last bit, so that live sound equals offline sound.
fn cover(below: &mut [f32], above: &[f32], weight: f32, instead_of_nan: f32) {
    for (below, above) in below.iter_mut().zip(above) {
        let above = if above.is_finite() { *above } else { instead_of_nan };
        *below = if weight < 1.0 {
            *below + weight * (above - *below)
        } else {
            above
        };
    }
}
