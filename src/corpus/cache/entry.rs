//! One file of the cache: frames in 8 bits, or only how many there are where the budget has no room for them.
//!
//! Header: `SSFRAME2`, values per frame (u64), frames (u64). Then per band the lowest value and the step (f32 each), then one
//! byte a value, row-major: `lowest + byte * step`. Levels of a clip span some 14 nats, so a step is half a dB and the error .14 dB
//! RMS. An entry without values is `SSCOUNT2` and its two numbers. All little-endian. A reader sees all of it or nothing; a file
//! whose length contradicts its header counts as absent.

use crate::files::{make_own_folder_for, read_exact_at, write_whole_unsynced};
use crate::values::Frames;
use std::fs::File;
use std::io::{Error, ErrorKind, Read, Result, Write};
use std::path::Path;

const MAGIC: &[u8; 8] = b"SSFRAME2";
const COUNT_MAGIC: &[u8; 8] = b"SSCOUNT2";
const HEADER_BYTES: u64 = 24;
/// Of a band's table: lowest value and step.
const BAND_BYTES: u64 = 8;
const MOST_BYTE: f32 = 255.0;

/// Size on disk of `frames` rows of `bands` values.
pub(super) fn file_bytes(frames: u64, bands: u64) -> u64 {
    HEADER_BYTES + bands * (BAND_BYTES + frames)
}

/// Frames in a quarter of their room.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Packed {
    bands: Vec<Band>,
    bytes: Vec<u8>,
}

/// What a band's bytes stand for.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Band {
    lowest: f32,
    step: f32,
}

impl Packed {
    /// Of `frames`; what is not finite becomes the band's lowest value.
    pub fn of(frames: &Frames) -> Self {
        let mut ends = vec![(f32::INFINITY, f32::NEG_INFINITY); frames.width()];
        for row in frames.rows() {
            for (ends, value) in ends.iter_mut().zip(row).filter(|(_, value)| value.is_finite()) {
                *ends = (ends.0.min(*value), ends.1.max(*value));
            }
        }
        let band = |(lowest, highest): (f32, f32)| match lowest <= highest {
            true => Band {
                lowest,
                step: (highest - lowest) / MOST_BYTE,
            },
            false => Band { lowest: 0.0, step: 0.0 },
        };
        let bands: Vec<Band> = ends.into_iter().map(band).collect();
        let mut bytes = Vec::with_capacity(frames.as_slice().len());
        for row in frames.rows() {
            bytes.extend(row.iter().zip(&bands).map(|(value, band)| {
                let steps = (value - band.lowest) / band.step.max(f32::MIN_POSITIVE);
                // Of a number that is none, 0.
                steps.round().clamp(0.0, MOST_BYTE) as u8
            }));
        }
        Self { bands, bytes }
    }

    /// Number of frames.
    pub fn frames(&self) -> usize {
        self.bytes.len().checked_div(self.bands.len()).unwrap_or(0)
    }

    /// Room that the values take.
    pub fn bytes(&self) -> usize {
        self.bytes.len()
    }

    /// Rows `start..start + out.len()` into `out`.
    ///
    /// # Errors
    /// When they are not all there.
    pub fn read(&self, start: usize, out: &mut Frames) -> Result<()> {
        let width = self.bands.len();
        let bytes = self.bytes.get(start * width..(start + out.len()) * width);
        unpack(
            &self.bands,
            bytes.ok_or_else(|| Error::from(ErrorKind::UnexpectedEof))?,
            out,
        );
        Ok(())
    }
}

fn unpack(bands: &[Band], bytes: &[u8], out: &mut Frames) {
    let width = bands.len().max(1);
    for (out, bytes) in out
        .as_mut_slice()
        .chunks_exact_mut(width)
        .zip(bytes.chunks_exact(width))
    {
        for ((value, byte), band) in out.iter_mut().zip(bytes).zip(bands) {
            *value = band.lowest + f32::from(*byte) * band.step;
        }
    }
}

/// Writes `frames` to `path`.
pub(super) fn write(path: &Path, frames: &Packed) -> Result<()> {
    make_own_folder_for(path)?;
    let written = write_whole_unsynced(path, |out| {
        write_header(out, MAGIC, frames.bands.len(), frames.frames())?;
        for band in &frames.bands {
            out.write_all(&band.lowest.to_le_bytes())?;
            out.write_all(&band.step.to_le_bytes())?;
        }
        out.write_all(&frames.bytes)
    });
    Ok(written?)
}

/// Writes to `path` that the clip has `frames` frames, and none of them.
pub(super) fn write_count(path: &Path, bands: usize, frames: usize) -> Result<()> {
    make_own_folder_for(path)?;
    Ok(write_whole_unsynced(path, |out| {
        write_header(out, COUNT_MAGIC, bands, frames)
    })?)
}

fn write_header(out: &mut dyn Write, magic: &[u8; 8], bands: usize, frames: usize) -> Result<()> {
    out.write_all(magic)?;
    out.write_all(&(bands as u64).to_le_bytes())?;
    out.write_all(&(frames as u64).to_le_bytes())
}

/// What an entry says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Known {
    pub frames: usize,
    /// Whether the values are there too.
    pub is_kept: bool,
}

/// What the entry at `path` says; an error when it is no whole entry of `bands` values per frame.
pub(super) fn look(path: &Path, bands: usize) -> Result<Known> {
    let mut file = File::open(path)?;
    let mut header = [0u8; HEADER_BYTES as usize];
    file.read_exact(&mut header)?;
    let word = |at: usize| {
        let mut bytes = [0u8; 8];
        bytes.copy_from_slice(&header[at..at + 8]);
        u64::from_le_bytes(bytes)
    };
    let (width, frames) = (word(8), word(16));
    let is_kept = &header[..8] == MAGIC;
    let wanted = match is_kept {
        true => frames
            .checked_add(BAND_BYTES)
            .and_then(|bytes| bytes.checked_mul(width)?.checked_add(HEADER_BYTES)),
        false => Some(HEADER_BYTES),
    };
    let whole = wanted.is_some_and(|bytes| file.metadata().is_ok_and(|meta| meta.len() == bytes));
    if !(is_kept || &header[..8] == COUNT_MAGIC) || width != bands as u64 || !whole {
        return Err(Error::new(ErrorKind::InvalidData, "no whole cache entry"));
    }
    Ok(Known {
        frames: usize::try_from(frames).map_err(Error::other)?,
        is_kept,
    })
}

/// Reads rows `start..start + out.len()` of the entry at `path` into `out`.
pub(super) fn read(path: &Path, start: usize, out: &mut Frames) -> Result<()> {
    let file = File::open(path)?;
    let width = out.width();
    let mut table = vec![0u8; HEADER_BYTES as usize + width * BAND_BYTES as usize];
    read_exact_at(&file, &mut table, 0)?;
    if &table[..8] != MAGIC {
        return Err(Error::new(ErrorKind::InvalidData, "no whole cache entry"));
    }
    let number = |bytes: &[u8]| f32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
    let bands: Vec<Band> = table[HEADER_BYTES as usize..]
        .chunks_exact(BAND_BYTES as usize)
        .map(|band| Band {
            lowest: number(&band[..4]),
            step: number(&band[4..]),
        })
        .collect();
    let mut bytes = vec![0u8; out.as_slice().len()];
    read_exact_at(&file, &mut bytes, table.len() as u64 + (start * width) as u64)?;
    unpack(&bands, &bytes, out);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_crop_is_what_was_written_to_half_a_step(rows in 1usize..900, from in 0.0f64..1.0, to in 0.0f64..1.0) {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("x/y.frames");
            let values: Vec<f32> = (0..rows * 3).map(|i| (i as f32 * 0.7).sin() * 7.0 - 9.0).collect();
            let frames = Frames::from_vec(3, values);
            let packed = Packed::of(&frames);
            write(&path, &packed).unwrap();
            prop_assert_eq!(look(&path, 3).unwrap(), Known { frames: rows, is_kept: true });
            prop_assert_eq!(std::fs::metadata(&path).unwrap().len(), file_bytes(rows as u64, 3));
            let (a, b) = ((from * rows as f64) as usize, (to * rows as f64) as usize);
            let (start, end) = (a.min(b), a.max(b));
            let mut crop = Frames::zeros(end - start, 3);
            read(&path, start, &mut crop).unwrap();
            let mut from_memory = crop.clone();
            packed.read(start, &mut from_memory).unwrap();
            prop_assert_eq!(&from_memory, &crop);
            for (kept, own) in crop.as_slice().iter().zip(frames.slice(start, end).as_slice()) {
                prop_assert!((kept - own).abs() <= 0.5 * 14.0 / 255.0 + 1e-4, "{} for {}", kept, own);
            }
        }
    }

    #[test]
    fn cut_and_foreign_files_are_absent() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("y.frames");
        write(&path, &Packed::of(&Frames::zeros(10, 4))).unwrap();
        assert!(look(&path, 5).is_err(), "another width");
        let bytes = std::fs::read(&path).unwrap();
        std::fs::write(&path, &bytes[..bytes.len() - 1]).unwrap();
        assert!(look(&path, 4).is_err(), "a byte short");
        let mut hostile = bytes;
        hostile[8..24].fill(0xff);
        std::fs::write(&path, hostile).unwrap();
        assert!(look(&path, 4).is_err(), "sizes that overflow");
    }

    #[test]
    fn a_count_says_how_many_and_holds_none() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("y.frames");
        write_count(&path, 4, 77).unwrap();
        assert_eq!(
            look(&path, 4).unwrap(),
            Known {
                frames: 77,
                is_kept: false
            }
        );
        assert!(read(&path, 0, &mut Frames::zeros(1, 4)).is_err());
    }

    #[test]
    fn what_is_no_number_becomes_the_lowest_value() {
        let packed = Packed::of(&Frames::from_vec(1, vec![f32::NAN, -3.0, 5.0, f32::NEG_INFINITY]));
        let mut out = Frames::zeros(4, 1);
        packed.read(0, &mut out).unwrap();
        assert_eq!(out.as_slice(), [-3.0, -3.0, 5.0, -3.0]);
    }
}
