//! A snapshot made ready to sound: its network on one device, from latents to a codec's own frames.
//!
//! Lives on one thread at a time (the decode worker's, or the caller's when rendering). Equal inputs give equal
//! bytes on a CPU.

use super::codec_output::{Voice, VoiceError};
use super::decoded_frames::DecodedFrames;
use super::loudness::LoudnessControl;
use crate::codec::BandStats;
use crate::dsp::BandAxis;
use crate::model::{CodecKind, Decoded, ModelConfig, Network, WeightError, Weights, condition_tensor};
use crate::space::Snapshot;
use crate::sync::StopFlag;
use crate::values::{ChunkAudio, Condition, Frames, Latent, LoopContext};
use burn::tensor::{Device, Tensor, TensorData};

/// Names of the band statistics among a snapshot's weights.
const STATS_MEAN: &str = "stats.mean";
const STATS_STD: &str = "stats.std";
/// Depth of texture over the scale of the decoder's Laplace likelihood, whose standard deviation is 1.41 scales. Most of
/// that is what the decoder does not know, not what is noise: with all of it the judge of `eval` followed arousal over
/// the demo's held-out songs with a rank correlation of .67 and swapped genres .41 of the way, with this .74 and .47.
const TEXTURE_PER_SCALE: f32 = 0.2;
/// Strengths this close to 1 need no second decode.
const PLAIN_STRENGTH: f32 = 1e-3;

/// Why a snapshot cannot be decoded.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// A tensor is missing or has the wrong shape.
    #[error("the space's weights do not fit its own description: {0}")]
    Weights(#[from] WeightError),
    /// A latent, or frames to be encoded, of the wrong size.
    #[error("the latent has {found} where the space has {expected}")]
    Latent {
        /// Its size in words.
        found: String,
        /// The size that the space works with, in words.
        expected: String,
    },
    /// The network ran into numbers that no sound can be made of.
    #[error("the space decodes to numbers that are not finite: its weights are damaged. Open a backup or train again")]
    NotFinite,
    /// The computation did not finish; with the driver's reason.
    #[error("the device that computes failed; choose another one (details: {0})")]
    Device(String),
    /// The codec that makes sound of the frames cannot be opened.
    #[error(transparent)]
    Voice(#[from] VoiceError),
}

/// Decodes (and encodes) with one snapshot.
pub struct SpaceDecoder {
    config: ModelConfig,
    stats: BandStats,
    pub(super) loudness: Option<LoudnessControl>,
    network: Network,
    voice: Voice,
    device: Device,
}

/// One sound of a batch.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// Its g and l.
    pub latent: &'a Latent,
    /// Genres and mood to decode it with.
    pub condition: &'a Condition,
    /// What strength scales away from.
    pub base: &'a Condition,
    /// 0 = the base, 1 = the condition as learned, more = exaggerated.
    pub strength: f32,
}

impl Wanted<'_> {
    /// Whether its labels sound as they were learned, so that one decode is enough.
    fn is_plain(&self) -> bool {
        (self.strength - 1.0).abs() <= PLAIN_STRENGTH || self.condition == self.base
    }
}

/// Adds the band statistics to a model's weights, where a [`SpaceDecoder`] looks for them.
pub fn with_stats(mut weights: Weights, stats: &BandStats) -> Weights {
    for (name, values) in [(STATS_MEAN, &stats.mean), (STATS_STD, &stats.std)] {
        let tensor = crate::model::HostTensor {
            shape: vec![values.len()],
            values: values.clone(),
        };
        weights.0.insert(name.to_owned(), tensor);
    }
    weights
}

impl SpaceDecoder {
    /// Puts the snapshot's network on `device`.
    ///
    /// # Errors
    /// When its weights are not those its header describes, or its codec's weights cannot be had.
    pub fn new(snapshot: &Snapshot, device: &Device) -> Result<Self, DecodeError> {
        Self::succeeding(None, snapshot, device)
    }

    /// The same after `before`, whose codec is shared where both have it: a training publishes the same codec again and
    /// again.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn succeeding(before: Option<&Self>, snapshot: &Snapshot, device: &Device) -> Result<Self, DecodeError> {
        let (meta, weights) = (&snapshot.meta, snapshot.weights.as_ref());
        let config = &meta.model;
        let vector = |name: &str| match weights.0.get(name) {
            Some(tensor) if tensor.values.len() == config.bands => Ok(tensor.values.clone()),
            Some(tensor) => Err(WeightError::Shape {
                name: name.to_owned(),
                found: tensor.shape.clone(),
                expected: vec![config.bands],
            }),
            None => Err(WeightError::Missing(name.to_owned())),
        };
        let stats = BandStats {
            mean: vector(STATS_MEAN)?,
            std: vector(STATS_STD)?,
        };
        let axis = BandAxis::standard();
        let network = Network::from_weights(config, weights, device)?;
        let voice = match before.filter(|before| before.voice.suits(meta) && before.device == *device) {
            Some(before) => before.voice.clone(),
            None => Voice::open(meta, device)?,
        };
        Ok(Self {
            config: config.clone(),
            stats,
            loudness: (config.codec == CodecKind::Spectral && config.bands == axis.bands())
                .then(|| LoudnessControl::new(&axis)),
            network,
            voice,
            device: device.clone(),
        })
    }

    /// The space's sizes.
    pub fn config(&self) -> &ModelConfig {
        &self.config
    }

    /// The space's network, on the decoder's device.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// Whether it computes on a CPU.
    pub(super) fn is_on_cpu(&self) -> bool {
        self.device == Device::flex()
    }

    /// The space's band statistics.
    pub fn stats(&self) -> &BandStats {
        &self.stats
    }

    /// One chunk (or a row of chunks, when the latent is longer) under a condition, its labels scaled away from no labels at all.
    ///
    /// # Errors
    /// When the latent is of another space or the device fails.
    pub fn decode(
        &self,
        latent: &Latent,
        condition: &Condition,
        strength: f32,
        context: LoopContext,
    ) -> Result<ChunkAudio, DecodeError> {
        let frames = self.decode_frames(latent, condition, strength, context)?;
        Ok(self.audio(frames, context))
    }

    /// The same as frames.
    ///
    /// # Errors
    /// As [`Self::decode`].
    pub fn decode_frames(
        &self,
        latent: &Latent,
        condition: &Condition,
        strength: f32,
        context: LoopContext,
    ) -> Result<DecodedFrames, DecodeError> {
        let wanted = Wanted {
            latent,
            condition,
            base: &Condition::unknown(self.config.genres),
            strength,
        };
        let mut chunks = self.decode_each(&[wanted], context)?;
        chunks
            .pop()
            .ok_or_else(|| DecodeError::Device("nothing came back".into()))
    }

    /// What the player takes: frames for a codec that is voiced live, samples for the others.
    pub fn audio(&self, frames: DecodedFrames, context: LoopContext) -> ChunkAudio {
        self.voice.audio(frames, context)
    }

    /// Exactly `len` samples of frames, at the space's rate; silence from soon after `stop` is set.
    pub fn voice(&self, frames: &DecodedFrames, len: usize, seed: u64, stop: &StopFlag) -> Vec<f32> {
        self.voice.samples(frames, len, seed, stop)
    }

    /// Several chunks of equal length at once, each at its own strength: `D(base) + strength * (D(condition) - D(base))` in log
    /// magnitude. Anchored at unknown labels that is guidance (after Ho & Salimans 2021); anchored at a chunk's own labels,
    /// these sound the same at any strength.
    ///
    /// # Errors
    /// As [`Self::decode`].
    pub fn decode_each(&self, items: &[Wanted<'_>], context: LoopContext) -> Result<Vec<DecodedFrames>, DecodeError> {
        let Some(first) = items.first() else {
            return Ok(Vec::new());
        };
        let steps = first.latent.local.len();
        for item in items {
            self.check(item.latent, steps)?;
        }
        let scaled: Vec<usize> = (0..items.len()).filter(|index| !items[*index].is_plain()).collect();
        let count = items.len() + scaled.len();
        let latents = items.iter().chain(scaled.iter().map(|index| &items[*index]));
        let bases = scaled.iter().map(|index| items[*index].base);
        let conditions = items.iter().map(|item| item.condition).chain(bases);
        let (g, l) = self.latent_tensors(latents.map(|item| item.latent), count, steps);
        let conditions = condition_tensor(conditions, &self.config, &self.device);
        let decoded = self.network.decode(g, l, conditions, context);
        let own = |tensor: Tensor<3>| tensor.narrow(0, 0, items.len());
        let mut sounds = Decoded {
            mean: own(decoded.mean.clone()),
            log_scale: own(decoded.log_scale),
        };
        for (place, index) in scaled.into_iter().enumerate() {
            let base = decoded.mean.clone().narrow(0, items.len() + place, 1);
            let asked = decoded.mean.clone().narrow(0, index, 1);
            let there = base.clone() + (asked - base) * items[index].strength;
            let [_, frames, bands] = there.dims();
            sounds.mean = sounds.mean.slice_assign([index..index + 1, 0..frames, 0..bands], there);
        }
        self.read_back(sounds, items.len())
    }

    /// The posterior of codec frames, whose length must be a whole number of patches.
    ///
    /// # Errors
    /// When the frames are of another codec or the device fails.
    pub fn posterior(&self, frames: &Frames, labels: &Condition) -> Result<crate::model::Posterior, DecodeError> {
        if frames.width() != self.config.bands
            || !frames.len().is_multiple_of(self.config.patch_frames)
            || frames.is_empty()
        {
            return Err(DecodeError::Latent {
                found: format!("{} frames of {} bands", frames.len(), frames.width()),
                expected: format!(
                    "whole patches of {} frames of {} bands",
                    self.config.patch_frames, self.config.bands
                ),
            });
        }
        let mut standard = frames.clone();
        self.stats.standardise(&mut standard);
        let shape = [1, standard.len(), standard.width()];
        let x = Tensor::from_data(TensorData::new(standard.into_vec(), shape), &self.device);
        Ok(self
            .network
            .encode(x, condition_tensor([labels], &self.config, &self.device)))
    }

    fn check(&self, latent: &Latent, steps: usize) -> Result<(), DecodeError> {
        let fits = latent.global.len() == self.config.global_dims
            && latent.local.width() == self.config.local_dims
            && latent.local.len() == steps
            && steps > 0;
        if fits {
            return Ok(());
        }
        Err(DecodeError::Latent {
            found: format!(
                "{} + {} x {} values",
                latent.global.len(),
                latent.local.len(),
                latent.local.width()
            ),
            expected: format!(
                "{} + {} x {}",
                self.config.global_dims,
                steps.max(1),
                self.config.local_dims
            ),
        })
    }

    fn latent_tensors<'a>(
        &self,
        latents: impl Iterator<Item = &'a Latent>,
        count: usize,
        steps: usize,
    ) -> (Tensor<2>, Tensor<3>) {
        let (mut global, mut local) = (Vec::new(), Vec::new());
        for latent in latents {
            global.extend(latent.global.iter().map(|value| finite(*value)));
            local.extend(latent.local.as_slice().iter().map(|value| finite(*value)));
        }
        let g = TensorData::new(global, [count, self.config.global_dims]);
        let l = TensorData::new(local, [count, steps, self.config.local_dims]);
        (Tensor::from_data(g, &self.device), Tensor::from_data(l, &self.device))
    }

    fn read_back(&self, decoded: Decoded, count: usize) -> Result<Vec<DecodedFrames>, DecodeError> {
        let levels = decoded.mean.try_into_vec_as::<f32>().map_err(device_failed)?;
        let scales = decoded
            .log_scale
            .exp()
            .try_into_vec_as::<f32>()
            .map_err(device_failed)?;
        if levels.iter().chain(&scales).any(|value| !value.is_finite()) {
            return Err(DecodeError::NotFinite);
        }
        let bands = self.config.bands;
        let len = levels.len() / count;
        Ok(levels
            .chunks_exact(len)
            .zip(scales.chunks_exact(len))
            .map(|(level, scale)| {
                let mut levels = Frames::from_vec(bands, level.to_vec());
                self.stats.restore(&mut levels);
                if let Some(loudness) = &self.loudness {
                    loudness.hold(&mut levels);
                }
                let texture = scale
                    .chunks_exact(bands)
                    .flat_map(|row| {
                        row.iter()
                            .zip(&self.stats.std)
                            .map(|(scale, std)| scale * std * TEXTURE_PER_SCALE)
                    })
                    .collect();
                DecodedFrames {
                    levels,
                    texture: Frames::from_vec(bands, texture),
                }
            })
            .collect())
    }
}

/// A latent from a file or a blend may hold anything; the network sees only moderate, finite numbers.
fn finite(value: f32) -> f32 {
    if value.is_finite() {
        value.clamp(-30.0, 30.0)
    } else {
        0.0
    }
}

fn device_failed(error: burn::tensor::TensorReadError) -> DecodeError {
    DecodeError::Device(error.to_string())
}
