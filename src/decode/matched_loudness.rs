//! Brings what was decoded to the loudness that is asked for.

use super::loudness::TYPICAL_LUFS;
use super::space_decoder::SpaceDecoder;
use crate::dsp::{BandAxis, BandPowerMeter, lufs_of_filtered};
use crate::values::{ChunkAudio, DecodePart, Frames, LoudnessMatch};

/// Samples between the spectra by which samples are measured.
const SAMPLES_STRIDE: usize = 1_024;

impl SpaceDecoder {
    /// Brings the decoded `levels` of `part` to the loudness that it asks for; `own`: the levels of its anchor, `None` where they
    /// are the same.
    pub(super) fn bring_to_loudness(&self, levels: &mut Frames, part: &DecodePart, own: Option<&Frames>) {
        if let (Some(control), Some(rule)) = (&self.loudness, part.loudness) {
            control.bring(levels, rule, own);
        }
    }

    /// Raises what was decoded as mono samples to the loudness that `rule` says, and returns by how many nats. Frames are left as
    /// they are: they have it already.
    pub fn raise_audio(&self, audio: &mut ChunkAudio, rule: Option<LoudnessMatch>) -> f32 {
        match (audio, rule) {
            (
                ChunkAudio::Pcm {
                    samples, channels: 1, ..
                },
                Some(rule),
            ) => self.raise_samples(samples, rule),
            _ => 0.0,
        }
    }

    /// The same of mono `samples` at the space's rate.
    pub fn raise_samples(&self, samples: &mut [f32], rule: LoudnessMatch) -> f32 {
        let Some(mut meter) = self.samples_meter() else {
            return 0.0;
        };
        let rows = samples.len() / SAMPLES_STRIDE;
        let power = meter.measure([samples, samples], SAMPLES_STRIDE / 2, SAMPLES_STRIDE, rows);
        let heard = lufs_of_filtered(&power, |_| None);
        let raise = rule.gain(heard, heard, TYPICAL_LUFS);
        let factor = raise.exp();
        for sample in samples.iter_mut() {
            *sample *= factor;
        }
        raise
    }

    fn samples_meter(&self) -> Option<BandPowerMeter> {
        let player = BandAxis::standard();
        let rate_hz = self.config().sample_rate_hz;
        let axis = BandAxis::hybrid(rate_hz, player.fft_len(), player.hop_len(), player.bands());
        axis.ok().map(|axis| BandPowerMeter::new(&axis))
    }
}
