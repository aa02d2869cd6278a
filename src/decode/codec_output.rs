//! How a codec's frames become sound: bands voiced by phase integration, or latents through EnCodec's own decoder.
//!
//! On the thread of the decoder it belongs to. The spectral codec needs nothing beside the program; EnCodec needs the
//! very weights that the space was trained on, or its latents would mean something else.

use super::decoded_frames::DecodedFrames;
use crate::codec::SpectralCodec;
use crate::codec::encodec::{EncodecCodec, EncodecError};
use crate::dsp::BandAxis;
use crate::model::{CodecKind, ModelConfig};
use crate::space::{CodecWeights, SpaceMeta};
use crate::sync::StopFlag;
use crate::values::{ChunkAudio, LoopContext};
use burn::tensor::Device;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What to do about weights that are not there: where they come from, how large they are, under which licence.
pub const ENCODEC_DOWNLOAD: &str = "download model.safetensors and config.json of facebook/encodec_24khz from \
     huggingface.co (93 MB, CC BY-NC 4.0) and name the folder: --encodec PATH, or Model > EnCodec weights… in the window";

/// Why a space has no voice.
#[derive(Debug, thiserror::Error)]
pub enum VoiceError {
    /// They cannot be loaded from the path that the space names.
    #[error("this space sounds through EnCodec, whose weights are not part of it: {0}. To hear it, {ENCODEC_DOWNLOAD}")]
    NoWeights(EncodecError),
    /// The hash differs from the one in the space.
    #[error(
        "{path} holds other EnCodec weights (hash {found}) than this space was trained on (hash {expected}); name the folder with the right ones: --encodec PATH, or Model > EnCodec weights… in the window"
    )]
    OtherWeights {
        /// Where the space says the weights are.
        path: PathBuf,
        /// First eight characters of the hash on disk.
        found: String,
        /// First eight characters of the hash in the space.
        expected: String,
    },
    /// The weights match, but sample rate, hop or latent size do not.
    #[error(
        "{path}: the config.json there describes another EnCodec than this space was trained on; keep the one that came with the weights"
    )]
    OtherConfig {
        /// Where the weights are.
        path: PathBuf,
    },
    /// The space needs EnCodec and does not say where its weights are.
    #[error("this space says that it sounds through EnCodec but names no weights: open a backup or train again")]
    Nameless,
}

/// The voice of one codec; clones share its weights.
#[derive(Clone)]
pub(super) enum Voice {
    Spectral(SpectralCodec),
    Encodec(Arc<EncodecCodec>),
}

impl Voice {
    /// The voice of a space on `device`.
    pub fn open(meta: &SpaceMeta, device: &Device) -> Result<Self, VoiceError> {
        match (meta.model.codec, &meta.codec_weights) {
            (CodecKind::Spectral, _) => Ok(Self::Spectral(SpectralCodec::new(BandAxis::standard()))),
            (CodecKind::Encodec, Some(file)) => {
                load(file, &meta.model, device).map(|codec| Self::Encodec(Arc::new(codec)))
            }
            (CodecKind::Encodec, None) => Err(VoiceError::Nameless),
        }
    }

    /// Whether this is the voice of `meta` too, so that its weights need not be read again.
    pub fn suits(&self, meta: &SpaceMeta) -> bool {
        match (self, meta.model.codec, &meta.codec_weights) {
            (Self::Spectral(_), CodecKind::Spectral, _) => true,
            (Self::Encodec(codec), CodecKind::Encodec, Some(file)) => codec.weights_hash() == file.hash,
            _ => false,
        }
    }

    /// What the player takes: frames for a codec that is voiced live, samples for the others.
    pub fn audio(&self, frames: DecodedFrames, context: LoopContext) -> ChunkAudio {
        match self {
            Self::Spectral(_) => ChunkAudio::Spectral {
                log_amplitude: frames.levels,
                texture: frames.texture,
            },
            Self::Encodec(codec) => ChunkAudio::Pcm {
                channels: 1,
                samples: match context {
                    LoopContext::Open => codec.decode(&frames.levels),
                    LoopContext::Circular => codec.decode_loop(&frames.levels),
                },
                sample_rate_hz: codec.sample_rate_hz(),
            },
        }
    }

    /// Exactly `len` samples of frames, at the codec's rate; silence from soon after `stop` is set.
    pub fn samples(&self, frames: &DecodedFrames, len: usize, seed: u64, stop: &StopFlag) -> Vec<f32> {
        match self {
            Self::Spectral(codec) => codec.synthesise_until(&frames.levels, &frames.texture, len, seed, stop),
            Self::Encodec(codec) => {
                let mut samples = codec.decode_until(&frames.levels, &|| stop.is_stopped());
                samples.resize(len, 0.0);
                samples
            }
        }
    }
}

fn load(file: &CodecWeights, model: &ModelConfig, device: &Device) -> Result<EncodecCodec, VoiceError> {
    let path = Path::new(&file.path);
    let codec = EncodecCodec::load(path, device).map_err(VoiceError::NoWeights)?;
    let found = codec.weights_hash();
    if found != file.hash {
        let short = |hash: &str| hash.chars().take(8).collect();
        return Err(VoiceError::OtherWeights {
            path: path.to_owned(),
            found: short(&found),
            expected: short(&file.hash),
        });
    }
    let geometry = (codec.sample_rate_hz(), codec.hop_len(), codec.latent_dims());
    if geometry != (model.sample_rate_hz, model.hop_len, model.bands) {
        return Err(VoiceError::OtherConfig { path: path.to_owned() });
    }
    Ok(codec)
}
