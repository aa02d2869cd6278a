//! Encodes every chunk of a corpus with a network: the latents behind the map.

use super::TrainError;
use super::training_set::{ChunkPlace, TrainingSet};
use crate::model::{ModelConfig, Network};
use crate::space::LatentTable;
use crate::values::{Frames, Latent};
use burn::tensor::{Device, Tensor};

const BATCH: usize = 16;

/// Posterior means of `places`, in order. `progress` gets the number done and may return `false` to cancel.
///
/// # Errors
/// When the frame cache cannot be read or the device fails.
pub fn encode_chunks(
    set: &TrainingSet,
    network: &Network,
    places: &[ChunkPlace],
    device: &Device,
    mut progress: impl FnMut(usize) -> bool,
) -> Result<LatentTable, TrainError> {
    let mut table = set.empty_latents();
    for part in places.chunks(BATCH) {
        let (frames, conditions) = set.tensors(part, device)?;
        let posterior = network.encode(frames, conditions);
        for latent in read_latents(&set.config, posterior.global_mean, posterior.local_mean)? {
            table.push(&latent);
        }
        if !progress(table.len()) {
            break;
        }
    }
    Ok(table)
}

/// Latents out of tensors of g `[chunks, global]` and l `[chunks, steps, local]`.
pub(super) fn read_latents(config: &ModelConfig, g: Tensor<2>, l: Tensor<3>) -> Result<Vec<Latent>, TrainError> {
    let failed = |error: burn::tensor::TensorReadError| TrainError::Device(error.to_string());
    let globals: Vec<f32> = g.try_into_vec_as().map_err(failed)?;
    let locals: Vec<f32> = l.try_into_vec_as().map_err(failed)?;
    let pairs = globals
        .chunks(config.global_dims)
        .zip(locals.chunks(config.local_dims * config.local_steps()));
    let latent = |(global, local): (&[f32], &[f32])| Latent {
        global: global.to_vec(),
        local: Frames::from_vec(config.local_dims, local.to_vec()),
    };
    Ok(pairs.map(latent).collect())
}
