//! Real-time: recordings and waveform codecs: stereo frames of the sounding layers, cross-faded at equal power.

use super::controls::Controls;
use super::layers::Layers;
use super::playhead::Playhead;
use super::retirement::Retirement;
use super::source::Source;
use super::time_stretch::{TimeStretch, TimeStretchScratch};
use crate::audio::Mode;
use crate::values::BeatGrid;
use std::f32::consts::FRAC_PI_2;
use std::sync::Arc;

/// Plays samples `lag_samples` behind the playhead, so that they sound together with the frames the spectral voice
/// reads at the same position.
pub struct PcmVoice {
    layers: Layers<TimeStretch>,
    scratch: TimeStretchScratch,
    layer: [Vec<f32>; 2],
    lag_samples: f64,
}

impl PcmVoice {
    /// A silent voice for hops of `hop_len` samples.
    pub fn new(hop_len: usize, lag_samples: usize) -> Self {
        Self {
            layers: Layers::new(),
            scratch: TimeStretchScratch::new(),
            layer: [vec![0.0; hop_len], vec![0.0; hop_len]],
            lag_samples: lag_samples as f64,
        }
    }

    /// The playhead of the newest source.
    pub fn head(&self) -> Option<&Playhead> {
        self.layers.head()
    }

    /// As [`Layers::beats`].
    pub fn beats(&self) -> Option<(BeatGrid, f64)> {
        self.layers.beats()
    }

    /// As [`Layers::course_place`].
    pub fn course_place(&self) -> Option<(u64, f64)> {
        self.layers.course_place()
    }

    /// Fades to `source` at `head`.
    pub fn switch(&mut self, source: Arc<Source>, head: Playhead, retirement: &mut Retirement) {
        self.layers.push(source, head, TimeStretch::default(), retirement);
    }

    /// Goes on with `longer` wherever `source` sounds.
    pub fn lengthen(&mut self, source: &Arc<Source>, longer: &Arc<Source>, retirement: &mut Retirement) {
        self.layers.lengthen(source, longer, retirement);
    }

    /// Silences the voice.
    pub fn clear(&mut self, retirement: &mut Retirement) {
        self.layers.clear(retirement);
    }

    /// Writes the next hop and moves on.
    pub fn hop(&mut self, controls: &Controls, retirement: &mut Retirement, out: &mut [[f32; 2]]) {
        out.fill([0.0; 2]);
        let circular = controls.mode() != Mode::OneShot;
        let lag = self.lag_samples * f64::from(controls.speed_now());
        let hop_len = out.len() as f64;
        for layer in self.layers.iter_mut() {
            let target = (layer.head.frames() * hop_len - lag * f64::from(layer.pace())).round() as i64;
            layer
                .state
                .read(&layer.source, target, circular, &mut self.scratch, &mut self.layer);
            let (weight, growth) = layer.weight();
            let right = layer.source.channels() - 1;
            let frames = self.layer[0].iter().zip(&self.layer[right]);
            for (index, (sum, (left, right))) in out.iter_mut().zip(frames).enumerate() {
                let (above, below) = (FRAC_PI_2 * (weight + growth * index as f32 / hop_len as f32)).sin_cos();
                let below = below.max(0.0);
                *sum = [sum[0] * below + left * above, sum[1] * below + right * above];
            }
        }
        self.layers.advance(controls, retirement);
    }
}
