//! Why an EnCodec checkpoint cannot be used, in sentences that name the file and the way out.

use std::path::PathBuf;

/// A checkpoint, a bandwidth or a table of codes that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum EncodecError {
    #[error("{path} cannot be read: {source}")]
    Read { path: PathBuf, source: std::io::Error },
    #[error("{path} has {bytes} bytes, far more than any EnCodec checkpoint: choose EnCodec's model.safetensors")]
    TooLarge { path: PathBuf, bytes: u64 },
    #[error(
        "{path} is no configuration of an EnCodec model: {reason}. Keep the config.json that came with the weights"
    )]
    Config { path: PathBuf, reason: String },
    #[error("{path} is no intact safetensors file ({reason}): download EnCodec's model.safetensors again")]
    NotSafetensors { path: PathBuf, reason: String },
    #[error(
        "{path} holds no tensor {tensor}: it is part of a checkpoint, or of another model than its config.json says"
    )]
    Missing { path: PathBuf, tensor: String },
    #[error("the tensor {tensor} of {path} has the shape {found:?} where config.json asks for {expected:?}")]
    Shape {
        path: PathBuf,
        tensor: String,
        found: Vec<usize>,
        expected: Vec<usize>,
    },
    #[error("the tensor {tensor} of {path} holds {dtype} values; F32, F16 and BF16 can be read")]
    ElementType {
        path: PathBuf,
        tensor: String,
        dtype: String,
    },
    #[error("the tensor {tensor} of {path} holds values that are not finite: download the file again")]
    NotFinite { path: PathBuf, tensor: String },
    #[error(
        "{path} holds {count} tensors its config.json knows nothing of, {tensor} first: the two do not belong together"
    )]
    Foreign {
        path: PathBuf,
        tensor: String,
        count: usize,
    },
    #[error("{path} cannot be Songspace's codec: {reason}. Use the 24 kHz mono model, facebook/encodec_24khz")]
    Unsuited { path: PathBuf, reason: String },
    #[error("{kbps} kbps is none of this model's bandwidths: {supported:?}")]
    Bandwidth { kbps: f64, supported: Vec<f64> },
    #[error("these codes do not belong to this model: {0}")]
    Codes(String),
}
