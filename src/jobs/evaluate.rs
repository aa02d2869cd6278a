//! A snapshot as `eval` sees it, and the whole evaluation of one.
//!
//! Whatever its codec, a space is judged by what is heard: one on EnCodec takes and gives samples, which `eval` analyses
//! like the recordings. Only figures in dB of the frames themselves it cannot have.

use super::export::{SoundLength, endless, render_sound};
use super::recordings::{lacking_grooves, with_grooves};
use crate::codec::encodec::EncodecCodec;
use crate::codec::{SpectralCodec, StatsFit, StdFloor};
use crate::decode::{DecodeError, SpaceDecoder, Wanted};
use crate::device::OpenDevice;
use crate::dsp::{BandAxis, resample};
use crate::eval::features::SAMPLE_RATE_HZ;
use crate::eval::{
    Dataset, Depth, Encoded, EvalError, EvalReport, FileReading, RealChunk, SoundAsked, SpaceUnderTest, evaluate,
    read_files,
};
use crate::model::{Network, Weights, kl_nats};
use crate::render::{EndlessPlan, Limiting, Recipe};
use crate::space::{LatentTable, Snapshot};
use crate::sync::StopFlag;
use crate::values::{ChunkAudio, Frames, Latent, LoopContext};
use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Rate at which `eval` hears.
const HEARING_HZ: u32 = SAMPLE_RATE_HZ as u32;

/// One network under test, on one device.
struct JudgedSpace<'a> {
    decoder: SpaceDecoder,
    /// The latents that it plays; none where they are to be what its encoder says.
    stored: Option<&'a LatentTable>,
    /// What its codec makes of samples, where that is not what `eval` analyses itself.
    analyser: Option<EncodecCodec>,
    band_std: Vec<f32>,
    device: String,
}

/// Every figure of `snapshot`, whose recordings lie below `root`.
///
/// # Errors
/// When too few recordings are found, the weights do not fit, or `stop` is set.
pub fn evaluate_space(
    snapshot: &Snapshot,
    root: &Path,
    device: &OpenDevice,
    depth: Depth,
    progress: &mut dyn FnMut(&str),
    stop: &StopFlag,
) -> Result<EvalReport, EvalError> {
    let codec = SpectralCodec::new(BandAxis::standard());
    progress("listening to the recordings");
    let material = Dataset::gather(snapshot, root, &codec, stop)?;
    if let Some(gap) = material.gap(root) {
        progress(&gap);
    }
    let space = JudgedSpace::new(snapshot, Some(&snapshot.latents), &material, device)?;
    let linear_model = JudgedSpace::new(&linear_model_of(snapshot, device), None, &material, device)?;
    let floor: Option<&dyn SpaceUnderTest> = (snapshot.meta.trained_steps > 0).then_some(&linear_model);
    let roots = [root.to_owned()];
    let mut snapshot = Arc::new(snapshot.clone());
    if depth != Depth::Quick && lacking_grooves(&snapshot) > 0 {
        progress("looking for beats");
        snapshot = with_grooves(&snapshot, &roots, stop).unwrap_or(snapshot);
    }
    let snapshot = &snapshot;
    let mut render = |recipe: &Recipe, plan: Option<&EndlessPlan>| {
        let rendered = match plan {
            Some(plan) => endless(snapshot, &space.decoder, recipe, plan, &roots, stop),
            None => {
                let how = (Limiting::AsLive, SoundLength::AsAsked);
                render_sound(snapshot, &space.decoder, recipe, how, &roots, stop)
            }
        };
        let (rendered, _) = rendered.map_err(|error| EvalError::Space(error.to_string()))?;
        let channels = usize::from(rendered.channels);
        let middle = |frame: &[f32]| frame.iter().sum::<f32>() / channels as f32;
        let mono: Vec<f32> = rendered.samples.chunks_exact(channels).map(middle).collect();
        heard_at(&mono, rendered.sample_rate_hz, HEARING_HZ)
    };
    evaluate(
        &space,
        floor,
        snapshot,
        &material,
        depth,
        &codec,
        (progress, &mut render),
        stop,
    )
}

/// What the judge of `snapshot`, trained on its recordings below `root`, hears in `files`.
///
/// # Errors
/// When too few recordings are found, a file cannot be read, or `stop` is set.
pub fn judge_files(
    snapshot: &Snapshot,
    root: &Path,
    files: &[PathBuf],
    progress: &mut dyn FnMut(&str),
    stop: &StopFlag,
) -> Result<Vec<FileReading>, EvalError> {
    let codec = SpectralCodec::new(BandAxis::standard());
    let material = Dataset::gather(snapshot, root, &codec, stop)?;
    if let Some(gap) = material.gap(root) {
        progress(&gap);
    }
    read_files(&material, &snapshot.meta.genres, snapshot.chunk_secs(), files)
}

/// The same space before training: fresh residual parts, whose heads are silent, around the same linear model.
fn linear_model_of(snapshot: &Snapshot, device: &OpenDevice) -> Snapshot {
    let mut weights = Weights::of_module(&Network::new(&snapshot.meta.model, &device.device));
    let fitted = |name: &String| name.starts_with("linear_model.") || name.starts_with("stats.");
    weights.0.extend(
        snapshot
            .weights
            .0
            .iter()
            .filter(|(name, _)| fitted(name))
            .map(|(name, tensor)| (name.clone(), tensor.clone())),
    );
    Snapshot {
        weights: Arc::new(weights),
        ..snapshot.clone()
    }
}

impl<'a> JudgedSpace<'a> {
    fn new(
        snapshot: &Snapshot,
        stored: Option<&'a LatentTable>,
        material: &Dataset,
        device: &OpenDevice,
    ) -> Result<Self, EvalError> {
        let decoder = SpaceDecoder::new(snapshot, &device.device)?;
        let (analyser, band_std) = match &snapshot.meta.codec_weights {
            None => (None, decoder.stats().std.clone()),
            Some(weights) => {
                let codec = EncodecCodec::load(Path::new(&weights.path), &device.device)?;
                let mut fit = StatsFit::new(BandAxis::standard().bands());
                material.sources.iter().for_each(|chunk| fit.add(&chunk.frames));
                let levels = fit
                    .finish(StdFloor::LEVELS)
                    .ok_or_else(|| EvalError::Space("the recordings are empty".into()))?;
                (Some(codec), levels.std)
            }
        };
        Ok(Self {
            decoder,
            stored,
            analyser,
            band_std,
            device: device.name.clone(),
        })
    }

    /// The chunk in the space's own frames, exactly as many as a chunk has.
    fn own_frames<'c>(&self, chunk: &'c RealChunk) -> Result<Cow<'c, Frames>, EvalError> {
        let Some(codec) = &self.analyser else {
            return Ok(Cow::Borrowed(&chunk.frames));
        };
        let config = self.decoder.config();
        let mut samples = heard_at(&chunk.samples, HEARING_HZ, config.sample_rate_hz)?;
        samples.resize(config.chunk_frames * config.hop_len, 0.0);
        Ok(Cow::Owned(codec.encode(&samples)))
    }

    fn encode_one(&self, chunk: &RealChunk) -> Result<Encoded, EvalError> {
        let frames = self.own_frames(chunk)?;
        let posterior = self.decoder.posterior(&frames, &chunk.labels)?;
        let global_kl = kl_nats(posterior.global_mean.clone(), posterior.global_logvar);
        let local_kl = kl_nats(posterior.local_mean.clone(), posterior.local_logvar).sum_dim(1);
        let local_dims = self.decoder.config().local_dims;
        let values = |data: Result<Vec<f32>, burn::tensor::TensorReadError>| {
            data.map_err(|error| DecodeError::Device(error.to_string()))
        };
        Ok(Encoded {
            latent: match self.stored {
                Some(latents) => latents.get(chunk.id),
                None => Latent {
                    global: values(posterior.global_mean.try_into_vec_as())?,
                    local: Frames::from_vec(local_dims, values(posterior.local_mean.try_into_vec_as())?),
                },
            },
            global_kl_nats: values(global_kl.try_into_vec_as())?,
            local_kl_nats: values(local_kl.try_into_vec_as())?,
        })
    }
}

impl SpaceUnderTest for JudgedSpace<'_> {
    fn has_no_levels(&self) -> Option<&'static str> {
        self.analyser
            .is_some()
            .then_some("EnCodec's latents are no levels: a distance in dB means nothing for them")
    }

    fn band_std(&self) -> &[f32] {
        &self.band_std
    }

    fn encode(&self, chunks: &[&RealChunk]) -> Result<Vec<Encoded>, EvalError> {
        chunks.iter().map(|chunk| self.encode_one(chunk)).collect()
    }

    fn decode(&self, items: &[SoundAsked<'_>]) -> Result<Vec<ChunkAudio>, EvalError> {
        let wanted = items.iter().map(|item| Wanted {
            latent: item.latent,
            condition: item.condition,
            base: item.own,
            strength: item.strength,
        });
        let frames = self
            .decoder
            .decode_each(&wanted.collect::<Vec<_>>(), LoopContext::Open)?;
        let audible = |frames| match self.decoder.audio(frames, LoopContext::Open) {
            ChunkAudio::Pcm {
                samples,
                sample_rate_hz,
                ..
            } => Ok(ChunkAudio::Pcm {
                channels: 1,
                samples: heard_at(&samples, sample_rate_hz, HEARING_HZ)?,
                sample_rate_hz: HEARING_HZ,
            }),
            levels => Ok(levels),
        };
        frames.into_iter().map(audible).collect()
    }

    fn device(&self) -> String {
        self.device.clone()
    }
}

fn heard_at(samples: &[f32], from_hz: u32, to_hz: u32) -> Result<Vec<f32>, EvalError> {
    resample(samples, from_hz, to_hz).map_err(EvalError::Space)
}
