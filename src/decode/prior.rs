//! Sounds that no recording stands behind.

use crate::space::Snapshot;
use crate::values::{ChunkId, Frames, Latent};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

/// A draw from the prior of g, independent standard normals, with the events (l) of a chunk chosen by `seed` and `index`: a
/// white sequence would be noise to the ear, while a real chunk's l carries the order in time that the prior lacks.
pub(super) fn prior_draw(snapshot: &Snapshot, seed: u64, index: u64) -> Latent {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(index.wrapping_add(1));
    let table = &snapshot.latents;
    let global = (0..table.global_dims())
        .map(|_| StandardNormal.sample(&mut rng))
        .collect();
    let chunk = ChunkId((seed.wrapping_add(index.wrapping_mul(7_919)) % table.len().max(1) as u64) as u32);
    let local = if table.is_empty() {
        Frames::zeros(table.local_steps(), table.local_dims())
    } else {
        table.get(chunk).local
    };
    Latent { global, local }
}
