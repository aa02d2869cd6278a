//! All latents of a space, as small as they can be without being heard.

use super::local_values::{LocalKind, LocalValues};
use super::paged::PagedTensor;
use super::tables::{self, names};
use crate::values::{ChunkId, Frames, Latent};
use half::f16;
use safetensors::tensor::{Dtype, SafeTensors};
use std::path::{Path, PathBuf};

/// Bytes of l that are held in memory before a table that is being made moves them to a file.
const SPILL_BYTES: usize = 16 << 20;

/// All latents of a space: `[chunks x global]` and `[chunks x steps x local]`. Of a large space l stays on disk and is read chunk by
/// chunk when it is wanted: some microseconds where the system has it in its own memory.
#[derive(Clone, Debug)]
pub struct LatentTable {
    global_dims: usize,
    local_dims: usize,
    local_steps: usize,
    /// Posterior means of g, chunk after chunk.
    global: Vec<f16>,
    /// Posterior means of l, chunk after chunk, each step by step.
    local: LocalValues,
    /// The folder where a long l may lie while the table is made.
    spill: Option<PathBuf>,
}

impl LatentTable {
    /// No chunk yet, of a model with these sizes.
    pub fn new(global_dims: usize, local_dims: usize, local_steps: usize) -> Self {
        Self {
            global_dims,
            local_dims,
            local_steps,
            global: Vec::new(),
            local: LocalValues::in_memory(LocalKind::Bytes, Vec::new()),
            spill: None,
        }
    }

    /// The same, but a long l goes to a nameless file in `folder` while it is pushed.
    #[must_use]
    pub fn spilling_into(mut self, folder: Option<&Path>) -> Self {
        self.spill = folder.map(Path::to_path_buf);
        self
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
        if let Some(folder) = self.spill.take_if(|_| self.local.held.len() >= SPILL_BYTES) {
            match self.local.spill(&folder) {
                Ok(()) => self.spill = Some(folder),
                // It stays in memory from now on.
                Err(error) => log::warn!("{}: latents find no room there: {error}", folder.display()),
            }
        }
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
        let hashed = self.write_local(&mut |bytes| {
            hasher.update(bytes);
            Ok(())
        });
        if let Err(error) = hashed {
            log::error!("the latents cannot be read back: {error}");
        }
    }

    /// The tensor of g: type and bytes.
    pub(super) fn global_tensor(&self) -> (Dtype, Vec<u8>) {
        (Dtype::F16, tables::le_bytes_f16(&self.global))
    }

    /// The tensor of l: type and number of bytes.
    pub(super) fn local_tensor(&self) -> (Dtype, usize) {
        let bytes = self.local.paged_bytes() as usize + self.local.held.len();
        (self.local.kind.dtype(), bytes)
    }

    /// Hands the bytes of the tensor of l to `write`, in order and in pieces.
    ///
    /// # Errors
    /// When they cannot be read where they lie, or `write` fails.
    pub(super) fn write_local(&self, write: &mut dyn FnMut(&[u8]) -> std::io::Result<()>) -> std::io::Result<()> {
        if let Some(paged) = &self.local.paged {
            paged.each_piece(write)?;
        }
        write(&self.local.held)
    }

    /// The latents of `chunks` chunks among `tensors`, in the sizes of `self`; `paged` is l where it stayed on disk.
    pub(super) fn read(
        mut self,
        tensors: &SafeTensors<'_>,
        chunks: usize,
        paged: Option<PagedTensor>,
    ) -> Result<Self, String> {
        let shape = [chunks, self.local_steps, self.local_dims];
        self.global = tables::f16s(tensors, names::LATENT_GLOBAL, &[chunks, self.global_dims])?;
        if let Some(paged) = paged {
            let kind = LocalKind::of(paged.dtype).filter(|kind| {
                let values: usize = shape.iter().product();
                paged.shape == shape && paged.bytes.len() == (values * kind.size()) as u64
            });
            let kind = kind.ok_or_else(|| {
                format!(
                    "the tensor {} holds {:?} in the shape {:?} where {shape:?} is needed",
                    names::LATENT_LOCAL,
                    paged.dtype,
                    paged.shape
                )
            })?;
            self.local = LocalValues {
                kind,
                paged: Some(paged.bytes),
                held: Vec::new(),
            };
            return Ok(self);
        }
        let stored = tensors.tensor(names::LATENT_LOCAL).map(|view| view.dtype());
        self.local = match stored {
            Ok(Dtype::I8) => {
                let bytes = tables::i8s(tensors, names::LATENT_LOCAL, &shape)?;
                LocalValues::in_memory(LocalKind::Bytes, bytemuck::cast_slice(&bytes).to_vec())
            }
            _ => {
                let halves = tables::f16s(tensors, names::LATENT_LOCAL, &shape)?;
                LocalValues::in_memory(LocalKind::Halves, tables::le_bytes_f16(&halves))
            }
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
            local: LocalValues::in_memory(LocalKind::Halves, Vec::new()),
            ..LatentTable::new(2, 3, 2)
        };
        halves.append(&table);
        assert_eq!(halves.local_tensor().0, Dtype::F16);
        assert_eq!(halves.len(), 3);
    }

    #[test]
    fn a_table_that_went_to_disk_says_the_same_and_clones_grow_apart() {
        let folder = tempfile::tempdir().unwrap();
        let steps = SPILL_BYTES / 3 / 8;
        let latent = |seed: usize| Latent {
            global: vec![seed as f32],
            local: Frames::from_vec(
                8,
                (0..steps * 8)
                    .map(|i| ((i * 7 + seed * 31) % 97) as f32 * 0.05)
                    .collect(),
            ),
        };
        let mut in_memory = LatentTable::new(1, 8, steps);
        let mut spilled = LatentTable::new(1, 8, steps).spilling_into(Some(folder.path()));
        for seed in 0..8 {
            in_memory.push(&latent(seed));
            spilled.push(&latent(seed));
        }
        assert!(spilled.local.paged_bytes() > 0 && spilled.local.held.len() < SPILL_BYTES);
        let mut clone = spilled.clone();
        for seed in 8..14 {
            in_memory.push(&latent(seed));
            clone.push(&latent(seed));
            spilled.push(&latent(99));
        }
        for chunk in (0..14).map(ChunkId) {
            assert_eq!(clone.local(chunk), in_memory.local(chunk));
        }
        assert_eq!(clone.local_tensor(), in_memory.local_tensor());
        let hash = |table: &LatentTable| {
            let mut hasher = blake3::Hasher::new();
            table.hash_into(&mut hasher);
            hasher.finalize()
        };
        assert_eq!(hash(&clone), hash(&in_memory));
        assert_ne!(hash(&clone), hash(&spilled));
    }
}
