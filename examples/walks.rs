//! How long the planner of Endless thinks, and what its index takes, in spaces of any size made of one space's chunks again and
//! again.
//!
//! `cargo run --release --example walks -- SPACE [POINTS]...`

use anyhow::Context;
use songspace::decode::{Endless, EndlessIndex, EndlessSteering};
use songspace::space::Snapshot;
use songspace::values::{ChunkId, ClipId};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

/// Stretches that are asked for.
const STRETCHES: usize = 200;

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().context("name a space")?;
    let space = Snapshot::open(Path::new(&path))?;
    let mut sizes: Vec<usize> = arguments.map(|size| size.parse()).collect::<Result<_, _>>()?;
    if sizes.is_empty() {
        sizes = vec![15_000, 100_000];
    }
    for size in sizes {
        let big = Arc::new(grown(&space, size));
        let begun = Instant::now();
        let index = Arc::new(EndlessIndex::new(Arc::clone(&big)));
        let index_secs = begun.elapsed().as_secs_f32();
        let steering = EndlessSteering {
            cursor: big.latents.global(ChunkId(0)),
            wanted: None,
            adventure: 1.0,
            shown: None,
        };
        let mut walk = Endless::begin(Arc::clone(&index), (ChunkId(0), 0), steering, 1);
        let mut times: Vec<f32> = Vec::with_capacity(STRETCHES);
        for _ in 0..STRETCHES {
            walk.hurry();
            let begun = Instant::now();
            walk.stretch();
            times.push(begun.elapsed().as_secs_f32() * 1e3);
        }
        times.sort_by(f32::total_cmp);
        let patches = big.chunks.len() * big.latents.local_steps();
        println!(
            "{} points, {} beats: index {:.2} s, {:.1} MB, {:.1} bytes a patch; next jump {:.2} ms (median), {:.2} ms (most)",
            big.chunks.len(),
            index.beats(),
            index_secs,
            index.bytes() as f32 / 1e6,
            index.bytes() as f32 / patches as f32,
            times[STRETCHES / 2],
            times[STRETCHES - 1]
        );
    }
    Ok(())
}

/// `space` again and again, each time as other clips, until it has `points` chunks.
fn grown(space: &Snapshot, points: usize) -> Snapshot {
    let mut big = space.clone();
    while big.chunks.len() + space.chunks.len() <= points {
        let first = big.clips.len() as u32;
        big.clips.extend(space.clips.iter().cloned());
        big.chunks.extend(space.chunks.iter().map(|chunk| {
            let mut again = *chunk;
            again.clip = ClipId(first + chunk.clip.0);
            again
        }));
        big.latents.append(&space.latents);
    }
    big
}
