//! A checkpoint made ready: audio of any length to latents and back, on one device.

use super::checkpoint::Checkpoint;
use super::config::EncodecConfig;
use super::quantiser::Quantiser;
use super::seanet::{Decoder, Encoder, Reach};
use super::stream::{DecoderStream, EncoderStream, PIECE_FRAMES};
use super::{Codes, EncodecError};
use crate::values::Frames;
use burn::module::Module;
use burn::tensor::{Device, Tensor, TensorData};
use std::path::Path;

/// Latents of a loop's end that its beginning hears: half a second at 75 Hz, three times what the convolutions look
/// back, and enough for the LSTM to have forgotten its start.
const LOOP_LEAD_FRAMES: usize = 38;

/// A causal mono EnCodec: audio of any length to latents and back.
#[derive(Debug)]
pub struct EncodecCodec {
    config: EncodecConfig,
    networks: Networks,
    reach: Reach,
    device: Device,
    hash: blake3::Hash,
}

/// Encoder, quantiser and decoder.
#[derive(Module, Debug)]
struct Networks {
    encoder: Encoder,
    quantiser: Quantiser,
    decoder: Decoder,
}

impl EncodecCodec {
    /// Loads `path`, a safetensors file beside its `config.json` or the folder with both (`model.safetensors`).
    ///
    /// # Errors
    /// When either file cannot be read, is damaged, or the two do not describe the same model, and when that model is not
    /// causal and mono like the 24 kHz one. Everything is checked on the host before a tensor is made of it.
    pub fn load(path: &Path, device: &Device) -> Result<Self, EncodecError> {
        // What was named is told of before what should lie beside it.
        let named = std::fs::metadata(path).map_err(|source| EncodecError::Read {
            path: path.to_owned(),
            source,
        })?;
        let weights = if named.is_dir() {
            path.join("model.safetensors")
        } else {
            path.to_owned()
        };
        let config = EncodecConfig::read(&weights.with_file_name("config.json"))?;
        if let Some(reason) = config.unsuited() {
            return Err(EncodecError::Unsuited {
                path: path.to_owned(),
                reason,
            });
        }
        let mut checkpoint = Checkpoint::read(&weights)?;
        let networks = Networks {
            encoder: Encoder::load(&mut checkpoint, &config, device)?,
            quantiser: Quantiser::load(&mut checkpoint, &config, device)?,
            decoder: Decoder::load(&mut checkpoint, &config, device)?,
        };
        let hash = checkpoint.hash();
        checkpoint.finish()?;
        Ok(Self {
            reach: Reach::of(&config),
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

    /// Samples per second, in and out.
    pub fn sample_rate_hz(&self) -> u32 {
        self.config.sampling_rate
    }

    /// Samples between two latents.
    pub fn hop_len(&self) -> usize {
        self.config.hop_len()
    }

    /// Values per latent.
    pub fn latent_dims(&self) -> usize {
        self.config.hidden_size
    }

    /// Hash of the checkpoint's bytes, in hexadecimal.
    pub fn weights_hash(&self) -> String {
        self.hash.to_hex().to_string()
    }

    /// Samples to continuous latents `[ceil(samples / hop) x latent]`.
    pub fn encode(&self, samples: &[f32]) -> Frames {
        self.encode_until(samples, &|| false)
    }

    /// The same, or the latents until `is_stopped`, which is asked every two seconds of music.
    pub fn encode_until(&self, samples: &[f32], is_stopped: &dyn Fn() -> bool) -> Frames {
        let mut stream = EncoderStream::new(&self.networks.encoder, self.hop_len(), self.reach);
        let mut latents = Vec::with_capacity(samples.len().div_ceil(self.hop_len()) * self.latent_dims());
        for piece in samples.chunks(PIECE_FRAMES * self.hop_len()) {
            if is_stopped() {
                break;
            }
            let piece = self.tensor(Frames::from_vec(1, piece.to_vec()));
            latents.extend(values(stream.next(piece)));
        }
        Frames::from_vec(self.latent_dims(), latents)
    }

    /// Latents to `hop` samples each; panics when their width is not [`Self::latent_dims`] (a bug of the caller).
    pub fn decode(&self, latents: &Frames) -> Vec<f32> {
        self.decode_until(latents, &|| false)
    }

    /// The same, or the samples until `is_stopped`, which is asked every two seconds of music.
    pub fn decode_until(&self, latents: &Frames, is_stopped: &dyn Fn() -> bool) -> Vec<f32> {
        assert!(
            latents.is_empty() || latents.width() == self.latent_dims(),
            "no latents of this model"
        );
        let mut stream = DecoderStream::new(&self.networks.decoder, self.hop_len(), self.reach);
        let mut samples = Vec::with_capacity(latents.len() * self.hop_len());
        for piece in pieces(latents) {
            if is_stopped() {
                break;
            }
            samples.extend(values(stream.next(self.tensor(piece))));
        }
        samples
    }

    /// The same for latents that go round: the beginning continues the end, so that their loop has no seam.
    pub fn decode_loop(&self, latents: &Frames) -> Vec<f32> {
        let lead = LOOP_LEAD_FRAMES.min(latents.len());
        let mut round = latents.slice(latents.len() - lead, latents.len());
        latents.rows().for_each(|row| round.push_row(row));
        self.decode(&round).split_off(lead * self.hop_len())
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
        for piece in pieces(latents) {
            codes.append(&self.networks.quantiser.encode(self.tensor(piece), used));
        }
        Ok(codes)
    }

    /// To the device.
    fn tensor(&self, frames: Frames) -> Tensor<2> {
        let shape = [frames.len(), frames.width()];
        Tensor::from_data(TensorData::new(frames.into_vec(), shape), &self.device)
    }
}

/// `latents` in pieces of bounded length.
fn pieces(latents: &Frames) -> impl Iterator<Item = Frames> + '_ {
    (0..latents.len())
        .step_by(PIECE_FRAMES)
        .map(|start| latents.slice(start, (start + PIECE_FRAMES).min(latents.len())))
}

/// Back to the host, row-major.
fn values(x: Tensor<2>) -> Vec<f32> {
    x.into_data().try_into_vec().expect("the network computes in f32")
}
