//! The bytes of a space's file on their way in: all of them, or of a large space all but the local latents, which stay where they are.

use super::intact::{Flaw, examine};
use super::paged::{Paged, PagedTensor};
use super::tables::names;
use crate::files::read_exact_at;
use safetensors::tensor::Dtype;
use serde_json::{Map, Value};
use std::fs::File;
use std::io::{Read, Result};

/// Local latents from this size on stay on disk.
pub(super) const PAGED_FROM: u64 = 32 << 20;
/// Bytes before the header, which hold its length.
const LENGTH_BYTES: u64 = 8;

/// What was read.
pub(super) struct Content {
    /// A container: the file's own, or the same without the local latents.
    pub bytes: Vec<u8>,
    /// Those, where they stayed.
    pub local: Option<PagedTensor>,
    /// What is wrong with the file, if something is; the rest is then not to be believed.
    pub flaw: Option<Flaw>,
}

/// Reads `file`, of which `beginning` has been read already; local latents of `page_from` bytes and more stay on disk.
///
/// # Errors
/// When the disk fails.
pub(super) fn read_content(mut file: File, beginning: Vec<u8>, page_from: u64) -> Result<Content> {
    let meta = file.metadata()?;
    if meta.is_file()
        && meta.len() > page_from
        && let Some(header) = header_of(&file, meta.len())?
    {
        let flaw = examine(&[&beginning[..LENGTH_BYTES as usize], &header].concat(), meta.len()).err();
        if flaw.is_some() {
            return Ok(Content {
                bytes: beginning,
                local: None,
                flaw,
            });
        }
        if let Some(content) = without_local(&file, &header, page_from)? {
            return Ok(content);
        }
    }
    let mut bytes = beginning;
    file.read_to_end(&mut bytes)?;
    let flaw = examine(&bytes, bytes.len() as u64).err();
    Ok(Content {
        bytes,
        local: None,
        flaw,
    })
}

/// The header's text, where the file is as long as that.
fn header_of(file: &File, there: u64) -> Result<Option<Vec<u8>>> {
    let mut length = [0; LENGTH_BYTES as usize];
    read_exact_at(file, &mut length, 0)?;
    let length = u64::from_le_bytes(length);
    if length.saturating_add(LENGTH_BYTES) > there || length > there / 2 {
        return Ok(None);
    }
    let mut header = vec![0; length as usize];
    read_exact_at(file, &mut header, LENGTH_BYTES)?;
    Ok(Some(header))
}

/// The container without its local latents, where they are long and are such as can stay.
fn without_local(file: &File, header: &[u8], page_from: u64) -> Result<Option<Content>> {
    let Ok(mut tensors) = serde_json::from_slice::<Map<String, Value>>(header) else {
        return Ok(None);
    };
    let Some(local) = tensors.remove(names::LATENT_LOCAL) else {
        return Ok(None);
    };
    let number = |value: Option<&Value>| value.and_then(Value::as_u64);
    let ends = |entry: &Value| {
        Some((
            number(entry.pointer("/data_offsets/0"))?,
            number(entry.pointer("/data_offsets/1"))?,
        ))
    };
    let dtype = match local.pointer("/dtype").and_then(Value::as_str) {
        Some("I8") => Dtype::I8,
        Some("F16") => Dtype::F16,
        _ => return Ok(None),
    };
    let shape: Option<Vec<usize>> = local.pointer("/shape").and_then(Value::as_array).and_then(|shape| {
        let sizes = shape
            .iter()
            .map(|size| size.as_u64().and_then(|size| usize::try_from(size).ok()));
        sizes.collect()
    });
    let (Some((start, end)), Some(shape)) = (ends(&local), shape) else {
        return Ok(None);
    };
    let len = end.saturating_sub(start);
    if len < page_from {
        return Ok(None);
    }
    let mut last = 0;
    for (name, entry) in &mut tensors {
        if name == "__metadata__" {
            continue;
        }
        let Some((from, to)) = ends(entry) else {
            return Ok(None);
        };
        last = to.max(last);
        if from >= end {
            entry["data_offsets"] = Value::from(vec![from - len, to - len]);
        }
    }
    let mut text = serde_json::to_vec(&tensors)?;
    text.resize(text.len().next_multiple_of(LENGTH_BYTES as usize), b' ');
    let data = LENGTH_BYTES + header.len() as u64;
    let mut bytes = (text.len() as u64).to_le_bytes().to_vec();
    bytes.extend(text);
    for (from, to) in [(0, start), (end, last)] {
        let at = bytes.len();
        bytes.resize(at + to.saturating_sub(from) as usize, 0);
        read_exact_at(file, &mut bytes[at..], data + from)?;
    }
    Ok(Some(Content {
        bytes,
        local: Some(PagedTensor {
            dtype,
            shape,
            bytes: Paged::new(file.try_clone()?, data + start, len),
        }),
        flaw: None,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::space::container::{Entry, container_bytes};
    use safetensors::SafeTensors;
    use std::io::Write;

    fn file(local: &[u8]) -> (File, Vec<u8>) {
        let entries = [
            Entry::bytes("zzz", vec![7; 30]),
            Entry::f32s("model.a", vec![3], &[1.0, 2.0, 3.0]),
            Entry::tensor(names::LATENT_LOCAL, Dtype::I8, vec![local.len() / 4, 2, 2], local),
            Entry::tensor("map.0", Dtype::F32, vec![2], vec![1; 8]),
        ];
        let bytes = container_bytes("songspace", "{}".into(), &entries).unwrap();
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&bytes).unwrap();
        (file, bytes)
    }

    fn read(file: &File, page_from: u64) -> Content {
        let mut beginning = vec![0; 9];
        read_exact_at(file, &mut beginning, 0).unwrap();
        let mut file = file.try_clone().unwrap();
        std::io::Seek::seek(&mut file, std::io::SeekFrom::Start(9)).unwrap();
        read_content(file, beginning, page_from).unwrap()
    }

    #[test]
    fn long_latents_stay_on_disk_and_everything_else_is_as_in_the_file() {
        let local: Vec<u8> = (0..400).map(|i| i as u8).collect();
        let (file, bytes) = file(&local);
        let whole = read(&file, 1_000_000);
        assert!(whole.local.is_none() && whole.flaw.is_none());
        assert_eq!(whole.bytes, bytes);
        let content = read(&file, 400);
        let paged = content.local.unwrap();
        assert_eq!((paged.dtype, paged.shape.as_slice()), (Dtype::I8, &[100, 2, 2][..]));
        assert_eq!(paged.bytes.read(0, 400), local);
        assert_eq!(paged.bytes.read(123, 5), local[123..128]);
        assert!(content.bytes.len() < bytes.len() - 300);
        let (before, after) = (
            SafeTensors::deserialize(&bytes).unwrap(),
            SafeTensors::deserialize(&content.bytes).unwrap(),
        );
        assert!(after.tensor(names::LATENT_LOCAL).is_err());
        for name in ["zzz", "model.a", "map.0"] {
            assert_eq!(
                after.tensor(name).unwrap().data(),
                before.tensor(name).unwrap().data(),
                "{name}"
            );
            assert_eq!(
                after.tensor(name).unwrap().shape(),
                before.tensor(name).unwrap().shape(),
                "{name}"
            );
        }
    }

    #[test]
    fn a_file_cut_short_is_told_before_anything_of_it_is_read() {
        let (file, bytes) = file(&[1; 4_000]);
        file.set_len(bytes.len() as u64 - 100).unwrap();
        let content = read(&file, 400);
        assert!(matches!(content.flaw, Some(Flaw::HalfCopied(there, written)) if there + 100 == written));
    }
}
