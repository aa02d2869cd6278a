//! A whole EnCodec checkpoint, of any published geometry.

use super::checkpoint::Checkpoint;
use super::config::EncodecConfig;
use super::lstm::LstmState;
use super::quantiser::Quantiser;
use super::seanet::{Decoder, Encoder};
use super::{Codes, EncodecError};
use crate::values::Frames;
use burn::module::Module;
use burn::tensor::{Device, Tensor, TensorData};
use std::path::Path;

/// The networks of one checkpoint on one device.
#[derive(Debug)]
pub struct EncodecModel {
    pub(super) config: EncodecConfig,
    pub(super) networks: Networks,
    pub(super) device: Device,
    hash: blake3::Hash,
}

/// Encoder, quantiser and decoder.
#[derive(Module, Debug)]
pub struct Networks {
    pub encoder: Encoder,
    pub quantiser: Quantiser,
    pub decoder: Decoder,
}

impl EncodecModel {
    /// Loads `path`, a safetensors file beside its `config.json` or the folder with both (`model.safetensors`).
    ///
    /// # Errors
    /// When either file cannot be read, is damaged, or the two do not describe the same model. Everything is checked
    /// on the host before a tensor is made of it.
    pub fn load(path: &Path, device: &Device) -> Result<Self, EncodecError> {
        let weights = if path.is_dir() {
            path.join("model.safetensors")
        } else {
            path.to_owned()
        };
        let mut checkpoint = Checkpoint::read(&weights)?;
        let config = EncodecConfig::read(&weights.with_file_name("config.json"))?;
        let networks = Networks {
            encoder: Encoder::load(&mut checkpoint, &config, device)?,
            quantiser: Quantiser::load(&mut checkpoint, &config, device)?,
            decoder: Decoder::load(&mut checkpoint, &config, device)?,
        };
        let hash = checkpoint.hash();
        checkpoint.finish()?;
        Ok(Self {
            config,
            networks,
            device: device.clone(),
            hash,
        })
    }

    /// The configuration it was loaded with.
    pub fn config(&self) -> &EncodecConfig {
        &self.config
    }

    /// Hash of the checkpoint's bytes.
    pub fn weights_hash(&self) -> blake3::Hash {
        self.hash
    }

    /// Nearest entries of as many codebooks as `kbps` pays for.
    ///
    /// # Errors
    /// When `kbps` is none of the model's bandwidths.
    pub fn quantise(&self, latents: &Frames, kbps: f64) -> Result<Codes, EncodecError> {
        let used = self.config.codebooks_at(kbps).ok_or_else(|| EncodecError::Bandwidth {
            kbps,
            supported: self.config.target_bandwidths.clone(),
        })?;
        let mut codes = Codes::default();
        for start in (0..latents.len()).step_by(super::stream::PIECE_FRAMES) {
            let piece = latents.slice(start, (start + super::stream::PIECE_FRAMES).min(latents.len()));
            codes.append(&self.networks.quantiser.encode(self.tensor(piece), used));
        }
        Ok(codes)
    }

    /// The latents the codes stand for.
    ///
    /// # Errors
    /// When the codes belong to another model.
    pub fn dequantise(&self, codes: &Codes) -> Result<Frames, EncodecError> {
        Ok(self.frames(self.networks.quantiser.decode(codes, &self.device)?))
    }

    /// One window `[samples x channels]` to latents, in one piece.
    pub(super) fn encode_window(&self, samples: Frames) -> Frames {
        let encoder = &self.networks.encoder;
        let x = encoder.before_lstm(self.tensor(samples));
        let x = encoder.lstm(x, &mut LstmState::default());
        self.frames(encoder.after_lstm(x))
    }

    /// Latents to one window `[samples x channels]`, in one piece.
    pub(super) fn decode_window(&self, latents: Frames) -> Frames {
        let decoder = &self.networks.decoder;
        let x = decoder.before_lstm(self.tensor(latents));
        let x = decoder.lstm(x, &mut LstmState::default());
        self.frames(decoder.after_lstm(x))
    }

    /// To the device.
    pub(super) fn tensor(&self, frames: Frames) -> Tensor<2> {
        let shape = [frames.len(), frames.width()];
        Tensor::from_data(TensorData::new(frames.into_vec(), shape), &self.device)
    }

    /// Back to the host.
    pub(super) fn frames(&self, x: Tensor<2>) -> Frames {
        let width = x.dims()[1];
        let values = x.into_data().try_into_vec().expect("the network computes in f32");
        Frames::from_vec(width, values)
    }
}
