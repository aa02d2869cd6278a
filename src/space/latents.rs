//! All latents of a space, as small as they can be without being heard.

use super::tables::{self, names};
use crate::values::{ChunkId, Frames, Latent};
use half::f16;
use safetensors::tensor::{Dtype, SafeTensors};

/// The values of l that bytes stand for are `SPREAD * sinh(byte * STEP)`: .044 apart near 0, where most of them are, up to 16
/// standard deviations of the prior, where transients are.
const SPREAD: f32 = 2.0;
/// asinh(16 / SPREAD) / 127.
const STEP: f32 = 2.776_472_3 / 127.0;

/// All latents of a space: `[chunks x global]` and `[chunks x steps x local]`.
#[derive(Clone, Debug)]
pub struct LatentTable {
    global_dims: usize,
    local_dims: usize,
    local_steps: usize,
    /// Posterior means of g, chunk after chunk.
    global: Vec<f16>,
    /// Posterior means of l, chunk after chunk, each step by step.
    local: LocalValues,
}

/// How l is kept.
#[derive(Clone, Debug)]
enum LocalValues {
    /// Spaces of format 2 and before.
    Halves(Vec<f16>),
    /// See [`SPREAD`].
    Bytes(Vec<i8>),
}

impl LocalValues {
    fn extend(&mut self, values: impl Iterator<Item = f32>) {
        match self {
            Self::Halves(halves) => halves.extend(values.map(f16::from_f32)),
            Self::Bytes(bytes) => bytes.extend(values.map(to_byte)),
        }
    }

    fn get(&self, from: usize, to: usize) -> Vec<f32> {
        match self {
            Self::Halves(halves) => halves[from..to].iter().map(|value| value.to_f32()).collect(),
            Self::Bytes(bytes) => bytes[from..to].iter().map(|byte| of_byte(*byte)).collect(),
        }
    }
}

fn to_byte(value: f32) -> i8 {
    // What is no number becomes 0.
    ((value / SPREAD).asinh() / STEP).round().clamp(-127.0, 127.0) as i8
}

fn of_byte(byte: i8) -> f32 {
    SPREAD * (f32::from(byte) * STEP).sinh()
}

impl LatentTable {
    /// No chunk yet, of a model with these sizes.
    pub fn new(global_dims: usize, local_dims: usize, local_steps: usize) -> Self {
        Self {
            global_dims,
            local_dims,
            local_steps,
            global: Vec::new(),
            local: LocalValues::Bytes(Vec::new()),
        }
    }

    /// Values per chunk in g.
    pub fn global_dims(&self) -> usize {
        self.global_dims
    }

    /// Values per time step in l.
    pub fn local_dims(&self) -> usize {
        self.local_dims
    }

    /// Time steps per chunk in l.
    pub fn local_steps(&self) -> usize {
        self.local_steps
    }

    /// The latent of `chunk` at full precision.
    pub fn get(&self, chunk: ChunkId) -> Latent {
        Latent {
            global: self.global(chunk),
            local: Frames::from_vec(self.local_dims.max(1), self.local(chunk)),
        }
    }

    /// g of `chunk`.
    pub fn global(&self, chunk: ChunkId) -> Vec<f32> {
        let (i, g) = (chunk.0 as usize, self.global_dims);
        self.global[i * g..(i + 1) * g]
            .iter()
            .map(|value| value.to_f32())
            .collect()
    }

    /// g of every chunk at half precision, chunk after chunk.
    pub fn globals(&self) -> &[f16] {
        &self.global
    }

    /// The same, to be changed.
    pub fn globals_mut(&mut self) -> &mut [f16] {
        &mut self.global
    }

    /// l of `chunk`, step by step.
    pub fn local(&self, chunk: ChunkId) -> Vec<f32> {
        let (i, l) = (chunk.0 as usize, self.local_dims * self.local_steps);
        self.local.get(i * l, (i + 1) * l)
    }

    /// Appends a latent of matching shape.
    pub fn push(&mut self, latent: &Latent) {
        self.global
            .extend(latent.global.iter().map(|value| f16::from_f32(*value)));
        self.local.extend(latent.local.as_slice().iter().copied());
    }

    /// Appends all latents of `other`, of matching shape.
    pub fn append(&mut self, other: &Self) {
        for chunk in 0..other.len() as u32 {
            self.push(&other.get(ChunkId(chunk)));
        }
    }

    /// Number of chunks.
    pub fn len(&self) -> usize {
        self.global.len().checked_div(self.global_dims).unwrap_or(0)
    }

    /// Whether there is no chunk.
    pub fn is_empty(&self) -> bool {
        self.global.is_empty()
    }

    /// Everything that decides the sound.
    pub fn hash_into(&self, hasher: &mut blake3::Hasher) {
        hasher.update(&tables::le_bytes_f16(&self.global));
        hasher.update(&self.local_bytes());
    }

    /// The tensor of g: type and bytes.
    pub(super) fn global_tensor(&self) -> (Dtype, Vec<u8>) {
        (Dtype::F16, tables::le_bytes_f16(&self.global))
    }

    /// The tensor of l: type and bytes.
    pub(super) fn local_tensor(&self) -> (Dtype, Vec<u8>) {
        let dtype = match self.local {
            LocalValues::Halves(_) => Dtype::F16,
            LocalValues::Bytes(_) => Dtype::I8,
        };
        (dtype, self.local_bytes())
    }

    fn local_bytes(&self) -> Vec<u8> {
        match &self.local {
            LocalValues::Halves(halves) => tables::le_bytes_f16(halves),
            LocalValues::Bytes(bytes) => bytemuck::cast_slice(bytes).to_vec(),
        }
    }

    /// The latents of `chunks` chunks among `tensors`, in the sizes of `self`.
    pub(super) fn read(mut self, tensors: &SafeTensors<'_>, chunks: usize) -> Result<Self, String> {
        let shape = [chunks, self.local_steps, self.local_dims];
        self.global = tables::f16s(tensors, names::LATENT_GLOBAL, &[chunks, self.global_dims])?;
        let stored = tensors.tensor(names::LATENT_LOCAL).map(|view| view.dtype());
        self.local = match stored {
            Ok(Dtype::I8) => LocalValues::Bytes(tables::i8s(tensors, names::LATENT_LOCAL, &shape)?),
            _ => LocalValues::Halves(tables::f16s(tensors, names::LATENT_LOCAL, &shape)?),
        };
        Ok(self)
    }
}

impl Default for LatentTable {
    fn default() -> Self {
        Self::new(0, 0, 0)
    }
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

    #[test]
    fn what_is_pushed_is_got_and_a_table_of_halves_stays_one() {
        let latent = |seed: f32| Latent {
            global: vec![seed, -seed],
            local: Frames::from_vec(3, vec![0.1 * seed; 6]),
        };
        let mut table = LatentTable::new(2, 3, 2);
        (1..4).for_each(|seed| table.push(&latent(seed as f32)));
        assert_eq!(table.len(), 3);
        assert_eq!(table.global(ChunkId(1)), [2.0, -2.0]);
        assert!(table.local(ChunkId(2)).iter().all(|value| (value - 0.3).abs() < 0.022));
        let mut halves = LatentTable {
            local: LocalValues::Halves(Vec::new()),
            ..LatentTable::new(2, 3, 2)
        };
        halves.append(&table);
        assert_eq!(halves.local_tensor().0, Dtype::F16);
        assert_eq!(halves.len(), 3);
    }
}
