//! Real-time: the decoded frames of the sounding layers, mixed in log magnitude.

use super::layers::Layers;
use crate::audio::Mode;
use crate::dsp::LEVEL_FLOOR;

/// The frame that sounds now, and room to read layers into.
pub struct ModelMix {
    pub level: Vec<f32>,
    pub depth: Vec<f32>,
    layer_level: Vec<f32>,
    layer_depth: Vec<f32>,
}

impl ModelMix {
    /// Silence of `bands` bands.
    pub fn new(bands: usize) -> Self {
        Self {
            level: vec![LEVEL_FLOOR; bands],
            depth: vec![0.0; bands],
            layer_level: vec![LEVEL_FLOOR; bands],
            layer_depth: vec![0.0; bands],
        }
    }

    /// Takes the frame that sounds now, or that at frame `at`: every layer covers those beneath it by its weight. `texture` scales
    /// its depth.
    pub fn take(&mut self, layers: &Layers<()>, mode: Mode, at: Option<f64>, texture: f32) {
        self.level.fill(LEVEL_FLOOR);
        self.depth.fill(0.0);
        for layer in layers.iter() {
            if let Some(frames) = layer.frames_at(at) {
                let circular = mode != Mode::OneShot;
                let (level, depth) = (&mut self.layer_level, &mut self.layer_depth);
                layer.source.read_frame(frames, circular, level, depth);
            } else {
                self.layer_level.fill(LEVEL_FLOOR);
                self.layer_depth.fill(0.0);
            }
            let (weight, growth) = layer.weight();
            let weight = weight + growth;
            cover(&mut self.level, &self.layer_level, weight, LEVEL_FLOOR);
            cover(&mut self.depth, &self.layer_depth, weight, 0.0);
        }
        self.depth.iter_mut().for_each(|depth| *depth *= texture);
    }
}

/// Lays `above` over `below`; at full weight it takes its place to the last bit, so that live sound equals offline sound.
pub fn cover(below: &mut [f32], above: &[f32], weight: f32, instead_of_nan: f32) {
    for (below, above) in below.iter_mut().zip(above) {
        let above = if above.is_finite() { *above } else { instead_of_nan };
        *below = if weight < 1.0 {
            *below + weight * (above - *below)
        } else {
            above
        };
    }
}
