//! Typed reads from a safetensors container, shape and type checked.

use crate::files::HostTensor;
use half::f16;
use safetensors::tensor::{Dtype, SafeTensors, TensorView};

/// Names of the tensors beside the model's.
pub(super) mod names {
    pub const LATENT_GLOBAL: &str = "latent.global";
    pub const LATENT_LOCAL: &str = "latent.local";
    pub const CHUNK_CLIP: &str = "chunk.clip";
    /// Start in seconds, valence, arousal (NaN = the clip's).
    pub const CHUNK_TIMES: &str = "chunk.start_valence_arousal";
    pub const CLUSTERS: &str = "chunk.cluster";
    /// JSON text, one object a clip.
    pub const CLIPS: &str = "clips.json";
    pub const AUDIO_PREFIX: &str = "audio.";
}

fn view<'a>(tensors: &SafeTensors<'a>, name: &str, dtype: Dtype) -> Result<TensorView<'a>, String> {
    let view = tensors
        .tensor(name)
        .map_err(|_| format!("the tensor {name} is missing"))?;
    if view.dtype() != dtype {
        return Err(format!(
            "the tensor {name} holds {:?} where {dtype:?} is needed",
            view.dtype()
        ));
    }
    Ok(view)
}

fn shaped<'a>(tensors: &SafeTensors<'a>, name: &str, dtype: Dtype, shape: &[usize]) -> Result<TensorView<'a>, String> {
    let view = view(tensors, name, dtype)?;
    if view.shape() != shape {
        return Err(format!(
            "the tensor {name} has the shape {:?} where {shape:?} is needed",
            view.shape()
        ));
    }
    Ok(view)
}

pub(super) fn u8s(tensors: &SafeTensors<'_>, name: &str) -> Result<Vec<u8>, String> {
    Ok(view(tensors, name, Dtype::U8)?.data().to_vec())
}

pub(super) fn u32s(tensors: &SafeTensors<'_>, name: &str) -> Result<Vec<u32>, String> {
    let view = view(tensors, name, Dtype::U32)?;
    Ok(view
        .data()
        .chunks_exact(4)
        .map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
        .collect())
}

pub(super) fn u16s(tensors: &SafeTensors<'_>, name: &str, len: usize) -> Result<Vec<u16>, String> {
    let view = shaped(tensors, name, Dtype::U16, &[len])?;
    Ok(view
        .data()
        .chunks_exact(2)
        .map(|b| u16::from_le_bytes([b[0], b[1]]))
        .collect())
}

pub(super) fn f32s(tensors: &SafeTensors<'_>, name: &str, shape: &[usize]) -> Result<Vec<f32>, String> {
    shaped(tensors, name, Dtype::F32, shape)?;
    floats(tensors, name).map(|tensor| tensor.values)
}

pub(super) fn f16s(tensors: &SafeTensors<'_>, name: &str, shape: &[usize]) -> Result<Vec<f16>, String> {
    let values = f16_values(shaped(tensors, name, Dtype::F16, shape)?.data());
    if values.iter().any(|value| !value.is_finite()) {
        return Err(format!("the tensor {name} holds numbers that are not finite"));
    }
    Ok(values)
}

pub(super) fn i8s(tensors: &SafeTensors<'_>, name: &str, shape: &[usize]) -> Result<Vec<i8>, String> {
    Ok(bytemuck::cast_slice(shaped(tensors, name, Dtype::I8, shape)?.data()).to_vec())
}

/// A tensor of any float precision, widened.
pub(super) fn floats(tensors: &SafeTensors<'_>, name: &str) -> Result<HostTensor, String> {
    let view = tensors
        .tensor(name)
        .map_err(|_| format!("the tensor {name} is missing"))?;
    HostTensor::read(&view).ok_or_else(|| format!("the tensor {name} holds {:?} where floats are needed", view.dtype()))
}

/// A tensor of a model: of numbers that any of the precisions holds. A network that learned never needs larger ones, and with
/// them every sound would be silence.
pub(super) fn weights(tensors: &SafeTensors<'_>, name: &str) -> Result<HostTensor, String> {
    let tensor = floats(tensors, name)?;
    let most = f16::MAX.to_f32();
    match tensor.values.iter().find(|value| !(-most..=most).contains(*value)) {
        Some(value) => Err(format!(
            "the tensor {name} holds {value:e}, which is no weight of a network"
        )),
        None => Ok(tensor),
    }
}

/// Little-endian bytes of half floats.
pub(super) fn le_bytes_f16(values: &[f16]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

fn f16_values(bytes: &[u8]) -> Vec<f16> {
    bytes
        .chunks_exact(2)
        .map(|b| f16::from_le_bytes([b[0], b[1]]))
        .collect()
}
