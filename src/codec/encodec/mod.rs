//! EnCodec's continuous latents as frames (Défossez et al. 2022, "High Fidelity Neural Audio Compression").
//!
//! The model learns the encoder's output before quantisation - 128 values, 75 times a second at 24 kHz - and EnCodec's
//! own decoder makes the sound. The weights are the user's to download (`facebook/encodec_24khz`, CC BY-NC 4.0).
//!
//! Runs on whichever thread calls it; nothing here starts one. Every value that comes from a file is checked on the host
//! before it becomes a tensor, so no file can make Burn panic.

mod activation;
mod analysing;
mod checkpoint;
mod codes;
mod config;
mod conv;
mod error;
mod host;
mod lstm;
mod lstm_host;
mod model;
mod norm;
mod padding;
mod quantiser;
mod seanet;
mod segments;
mod stream;
mod tables;
mod tensors;

pub use codes::Codes;
pub use config::{EncodecConfig, NormType, PadMode};
pub use error::EncodecError;
pub use model::EncodecModel;
pub use segments::Segment;
pub use tables::{ClipLatents, CodebookUsage};

use crate::values::Frames;
use burn::tensor::Device;
use seanet::Reach;
use std::path::Path;
use stream::{DecoderStream, EncoderStream, PIECE_FRAMES};

/// Latents of a loop's end that its beginning hears: half a second at 75 Hz, three times what the convolutions look
/// back, and enough for the LSTM to have forgotten its start.
const LOOP_LEAD_FRAMES: usize = 38;

/// A causal mono EnCodec: audio of any length to latents and back.
#[derive(Debug)]
pub struct EncodecCodec {
    model: EncodecModel,
    reach: Reach,
}

impl EncodecCodec {
    /// Loads `path`, a safetensors file beside its `config.json` or the folder with both.
    ///
    /// # Errors
    /// As [`EncodecModel::load`], and when the model is not causal and mono like the 24 kHz one.
    pub fn load(path: &Path, device: &Device) -> Result<Self, EncodecError> {
        let model = EncodecModel::load(path, device)?;
        if let Some(reason) = model.config().not_streamable() {
            return Err(EncodecError::Unsuited {
                path: path.to_owned(),
                reason: reason.to_owned(),
            });
        }
        let reach = Reach::of(model.config());
        Ok(Self { model, reach })
    }

    /// The configuration it was loaded with.
    pub fn config(&self) -> &EncodecConfig {
        self.model.config()
    }

    /// Samples per second, in and out.
    pub fn sample_rate_hz(&self) -> u32 {
        self.config().sampling_rate
    }

    /// Samples between two latents.
    pub fn hop_len(&self) -> usize {
        self.config().hop_len()
    }

    /// Values per latent.
    pub fn latent_dims(&self) -> usize {
        self.config().hidden_size
    }

    /// Hash of the checkpoint's bytes, in hexadecimal.
    pub fn weights_hash(&self) -> String {
        self.model.weights_hash().to_hex().to_string()
    }

    /// Samples to continuous latents `[ceil(samples / hop) x latent]`.
    pub fn encode(&self, samples: &[f32]) -> Frames {
        let mut stream = EncoderStream::new(&self.model.networks.encoder, self.hop_len(), self.reach);
        let mut latents = Vec::with_capacity(samples.len().div_ceil(self.hop_len()) * self.latent_dims());
        for piece in samples.chunks(PIECE_FRAMES * self.hop_len()) {
            let piece = self.model.tensor(Frames::from_vec(1, piece.to_vec()));
            latents.extend(self.model.frames(stream.next(piece)).into_vec());
        }
        Frames::from_vec(self.latent_dims(), latents)
    }

    /// Latents to `hop` samples each; panics when their width is not [`Self::latent_dims`] (a bug of the caller).
    pub fn decode(&self, latents: &Frames) -> Vec<f32> {
        assert!(
            latents.is_empty() || latents.width() == self.latent_dims(),
            "no latents of this model"
        );
        let mut stream = DecoderStream::new(&self.model.networks.decoder, self.hop_len(), self.reach);
        let mut samples = Vec::with_capacity(latents.len() * self.hop_len());
        for start in (0..latents.len()).step_by(PIECE_FRAMES) {
            let piece = latents.slice(start, (start + PIECE_FRAMES).min(latents.len()));
            samples.extend(self.model.frames(stream.next(self.model.tensor(piece))).into_vec());
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
        self.model.quantise(latents, kbps)
    }

    /// The latents the codes stand for.
    ///
    /// # Errors
    /// When the codes belong to another model.
    pub fn dequantise(&self, codes: &Codes) -> Result<Frames, EncodecError> {
        self.model.dequantise(codes)
    }
}
