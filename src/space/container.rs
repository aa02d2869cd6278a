//! A safetensors container written whole or not at all; spaces and checkpoints share it.

use safetensors::tensor::{Dtype, TensorView};
use std::borrow::Cow;
use std::collections::HashMap;
use std::io::Write;
use std::path::Path;

/// One tensor on its way to disk.
pub struct Entry<'a> {
    pub name: String,
    pub dtype: Dtype,
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

/// Writes `entries` with one metadata text under `key` to a temporary file beside `path`, syncs and renames it.
///
/// # Errors
/// When the folder cannot be written; `path` then still holds what it held.
pub fn write_atomic(path: &Path, key: &str, header: String, entries: &[Entry<'_>]) -> std::io::Result<()> {
    let views = entries
        .iter()
        .map(|entry| {
            TensorView::new(entry.dtype, entry.shape.clone(), &entry.bytes).map(|view| (entry.name.as_str(), view))
        })
        .collect::<Result<Vec<_>, _>>()
        .map_err(std::io::Error::other)?;
    let bytes = safetensors::serialize(views, Some(HashMap::from([(key.to_owned(), header)])))
        .map_err(std::io::Error::other)?;
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(&bytes)?;
    file.as_file().sync_all()?;
    // A temporary file is private; a space is shared like any document.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        file.as_file().set_permissions(std::fs::Permissions::from_mode(0o644))?;
    }
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}
