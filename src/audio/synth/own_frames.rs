//! Real-time: spectra at any place of what sounds, for notes with playheads of their own.

use super::layers::Layers;
use super::model_mix::ModelMix;
use super::recording_mix::RecordingMix;
use crate::audio::Mode;
use crate::dsp::{BandAxis, BinLevels, RecordingFilter};
use realfft::num_complex::Complex32;

/// Reads the recordings of layers, filtered as they sound.
pub struct OwnFrames {
    filter: RecordingFilter,
    recording_mix: RecordingMix,
    model_mix: ModelMix,
    model_levels: BinLevels,
}

impl OwnFrames {
    /// For frames of `axis`.
    pub fn new(axis: &BandAxis, seed: u64) -> Self {
        Self {
            filter: RecordingFilter::new(axis.clone(), seed),
            recording_mix: RecordingMix::new(axis),
            model_mix: ModelMix::new(axis.bands()),
            model_levels: BinLevels::new(axis.clone(), seed),
        }
    }

    /// Writes the spectrum `[bins]` of both channels under frame `place` of `layers`, mixed with the model's as `detail` and
    /// `texture` say; silence beyond their ends.
    pub fn read(
        &mut self,
        layers: &Layers<()>,
        place: f64,
        (detail, texture): (f32, f32),
        spectrum: &mut [Vec<Complex32>; 2],
    ) {
        let at = Some(place);
        self.recording_mix.lay(layers, Mode::OneShot, at, &mut self.filter);
        let is_inside = layers.iter().any(|layer| layer.frames_at(at).is_some());
        if detail < 1.0 && is_inside {
            self.model_mix.take(layers, Mode::OneShot, at, texture);
            let mix = &self.model_mix;
            let levels = self.model_levels.unfold(&mix.level, &mix.depth, 1.0 - detail);
            self.filter.blend(levels, detail);
        }
        for (spectrum, own) in spectrum.iter_mut().zip(self.filter.frame()) {
            spectrum.copy_from_slice(own);
        }
    }
}
