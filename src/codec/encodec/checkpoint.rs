//! A safetensors checkpoint on the host: read whole, handed out tensor by tensor, each checked before it is used.

use super::EncodecError;
use crate::files::HostTensor;
use safetensors::SafeTensors;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The published checkpoints have 60 to 93 MB.
const LARGEST_BYTES: u64 = 1 << 30;
/// Running statistics of the codebooks' training: of no use to playing, so no sign of a foreign file.
const TRAINING_ONLY: [&str; 3] = ["inited", "cluster_size", "embed_avg"];

/// The tensors of one file that nobody has taken yet.
pub(super) struct Checkpoint {
    path: PathBuf,
    tensors: BTreeMap<String, HostTensor>,
    hash: blake3::Hash,
}

impl Checkpoint {
    /// Reads all of `path`.
    ///
    /// # Errors
    /// When it cannot be read, is larger than any EnCodec, is no safetensors file or holds other than floats.
    pub fn read(path: &Path) -> Result<Self, EncodecError> {
        let unreadable = |source| EncodecError::Read {
            path: path.to_owned(),
            source,
        };
        let bytes = std::fs::metadata(path).map_err(unreadable)?.len();
        if bytes > LARGEST_BYTES {
            return Err(EncodecError::TooLarge {
                path: path.to_owned(),
                bytes,
            });
        }
        let content = std::fs::read(path).map_err(unreadable)?;
        let file = SafeTensors::deserialize(&content).map_err(|problem| EncodecError::NotSafetensors {
            path: path.to_owned(),
            reason: problem.to_string(),
        })?;
        let mut tensors = BTreeMap::new();
        for (name, view) in file.iter() {
            if TRAINING_ONLY.iter().any(|suffix| name.ends_with(suffix)) {
                continue;
            }
            let tensor = HostTensor::read(&view).ok_or_else(|| EncodecError::ElementType {
                path: path.to_owned(),
                tensor: name.to_owned(),
                dtype: format!("{:?}", view.dtype()),
            })?;
            tensors.insert(name.to_owned(), tensor);
        }
        Ok(Self {
            path: path.to_owned(),
            tensors,
            hash: blake3::hash(&content),
        })
    }

    /// Hash of the file's bytes.
    pub fn hash(&self) -> blake3::Hash {
        self.hash
    }

    /// The values of `name`, row-major.
    ///
    /// # Errors
    /// When it is missing, misshapen or not finite.
    pub fn take(&mut self, name: &str, shape: &[usize]) -> Result<Vec<f32>, EncodecError> {
        let tensor = self.tensors.remove(name).ok_or_else(|| EncodecError::Missing {
            path: self.path.clone(),
            tensor: name.to_owned(),
        })?;
        if tensor.shape != shape {
            return Err(EncodecError::Shape {
                path: self.path.clone(),
                tensor: name.to_owned(),
                found: tensor.shape,
                expected: shape.to_vec(),
            });
        }
        self.finite(name, tensor.values)
    }

    /// The kernel `{layer}.weight` of `[rows, columns, taps]`, its weight norm folded in: `g v / |v|` per row
    /// (Salimans & Kingma 2016, equation 2), whichever names PyTorch gave the two parts.
    ///
    /// # Errors
    /// As [`Self::take`]; a row of zeros is not finite.
    pub fn take_kernel(&mut self, layer: &str, shape: [usize; 3]) -> Result<Vec<f32>, EncodecError> {
        let parts = [
            ("weight_g", "weight_v"),
            ("parametrizations.weight.original0", "parametrizations.weight.original1"),
        ];
        let named = parts.map(|(gain, direction)| (format!("{layer}.{gain}"), format!("{layer}.{direction}")));
        let Some((gain_name, direction_name)) = named
            .iter()
            .find(|(gain, direction)| self.tensors.contains_key(gain) || self.tensors.contains_key(direction))
        else {
            return self.take(&format!("{layer}.weight"), &shape);
        };
        let gain = self.take(gain_name, &[shape[0], 1, 1])?;
        let mut kernel = self.take(direction_name, &shape)?;
        for (row, gain) in kernel.chunks_exact_mut(shape[1] * shape[2]).zip(gain) {
            let norm = row.iter().map(|value| f64::from(*value).powi(2)).sum::<f64>().sqrt();
            let scale = (f64::from(gain) / norm) as f32;
            for value in row {
                *value *= scale;
            }
        }
        self.finite(direction_name, kernel)
    }

    /// Ends the loading.
    ///
    /// # Errors
    /// When tensors are left that nobody asked for.
    pub fn finish(self) -> Result<(), EncodecError> {
        match self.tensors.keys().next() {
            Some(tensor) => Err(EncodecError::Foreign {
                tensor: tensor.clone(),
                count: self.tensors.len(),
                path: self.path,
            }),
            None => Ok(()),
        }
    }

    fn finite(&self, name: &str, values: Vec<f32>) -> Result<Vec<f32>, EncodecError> {
        if values.iter().all(|value| value.is_finite()) {
            Ok(values)
        } else {
            Err(EncodecError::NotFinite {
                path: self.path.clone(),
                tensor: name.to_owned(),
            })
        }
    }
}
