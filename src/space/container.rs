//! A safetensors container of named tensors and one text; spaces and checkpoints share it.

use safetensors::tensor::{Dtype, Metadata, TensorInfo};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::io::{Error, Result, Write};

/// The tensors begin at a multiple of this.
const ALIGNMENT: usize = 8;

/// One tensor on its way to disk.
pub struct Entry<'a> {
    /// Unique within the file.
    pub name: String,
    /// Element type.
    pub dtype: Dtype,
    /// Outermost dimension first; its product times the element size is the number of bytes.
    pub shape: Vec<usize>,
    data: Data<'a>,
}

/// Takes bytes, one piece after the other.
pub(super) type Taker<'t> = &'t mut dyn FnMut(&[u8]) -> Result<()>;

/// Row-major, little-endian.
enum Data<'a> {
    Bytes(Cow<'a, [u8]>),
    Written(usize, Box<dyn Fn(Taker<'_>) -> Result<()> + 'a>),
}

impl Data<'_> {
    fn len(&self) -> usize {
        match self {
            Self::Bytes(bytes) => bytes.len(),
            Self::Written(len, _) => *len,
        }
    }
}

impl<'a> Entry<'a> {
    /// A tensor of f32.
    pub fn f32s(name: impl Into<String>, shape: Vec<usize>, values: &'a [f32]) -> Self {
        Self {
            name: name.into(),
            dtype: Dtype::F32,
            shape,
            data: Data::Bytes(Cow::Borrowed(bytemuck::cast_slice(values))),
        }
    }

    /// A tensor of any type; `bytes` are row-major, little-endian.
    pub fn tensor(name: impl Into<String>, dtype: Dtype, shape: Vec<usize>, bytes: impl Into<Cow<'a, [u8]>>) -> Self {
        Self {
            name: name.into(),
            dtype,
            shape,
            data: Data::Bytes(bytes.into()),
        }
    }

    /// A vector of bytes.
    pub fn bytes(name: impl Into<String>, bytes: impl Into<Cow<'a, [u8]>>) -> Self {
        let bytes = bytes.into();
        Self {
            name: name.into(),
            dtype: Dtype::U8,
            shape: vec![bytes.len()],
            data: Data::Bytes(bytes),
        }
    }

    /// A tensor of `len` bytes that `write` hands on in pieces when the file is written.
    pub(super) fn written(
        name: &str,
        dtype: Dtype,
        shape: Vec<usize>,
        len: usize,
        write: impl Fn(Taker<'_>) -> Result<()> + 'a,
    ) -> Self {
        Self {
            name: name.to_owned(),
            dtype,
            shape,
            data: Data::Written(len, Box::new(write)),
        }
    }
}

/// `entries` with one metadata text under `key`, as one file.
///
/// # Errors
/// When two entries have one name, or a shape contradicts its bytes.
pub fn container_bytes(key: &str, header: String, entries: &[Entry<'_>]) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    write_container(&mut bytes, key, header, entries)?;
    Ok(bytes)
}

/// Writes what [`container_bytes`] returns, without ever holding all of it: safetensors' own order, the widest types first, then
/// by name.
///
/// # Errors
/// As [`container_bytes`], and when the disk refuses.
pub(super) fn write_container(out: &mut dyn Write, key: &str, header: String, entries: &[Entry<'_>]) -> Result<()> {
    let mut ordered: Vec<&Entry<'_>> = entries.iter().collect();
    ordered.sort_by(|a, b| b.dtype.cmp(&a.dtype).then_with(|| a.name.cmp(&b.name)));
    let mut names = HashSet::new();
    let (mut infos, mut end) = (Vec::new(), 0);
    for entry in &ordered {
        if !names.insert(entry.name.as_str()) {
            return Err(Error::other(format!("two tensors are called {}", entry.name)));
        }
        let start = end;
        end += entry.data.len();
        let info = TensorInfo {
            dtype: entry.dtype,
            shape: entry.shape.clone(),
            data_offsets: (start, end),
        };
        infos.push((entry.name.clone(), info));
    }
    let metadata = Metadata::new(Some(HashMap::from([(key.to_owned(), header)])), infos).map_err(Error::other)?;
    let mut text = serde_json::to_vec(&metadata)?;
    text.resize(text.len().next_multiple_of(ALIGNMENT), b' ');
    out.write_all(&(text.len() as u64).to_le_bytes())?;
    out.write_all(&text)?;
    for entry in ordered {
        match &entry.data {
            Data::Bytes(bytes) => out.write_all(bytes)?,
            Data::Written(len, write) => {
                let mut left = *len;
                write(&mut |bytes| {
                    left = left
                        .checked_sub(bytes.len())
                        .ok_or_else(|| Error::other("a tensor grew"))?;
                    out.write_all(bytes)
                })?;
                if left > 0 {
                    return Err(Error::other(format!("the tensor {} is cut short", entry.name)));
                }
            }
        }
    }
    Ok(())
}
