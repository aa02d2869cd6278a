//! Random tables for this room's tests and for nothing else.

use crate::model::{CodecKind, ModelConfig, Preset};
use crate::space::{Chunk, Clip, Kept, LatentTable, Snapshot, SpaceMeta};
use crate::values::{ClipId, Condition, Frames, Latent, MapPoint};
use ndarray::Array2;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::collections::BTreeMap;
use std::sync::Arc;

/// `[n x width]` of independent standard normal numbers (Box and Muller, 1958).
pub(super) fn gaussian_rows(n: usize, width: usize, seed: u64) -> Array2<f32> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    Array2::from_shape_simple_fn((n, width), || {
        let radius = (-2.0 * rng.random_range(1e-9f32..1.0).ln()).sqrt();
        radius * rng.random_range(0.0..std::f32::consts::TAU).cos()
    })
}

/// `n` points of a plane, standard normal in each direction.
pub(super) fn gaussian_points(n: usize, seed: u64) -> Vec<MapPoint> {
    let point = |row: ndarray::ArrayView1<'_, f32>| MapPoint { x: row[0], y: row[1] };
    gaussian_rows(n, 2, seed).rows().into_iter().map(point).collect()
}

/// `[groups * each x width]`: groups of `each` rows round centres `spread` apart, and every row's group.
pub(super) fn grouped_rows(
    groups: usize,
    each: usize,
    width: usize,
    spread: f32,
    seed: u64,
) -> (Array2<f32>, Vec<u16>) {
    let centres = gaussian_rows(groups, width, seed) * spread;
    let mut rows = gaussian_rows(groups * each, width, seed + 1);
    let mut labels = Vec::new();
    for (i, mut row) in rows.rows_mut().into_iter().enumerate() {
        row += &centres.row(i / each);
        labels.push((i / each) as u16);
    }
    (rows, labels)
}

/// A snapshot of `chunks` chunks, three to a clip, four genres, with random latents.
pub(super) fn small_snapshot(chunks: usize, seed: u64) -> Snapshot {
    let (global_dims, local_dims, local_steps, genres) = (6, 3, 8, 4);
    let mut latents = LatentTable::new(global_dims, local_dims, local_steps);
    let g = gaussian_rows(chunks, global_dims, seed);
    let l = gaussian_rows(chunks, local_dims * local_steps, seed + 1);
    for (g, l) in g.rows().into_iter().zip(l.rows()) {
        latents.push(&Latent {
            global: g.to_vec(),
            local: Frames::from_vec(local_dims, l.to_vec()),
        });
    }
    let clips = chunks.div_ceil(3);
    let emotions = gaussian_rows(clips, 2, seed + 2);
    Snapshot {
        hash: String::new(),
        meta: SpaceMeta {
            name: "sample".into(),
            genres: (0..genres).map(|i| format!("genre {i}")).collect(),
            model: ModelConfig::new(CodecKind::Spectral, Preset::S, genres, 2.97),
            seed,
            trained_steps: 0,
            refined_steps: None,
            corpus_root: String::new(),
            codec_weights: None,
            figures: BTreeMap::new(),
            kept: Kept::default(),
        },
        clips: (0..clips)
            .map(|i| Clip {
                path: format!("{i}.ogg"),
                title: i.to_string(),
                artist: String::new(),
                labels: Condition {
                    genre: (0..genres)
                        .map(|genre| f32::from(u8::from(genre == i % genres)))
                        .collect(),
                    valence: Some(emotions[[i, 0]].clamp(-1.0, 1.0)),
                    arousal: Some(emotions[[i, 1]].clamp(-1.0, 1.0)),
                },
                estimated: false,
                held_out: i % 5 == 0,
                duration_secs: 9.0,
                content_hash: String::new(),
                gain_db: None,
                file_bytes: None,
                modified_ms: None,
                groove: None,
            })
            .collect(),
        chunks: (0..chunks)
            .map(|i| Chunk {
                clip: ClipId((i / 3) as u32),
                start_secs: 3.0 * (i % 3) as f32,
                valence: f32::NAN,
                arousal: f32::NAN,
            })
            .collect(),
        latents,
        layouts: Vec::new(),
        clusters: Vec::new(),
        weights: Arc::default(),
        embedded_audio: BTreeMap::new(),
    }
}
