//! Encodes every chunk of a corpus with a network: the latents behind the map.

use super::TrainError;
use super::training_set::{ChunkPlace, TrainingSet};
use crate::model::Network;
use crate::space::LatentTable;
use crate::values::{Frames, Latent};
use burn::tensor::Device;

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
    let config = &set.config;
    let folder = set.source.spill_folder();
    let mut table =
        LatentTable::new(config.global_dims, config.local_dims, config.local_steps()).spilling_into(folder.as_deref());
    for part in places.chunks(BATCH) {
        let (frames, conditions) = set.tensors(part, device)?;
        let posterior = network.encode(frames, conditions);
        let read = |data: Result<Vec<f32>, _>| {
            data.map_err(|error: burn::tensor::TensorReadError| TrainError::Device(error.to_string()))
        };
        let global = read(posterior.global_mean.try_into_vec_as::<f32>())?;
        let local = read(posterior.local_mean.try_into_vec_as::<f32>())?;
        for (g, l) in global
            .chunks(config.global_dims)
            .zip(local.chunks(config.local_dims * config.local_steps()))
        {
            table.push(&Latent {
                global: g.to_vec(),
                local: Frames::from_vec(config.local_dims, l.to_vec()),
            });
        }
        if !progress(table.len()) {
            break;
        }
    }
    Ok(table)
}
