//! l as a space keeps it: in bytes, in memory or on disk.

use super::paged::Paged;
use half::f16;
use safetensors::tensor::Dtype;
use std::borrow::Cow;
use std::path::Path;
use std::sync::LazyLock;

/// The values of l that bytes stand for are `SPREAD * sinh(byte * STEP)`: .044 apart near 0, where most of them are, up to 16
/// standard deviations of the prior, where transients are.
const SPREAD: f32 = 2.0;
/// asinh(16 / SPREAD) / 127.
const STEP: f32 = 2.776_472_3 / 127.0;

/// What every byte stands for: a large map reads hundreds of millions of them.
static OF_BYTES: LazyLock<[f32; 256]> = LazyLock::new(|| std::array::from_fn(|byte| of_byte(byte as u8 as i8)));

/// l as it is stored, first what lies on disk, then what is in memory.
#[derive(Clone, Debug)]
pub(super) struct LocalValues {
    pub kind: LocalKind,
    pub paged: Option<Paged>,
    pub held: Vec<u8>,
}

/// What a value of l is stored as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LocalKind {
    /// Spaces of format 2 and before.
    Halves,
    /// Companded: see [`SPREAD`].
    Bytes,
}

impl LocalKind {
    pub fn of(dtype: Dtype) -> Option<Self> {
        match dtype {
            Dtype::F16 => Some(Self::Halves),
            Dtype::I8 => Some(Self::Bytes),
            _ => None,
        }
    }

    pub fn dtype(self) -> Dtype {
        match self {
            Self::Halves => Dtype::F16,
            Self::Bytes => Dtype::I8,
        }
    }

    /// Bytes of a value.
    pub fn size(self) -> usize {
        match self {
            Self::Halves => 2,
            Self::Bytes => 1,
        }
    }
}

impl LocalValues {
    pub fn in_memory(kind: LocalKind, held: Vec<u8>) -> Self {
        Self {
            kind,
            paged: None,
            held,
        }
    }

    pub fn paged_bytes(&self) -> u64 {
        self.paged.as_ref().map_or(0, Paged::len)
    }

    pub fn extend(&mut self, values: impl Iterator<Item = f32>) {
        match self.kind {
            LocalKind::Halves => self
                .held
                .extend(values.flat_map(|value| f16::from_f32(value).to_le_bytes())),
            LocalKind::Bytes => self.held.extend(values.map(|value| to_byte(value) as u8)),
        }
    }

    pub fn get(&self, from: usize, to: usize) -> Vec<f32> {
        let size = self.kind.size();
        let (from, to) = ((from * size) as u64, (to * size) as u64);
        let on_disk = self.paged_bytes();
        let read = match &self.paged {
            Some(paged) if from < on_disk => Cow::Owned(paged.read(from, (to - from) as usize)),
            _ => Cow::Borrowed(&self.held[(from - on_disk) as usize..(to - on_disk) as usize]),
        };
        match self.kind {
            LocalKind::Halves => read
                .chunks_exact(2)
                .map(|b| finite(f16::from_le_bytes([b[0], b[1]])))
                .collect(),
            LocalKind::Bytes => read.iter().map(|byte| OF_BYTES[usize::from(*byte)]).collect(),
        }
    }

    /// Moves what is in memory behind what is on disk.
    pub fn spill(&mut self, folder: &Path) -> std::io::Result<()> {
        match &mut self.paged {
            Some(paged) => paged.append(&self.held)?,
            None => self.paged = Some(Paged::temporary(folder, &self.held)?),
        }
        self.held.clear();
        Ok(())
    }
}

fn finite(value: f16) -> f32 {
    if value.is_finite() { value.to_f32() } else { 0.0 }
}

fn to_byte(value: f32) -> i8 {
    // What is no number becomes 0.
    ((value / SPREAD).asinh() / STEP).round().clamp(-127.0, 127.0) as i8
}

fn of_byte(byte: i8) -> f32 {
    SPREAD * (f32::from(byte) * STEP).sinh()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_keep_small_values_finely_and_large_ones_in_proportion() {
        for value in [0.0, 0.01, -0.3, 1.0, -2.5, 6.0, 15.9] {
            let kept = of_byte(to_byte(value));
            assert!(
                (kept - value).abs() <= 0.022 + 0.012 * value.abs(),
                "{value} became {kept}"
            );
        }
        assert_eq!([f32::NAN, f32::INFINITY, -1e9].map(to_byte), [0, 127, -127]);
        assert!((of_byte(127) - 16.0).abs() < 1e-3);
        for byte in -127..=127i8 {
            assert_eq!(
                to_byte(of_byte(byte)),
                byte,
                "a space that is opened and saved stays as it is"
            );
        }
    }
}
