//! Encodes every chunk of a corpus with a network: the latents behind the map.

use super::TrainError;
use super::training_set::{ChunkPlace, TrainingSet};
use crate::model::{Network, condition_tensor};
use crate::space::LatentTable;
use crate::values::{Frames, Latent};
use burn::tensor::{Device, Tensor, TensorData};

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
    let mut table = LatentTable {
        global_dims: config.global_dims,
        local_dims: config.local_dims,
        local_steps: config.local_steps(),
        ..LatentTable::default()
    };
    for part in places.chunks(BATCH) {
        let mut values = Vec::with_capacity(part.len() * config.chunk_frames * config.bands);
        let mut labels = Vec::with_capacity(part.len());
        for place in part {
            values.extend_from_slice(set.chunk(*place)?.as_slice());
            labels.push(set.labels(*place));
        }
        let frames = TensorData::new(values, [part.len(), config.chunk_frames, config.bands]);
        let posterior = network.encode(
            Tensor::from_data(frames, device),
            condition_tensor(&labels, config, device),
        );
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
