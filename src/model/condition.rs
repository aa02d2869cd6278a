//! Condition to the vector the network reads.

use super::ModelConfig;
use crate::values::Condition;
use burn::tensor::{Device, Tensor, TensorData};

/// Writes `[genre shares, valence, arousal, no genre, no valence, no arousal]` for one condition; unknown parts are 0
/// with their flag at 1, so the first layer holds a learned token for each.
pub fn condition_vector(condition: &Condition, config: &ModelConfig) -> Vec<f32> {
    let mut vector = vec![0.0; config.condition_width()];
    let n = config.genres;
    let condition = condition.clone().normalised();
    for (slot, share) in vector[..n].iter_mut().zip(&condition.genre) {
        *slot = *share;
    }
    vector[n] = condition.valence.unwrap_or(0.0);
    vector[n + 1] = condition.arousal.unwrap_or(0.0);
    let flag = |known: bool| if known { 0.0 } else { 1.0 };
    vector[n + 2] = flag(condition.genre_known());
    vector[n + 3] = flag(condition.valence.is_some());
    vector[n + 4] = flag(condition.arousal.is_some());
    vector
}

/// `[batch, condition]` on `device`.
pub fn condition_tensor<'a>(
    conditions: impl IntoIterator<Item = &'a Condition>,
    config: &ModelConfig,
    device: &Device,
) -> Tensor<2> {
    let mut values = Vec::new();
    let mut rows = 0;
    for condition in conditions {
        values.extend(condition_vector(condition, config));
        rows += 1;
    }
    Tensor::from_data(TensorData::new(values, [rows, config.condition_width()]), device)
}
