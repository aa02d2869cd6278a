//! Why an EnCodec checkpoint cannot be used, in sentences that name the file and the way out.

use crate::files::in_words;
use std::path::PathBuf;

/// A checkpoint or a bandwidth that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum EncodecError {
    /// The checkpoint or its `config.json` is missing or unreadable.
    #[error("{path} cannot be read: {}", in_words(source))]
    Read {
        /// Whichever of the two it was.
        path: PathBuf,
        /// What the system reported.
        source: std::io::Error,
    },
    /// Refused before it is read, to spare memory.
    #[error("{path} has {bytes} bytes, far more than any EnCodec checkpoint: choose EnCodec's model.safetensors")]
    TooLarge {
        /// The supposed checkpoint.
        path: PathBuf,
        /// Its size; the limit is 1 GiB.
        bytes: u64,
    },
    /// `config.json` is not valid JSON, names another model or describes a network that cannot be built.
    #[error(
        "{path} is no configuration of an EnCodec model. Keep the config.json that came with the weights (details: {reason})"
    )]
    Config {
        /// Of the `config.json`.
        path: PathBuf,
        /// The parser's message, or the offending field and its value.
        reason: String,
    },
    /// The header or the layout of the checkpoint is broken, for example cut short.
    #[error("{path} is no intact safetensors file: download EnCodec's model.safetensors again (details: {reason})")]
    NotSafetensors {
        /// Of the checkpoint.
        path: PathBuf,
        /// The parser's message.
        reason: String,
    },
    /// The network needs a tensor that the checkpoint lacks.
    #[error(
        "{path} holds no tensor {tensor}: it is part of a checkpoint, or of another model than its config.json says"
    )]
    Missing {
        /// Of the checkpoint.
        path: PathBuf,
        /// Full name of the first one missed.
        tensor: String,
    },
    /// A tensor has other sizes than the configuration implies.
    #[error("the tensor {tensor} of {path} has the shape {found:?} where config.json asks for {expected:?}")]
    Shape {
        /// Of the checkpoint.
        path: PathBuf,
        /// Its full name in the checkpoint.
        tensor: String,
        /// Sizes in the file, outermost first.
        found: Vec<usize>,
        /// Sizes the network needs, outermost first.
        expected: Vec<usize>,
    },
    /// A tensor holds something other than supported floats.
    #[error("the tensor {tensor} of {path} holds {dtype} values; F32, F16 and BF16 can be read")]
    ElementType {
        /// Of the checkpoint.
        path: PathBuf,
        /// Its full name in the checkpoint.
        tensor: String,
        /// The element type as safetensors names it, such as `I64`.
        dtype: String,
    },
    /// A tensor holds NaN or infinity, possibly only once its weight norm is applied.
    #[error("the tensor {tensor} of {path} holds values that are not finite: download the file again")]
    NotFinite {
        /// Of the checkpoint.
        path: PathBuf,
        /// Its full name in the checkpoint.
        tensor: String,
    },
    /// Tensors are left over once the network is loaded.
    #[error(
        "{path} holds {count} tensors its config.json knows nothing of, {tensor} first: the two do not belong together"
    )]
    Foreign {
        /// Of the checkpoint.
        path: PathBuf,
        /// Alphabetically first of those left over.
        tensor: String,
        /// How many are left over.
        count: usize,
    },
    /// A valid model, but not causal and mono: that at 48 kHz, for one.
    #[error("{path} cannot be Songspace's codec: {reason}. Use the 24 kHz mono model, facebook/encodec_24khz")]
    Unsuited {
        /// As it was passed in: the checkpoint or its folder.
        path: PathBuf,
        /// A clause such as "it is a stereo model".
        reason: &'static str,
    },
    /// The requested bit rate is not one the model was trained for.
    #[error("{kbps} kbps is none of this model's bandwidths: {supported:?}")]
    Bandwidth {
        /// As requested.
        kbps: f64,
        /// All that would do, in kbps.
        supported: Vec<f64>,
    },
}
