//! A snapshot as `eval` sees it, and the whole evaluation of one.

use super::OpenDevice;
use crate::bundle::Snapshot;
use crate::codec::SpectralCodec;
use crate::dsp::BandAxis;
use crate::eval::{Encoded, EvalError, EvalReport, Material, RealChunk, SpaceUnderTest, evaluate};
use crate::model::{Network, Weights, kl_nats};
use crate::render::SpaceDecoder;
use crate::space::{ChunkAudio, Condition, Frames, Latent, LoopContext};
use crate::sync::StopFlag;
use std::path::Path;
use std::sync::Arc;

/// One network under test, on one device.
struct JudgedSpace {
    decoder: SpaceDecoder,
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
    progress: &mut dyn FnMut(&'static str),
    stop: &StopFlag,
) -> Result<EvalReport, EvalError> {
    let codec = SpectralCodec::new(BandAxis::standard());
    progress("listening to the recordings");
    let material = Material::gather(snapshot, root, &codec, stop)?;
    let space = JudgedSpace::new(snapshot, device)?;
    let closed_form = JudgedSpace::new(&closed_form_of(snapshot, device), device)?;
    let floor: Option<&dyn SpaceUnderTest> = (snapshot.meta.trained_steps > 0).then_some(&closed_form);
    evaluate(&space, floor, snapshot, &material, &codec, progress, stop)
}

/// The same space before training: fresh residual parts, whose heads are silent, around the same closed form.
fn closed_form_of(snapshot: &Snapshot, device: &OpenDevice) -> Snapshot {
    let mut weights = Weights::of_module(&Network::new(&snapshot.meta.model, &device.device));
    let fitted = |name: &String| name.starts_with("closed_form.") || name.starts_with("stats.");
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

impl JudgedSpace {
    fn new(snapshot: &Snapshot, device: &OpenDevice) -> Result<Self, EvalError> {
        let decoder =
            SpaceDecoder::new(snapshot, &device.device).map_err(|error| EvalError::Space(error.to_string()))?;
        Ok(Self {
            decoder,
            device: device.name.clone(),
        })
    }

    fn encode_one(&self, chunk: &RealChunk) -> Result<Encoded, EvalError> {
        let failed = |error: &dyn std::fmt::Display| EvalError::Space(error.to_string());
        let posterior = self
            .decoder
            .posterior(&chunk.frames, &chunk.labels)
            .map_err(|error| failed(&error))?;
        let global_kl = kl_nats(posterior.global_mean.clone(), posterior.global_logvar);
        let local_kl = kl_nats(posterior.local_mean.clone(), posterior.local_logvar).sum_dim(1);
        let local_dims = self.decoder.config().local_dims;
        let values = |data: Result<Vec<f32>, burn::tensor::TensorReadError>| data.map_err(|error| failed(&error));
        Ok(Encoded {
            latent: Latent {
                global: values(posterior.global_mean.try_into_vec_as())?,
                local: Frames::from_vec(local_dims, values(posterior.local_mean.try_into_vec_as())?),
            },
            global_kl_nats: values(global_kl.try_into_vec_as())?,
            local_kl_nats: values(local_kl.try_into_vec_as())?,
        })
    }
}

impl SpaceUnderTest for JudgedSpace {
    fn band_std(&self) -> &[f32] {
        &self.decoder.stats().std
    }

    fn encode(&self, chunks: &[&RealChunk]) -> Result<Vec<Encoded>, EvalError> {
        chunks.iter().map(|chunk| self.encode_one(chunk)).collect()
    }

    fn decode(&self, items: &[(&Latent, &Condition)], strength: f32) -> Result<Vec<ChunkAudio>, EvalError> {
        let frames = self
            .decoder
            .decode_batch(items, strength, LoopContext::Open)
            .map_err(|error| EvalError::Space(error.to_string()))?;
        Ok(frames
            .into_iter()
            .map(|frames| self.decoder.audio(frames, LoopContext::Open))
            .collect())
    }

    fn device(&self) -> String {
        self.device.clone()
    }
}
