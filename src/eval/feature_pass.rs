//! From decoded chunks to what the judge hears of them: rendered audio, in parallel.

use super::features::FeatureExtractor;
use crate::codec::SpectralCodec;
use crate::values::ChunkAudio;
use rayon::prelude::*;

/// Features and onset strength of one rendered chunk.
#[derive(Clone, Debug)]
pub(super) struct Listened {
    pub features: Vec<f32>,
    pub onsets: Vec<f32>,
}

/// Renders every chunk, texture included, exactly as export does, and listens to it.
pub(super) fn listen_to(chunks: &[ChunkAudio], codec: &SpectralCodec, seed: u64) -> Vec<Listened> {
    chunks
        .par_iter()
        .map_init(FeatureExtractor::default, |ear, chunk| {
            let rendered;
            let samples: &[f32] = match chunk {
                ChunkAudio::Spectral { log_amplitude, texture } => {
                    let len = log_amplitude.len() * codec.axis().hop_len();
                    rendered = codec.synthesise(log_amplitude, texture, len, seed);
                    &rendered
                }
                ChunkAudio::Pcm { samples, .. } => samples,
            };
            Listened {
                features: ear.listen(samples),
                onsets: ear.onsets(samples),
            }
        })
        .collect()
}
