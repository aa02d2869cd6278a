//! How decoded chunks are heard: by the model's voice or as their own recordings filtered, at a strength.

use super::EvalError;
use super::feature_pass::{Listened, listen_to};
use super::space_under_test::{
    Encoded, RealChunk, SoundAsked, SpaceUnderTest, decode_batched, decode_levels, levels_of,
};
use crate::codec::SpectralCodec;
use crate::dsp::{BandAxis, GAIN_LIMIT, RecordingFilter, loudness, render_hops};
use crate::sync::StopFlag;
use crate::values::{ChunkAudio, Condition, Frames};
use rayon::prelude::*;

/// Chunks that are decoded, rendered and heard at once.
const AT_ONCE: usize = 16;

/// What gives a sound what no latent holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Detail {
    /// Nothing: the model alone sounds.
    None,
    /// The recording, filtered by what the model decodes.
    Recording,
}

/// Chunks as they sound under labels.
pub(super) struct Rendering<'a> {
    space: &'a dyn SpaceUnderTest,
    encoded: &'a [Encoded],
    strength: f32,
    voice: Voice<'a>,
    stop: &'a StopFlag,
}

/// What makes samples of what was decoded.
struct Voice<'a> {
    codec: &'a SpectralCodec,
    chunks: &'a [RealChunk],
    /// Levels of the chunks as they were recorded, where recordings are filtered.
    own_levels: Option<Vec<Frames>>,
    seed: u64,
}

impl<'a> Rendering<'a> {
    /// `chunks`, which are `encoded`, by the model alone with labels as they were learned.
    pub fn plain(
        space: &'a dyn SpaceUnderTest,
        codec: &'a SpectralCodec,
        (chunks, encoded): (&'a [RealChunk], &'a [Encoded]),
        seed: u64,
        stop: &'a StopFlag,
    ) -> Self {
        Self {
            space,
            encoded,
            strength: 1.0,
            voice: Voice {
                codec,
                chunks,
                own_levels: None,
                seed,
            },
            stop,
        }
    }

    /// The same at `strength`, by `detail`.
    pub fn with(mut self, strength: f32, detail: Detail) -> Result<Self, EvalError> {
        let own: Vec<SoundAsked<'_>> = (0..self.encoded.len()).map(|source| self.own(source)).collect();
        self.voice.own_levels = match detail {
            Detail::None => None,
            Detail::Recording => {
                let analyse = |samples: &[f32]| self.voice.codec.analyse(samples);
                Some(decode_levels(self.space, &own, &analyse)?)
            }
        };
        self.strength = strength;
        Ok(self)
    }

    /// What is heard of chunks under labels.
    pub fn listen(&self, asked: &[(usize, &Condition)]) -> Result<Vec<Listened>, EvalError> {
        let mut heard = Vec::with_capacity(asked.len());
        for asked in asked.chunks(AT_ONCE) {
            if self.stop.is_stopped() {
                return Err(EvalError::Cancelled);
            }
            let sounds = asked.iter().map(|(source, condition)| SoundAsked {
                condition,
                strength: self.strength,
                ..self.own(*source)
            });
            let decoded = decode_batched(self.space, &sounds.collect::<Vec<_>>())?;
            let voice = &self.voice;
            let voiced: Vec<Vec<f32>> = asked
                .par_iter()
                .zip(decoded)
                .map(|((source, _), audio)| voice.voiced(*source, audio))
                .collect();
            heard.extend(listen_to(&voiced));
        }
        Ok(heard)
    }

    fn own(&self, source: usize) -> SoundAsked<'a> {
        SoundAsked::plain(&self.encoded[source].latent, &self.voice.chunks[source].labels)
    }
}

impl Voice<'_> {
    /// Samples of `decoded`, as export makes them, texture included, and as loud as its recording.
    fn voiced(&self, source: usize, decoded: ChunkAudio) -> Vec<f32> {
        let chunk = &self.chunks[source];
        let mut samples = match (&self.own_levels, decoded) {
            (Some(own), decoded) => {
                let mut gain = levels_of(decoded, &|samples| self.codec.analyse(samples));
                for (gain, own) in gain.as_mut_slice().iter_mut().zip(own[source].as_slice()) {
                    *gain = (*gain - own).clamp(-GAIN_LIMIT, GAIN_LIMIT);
                }
                filtered(&chunk.samples, &gain, self.codec.axis(), self.seed)
            }
            (None, ChunkAudio::Spectral { log_amplitude, texture }) => {
                let len = log_amplitude.len() * self.codec.axis().hop_len();
                self.codec.synthesise(&log_amplitude, &texture, len, self.seed)
            }
            (None, ChunkAudio::Pcm { samples, .. }) => samples,
        };
        // Labels are judged by what they do to the sound, not to its loudness, which the player matches.
        let more_db = loudness::rms_dbfs(&chunk.samples) - loudness::rms_dbfs(&samples);
        if more_db.is_finite() {
            let factor = 10f32.powf(more_db / 20.0);
            for sample in &mut samples {
                *sample *= factor;
            }
        }
        samples
    }
}

/// Mono `samples` through `gain` `[frames x bands]`, nats, as the player filters them.
fn filtered(samples: &[f32], gain: &Frames, axis: &BandAxis, seed: u64) -> Vec<f32> {
    let mut filter = RecordingFilter::new(axis.clone(), seed);
    let (hop_len, fft_len) = (axis.hop_len(), axis.fft_len());
    let mut window = [vec![0.0; fft_len], vec![0.0; fft_len]];
    let mut stereo = vec![[0.0; 2]; hop_len];
    let mut frame = 0;
    render_hops(samples.len(), hop_len, filter.latency_samples(), |out| {
        let begin = (frame * hop_len) as isize - (fft_len / 2) as isize;
        for (place, sample) in window[0].iter_mut().enumerate() {
            let at = usize::try_from(begin + place as isize).ok();
            *sample = at.and_then(|at| samples.get(at)).copied().unwrap_or(0.0);
        }
        let (left, right) = window.split_at_mut(1);
        right[0].copy_from_slice(&left[0]);
        filter.begin();
        filter.lay(&window, (frame < gain.len()).then(|| gain.row(frame)), 1.0);
        filter.finish(true, &mut stereo);
        for (sample, [left, _]) in out.iter_mut().zip(&stereo) {
            *sample = *left;
        }
        frame += 1;
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recording_through_no_gain_is_itself_and_through_one_is_louder() {
        let axis = BandAxis::standard();
        let samples: Vec<f32> = (0..20_480).map(|i| 0.3 * (i as f32 * 0.05).sin()).collect();
        let flat = |nats: f32| Frames::from_vec(axis.bands(), vec![nats; 80 * axis.bands()]);
        let same = filtered(&samples, &flat(0.0), &axis, 1);
        let louder = filtered(&samples, &flat(0.5), &axis, 1);
        assert_eq!(same.len(), samples.len());
        for at in 4_096..16_384 {
            assert!((same[at] - samples[at]).abs() < 1e-4, "{at}");
            assert!((louder[at] - samples[at] * 0.5f32.exp()).abs() < 1e-3, "{at}");
        }
    }
}
