//! New sounds: places that no recording has, drawn from where recordings are.

use super::choice::Asked;
use super::endless::label_distance;
use crate::space::Snapshot;
use crate::values::{ChunkId, Frames, Latent};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

/// Neighbours in g that tell in which directions, and how far, sounds differ around a real one.
const NEIGHBOURS: usize = 8;
/// Standard deviation of a draw along the way to each of two of them.
const SPREAD: f32 = 0.5;
/// Chunks that are looked at for one that is labelled as asked.
const TRIES: usize = 64;
/// A chunk this near in its labels is as asked.
const AS_ASKED: f32 = 0.3;

/// A draw from a density of the real g, and the real chunk nearest to it, whose events (l) and, where nothing is asked for,
/// labels it has: a kernel around a chunk that is labelled as `asked`, as wide in each direction as its neighbours lie apart. A
/// bare normal would give all dimensions that no sound has together.
pub(super) fn new_sound(snapshot: &Snapshot, asked: &Asked, seed: u64, index: u64) -> Option<(Latent, ChunkId)> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(index.wrapping_add(1));
    let chunks = snapshot.latents.len() as u32;
    if chunks == 0 {
        return None;
    }
    let apart = |chunk: ChunkId| {
        let condition = asked.condition.as_ref();
        condition.map_or(0.0, |condition| label_distance(condition, &snapshot.labels(chunk)))
    };
    let mut home = ChunkId(rng.random_range(0..chunks));
    for _ in 0..TRIES {
        if apart(home) <= AS_ASKED {
            break;
        }
        let other = ChunkId(rng.random_range(0..chunks));
        if apart(other) < apart(home) {
            home = other;
        }
    }
    let here = snapshot.latents.global(home);
    let around = nearest(snapshot, &here, NEIGHBOURS + 1);
    let mut global = here.clone();
    for _ in 0..2 {
        let there = snapshot.latents.global(around[rng.random_range(0..around.len())]);
        let normal: f32 = StandardNormal.sample(&mut rng);
        for ((g, here), there) in global.iter_mut().zip(&here).zip(there) {
            *g += SPREAD * normal * (there - here);
        }
    }
    let anchor = *nearest(snapshot, &global, 1).first()?;
    let local = snapshot.latents.get(anchor).local;
    Some((Latent { global, local }, anchor))
}

/// The `count` chunks nearest to `global`, the nearest first.
fn nearest(snapshot: &Snapshot, global: &[f32], count: usize) -> Vec<ChunkId> {
    let rows = snapshot.latents.globals().chunks_exact(global.len().max(1));
    let mut found: Vec<(f32, u32)> = Vec::with_capacity(count + 1);
    for (row, chunk) in rows.zip(0..) {
        let apart: f32 = row.iter().zip(global).map(|(a, b)| (a.to_f32() - b).powi(2)).sum();
        if found.len() < count || apart < found[count - 1].0 {
            let place = found.partition_point(|(known, _)| *known <= apart);
            found.insert(place, (apart, chunk));
            found.truncate(count);
        }
    }
    found.into_iter().map(|(_, chunk)| ChunkId(chunk)).collect()
}

/// What recipes from before [`new_sound`] draw: independent standard normals, with the events (l) of a chunk chosen by `seed` and
/// `index`.
pub(super) fn normal_draw(snapshot: &Snapshot, seed: u64, index: u64) -> Latent {
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
