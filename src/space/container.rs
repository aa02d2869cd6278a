//! A safetensors container of named tensors and one text; spaces and checkpoints share it.

use safetensors::tensor::{Dtype, TensorView};
use std::borrow::Cow;
use std::collections::HashMap;

/// One tensor on its way to disk.
pub struct Entry<'a> {
    /// Unique within the file.
    pub name: String,
    /// Element type of `bytes`.
    pub dtype: Dtype,
    /// Outermost dimension first; its product times the element size is the length of `bytes`.
    pub shape: Vec<usize>,
    /// Row-major, little-endian.
    pub bytes: Cow<'a, [u8]>,
}

impl<'a> Entry<'a> {
    /// A tensor of f32.
    pub fn f32s(name: impl Into<String>, shape: Vec<usize>, values: &'a [f32]) -> Self {
        Self {
            name: name.into(),
            dtype: Dtype::F32,
            shape,
            bytes: Cow::Borrowed(bytemuck::cast_slice(values)),
        }
    }

    /// A vector of bytes.
    pub fn bytes(name: impl Into<String>, bytes: impl Into<Cow<'a, [u8]>>) -> Self {
        let bytes = bytes.into();
        Self {
            name: name.into(),
            dtype: Dtype::U8,
            shape: vec![bytes.len()],
            bytes,
        }
    }
}

/// `entries` with one metadata text under `key`, as one file.
///
/// # Errors
/// When two entries have one name, or a shape contradicts its bytes.
pub fn container_bytes(key: &str, header: String, entries: &[Entry<'_>]) -> std::io::Result<Vec<u8>> {
    let views = entries
        .iter()
        .map(|entry| {
            TensorView::new(entry.dtype, entry.shape.clone(), &entry.bytes).map(|view| (entry.name.as_str(), view))
        })
        .collect::<Result<Vec<_>, _>>()
        .map_err(std::io::Error::other)?;
    safetensors::serialize(views, Some(HashMap::from([(key.to_owned(), header)]))).map_err(std::io::Error::other)
}
