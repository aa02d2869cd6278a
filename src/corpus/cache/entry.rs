//! One file of the cache: a 24-byte header, then half-precision values, row-major, little-endian.
//!
//! Header: `SSFRAME1`, values per frame (u64), frames (u64). A reader
//! sees all of it or nothing; a file whose length contradicts its header counts as absent.

use crate::files::{make_own_folder_for, write_whole_unsynced};
use crate::values::Frames;
use half::f16;
use half::slice::{HalfBitsSliceExt, HalfFloatSliceExt};
use std::fs::File;
use std::io::{Error, ErrorKind, Read, Result};
use std::path::Path;

const MAGIC: &[u8; 8] = b"SSFRAME1";
const HEADER_BYTES: u64 = 24;
/// Frames converted at once while writing.
const WRITE_ROWS: usize = 512;

/// Size on disk of `frames` rows of `bands` values.
pub(super) fn file_bytes(frames: u64, bands: u64) -> u64 {
    HEADER_BYTES + frames * bands * 2
}

/// Writes `frames` to `path`.
pub(super) fn write(path: &Path, frames: &Frames) -> Result<()> {
    make_own_folder_for(path)?;
    let written = write_whole_unsynced(path, |out| {
        out.write_all(MAGIC)?;
        out.write_all(&(frames.width() as u64).to_le_bytes())?;
        out.write_all(&(frames.len() as u64).to_le_bytes())?;
        let mut halves = vec![f16::ZERO; WRITE_ROWS * frames.width().max(1)];
        for values in frames.as_slice().chunks(halves.len()) {
            let halves = &mut halves[..values.len()];
            halves.convert_from_f32_slice(values);
            let bits: &mut [u16] = HalfFloatSliceExt::reinterpret_cast_mut(halves);
            to_little_endian(bits);
            out.write_all(bytemuck::cast_slice(bits))?;
        }
        Ok(())
    });
    Ok(written?)
}

/// Number of frames in the entry at `path`; an error when it is no whole entry of `bands` values per frame.
pub(super) fn frames_in(path: &Path, bands: usize) -> Result<usize> {
    let mut file = File::open(path)?;
    let mut header = [0u8; HEADER_BYTES as usize];
    file.read_exact(&mut header)?;
    let word = |at: usize| {
        let mut bytes = [0u8; 8];
        bytes.copy_from_slice(&header[at..at + 8]);
        u64::from_le_bytes(bytes)
    };
    let (width, frames) = (word(8), word(16));
    let whole = width
        .checked_mul(frames)
        .and_then(|values| values.checked_mul(2)?.checked_add(HEADER_BYTES))
        .is_some_and(|bytes| file.metadata().is_ok_and(|meta| meta.len() == bytes));
    if &header[..8] != MAGIC || width != bands as u64 || !whole {
        return Err(Error::new(ErrorKind::InvalidData, "no whole cache entry"));
    }
    Ok(frames as usize)
}

/// Reads rows `start..start + out.len()` of the entry at `path` into `out`.
pub(super) fn read(path: &Path, start: usize, out: &mut Frames) -> Result<()> {
    let file = File::open(path)?;
    let mut bits = vec![0u16; out.as_slice().len()];
    let offset = HEADER_BYTES + (start * out.width() * 2) as u64;
    read_exact_at(&file, bytemuck::cast_slice_mut(&mut bits), offset)?;
    to_little_endian(&mut bits);
    let halves: &[f16] = bits.reinterpret_cast();
    halves.convert_to_f32_slice(out.as_mut_slice());
    Ok(())
}

/// Its own inverse; nothing to do on most machines.
fn to_little_endian(bits: &mut [u16]) {
    if cfg!(target_endian = "big") {
        for word in bits {
            *word = word.swap_bytes();
        }
    }
}

#[cfg(unix)]
fn read_exact_at(file: &File, buffer: &mut [u8], offset: u64) -> Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, buffer, offset)
}

#[cfg(not(unix))]
fn read_exact_at(mut file: &File, buffer: &mut [u8], offset: u64) -> Result<()> {
    use std::io::{Seek, SeekFrom};
    file.seek(SeekFrom::Start(offset))?;
    file.read_exact(buffer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_crop_is_what_was_written(rows in 1usize..1_300, from in 0.0f64..1.0, to in 0.0f64..1.0) {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("x/y.frames");
            let values: Vec<f32> = (0..rows * 3).map(|i| i as f32 * 0.25 - 9.0).map(|v| f16::from_f32(v).to_f32()).collect();
            let frames = Frames::from_vec(3, values);
            write(&path, &frames).unwrap();
            prop_assert_eq!(frames_in(&path, 3).unwrap(), rows);
            prop_assert_eq!(std::fs::metadata(&path).unwrap().len(), file_bytes(rows as u64, 3));
            let (a, b) = ((from * rows as f64) as usize, (to * rows as f64) as usize);
            let (start, end) = (a.min(b), a.max(b));
            let mut crop = Frames::zeros(end - start, 3);
            read(&path, start, &mut crop).unwrap();
            prop_assert_eq!(crop, frames.slice(start, end));
        }
    }

    #[test]
    fn cut_and_foreign_files_are_absent() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("y.frames");
        write(&path, &Frames::zeros(10, 4)).unwrap();
        assert!(frames_in(&path, 5).is_err(), "another width");
        let bytes = std::fs::read(&path).unwrap();
        std::fs::write(&path, &bytes[..bytes.len() - 1]).unwrap();
        assert!(frames_in(&path, 4).is_err(), "a byte short");
        let mut hostile = bytes;
        hostile[8..24].fill(0xff);
        std::fs::write(&path, hostile).unwrap();
        assert!(frames_in(&path, 4).is_err(), "sizes that overflow");
    }
}
