//! Cooks a recipe: latents along time, decoded and voiced faster or slower than real time, bit-equal on a CPU.

use super::recipe::{Recipe, RecipeError, RecipeSource};
use crate::atlas::{Content, MapInverse};
use crate::decode::{DecodedFrames, SpaceDecoder};
use crate::space::Snapshot;
use crate::values::{ChunkId, Condition, Frames, Latent, LoopContext, MapPoint};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};
use std::sync::Arc;

/// Frames taken from one decode while walking a path: 46 ms, shorter than a hand moves.
const PATH_FRAMES: usize = 8;
/// Local latents of each neighbour that a chunk of a row sees beyond its ends.
const CONTEXT_STEPS: usize = 4;
/// Longest render, so that a slip of the finger cannot fill the disk.
const MAX_SECS: f32 = 3_600.0;
const DEFAULT_PATH_SECS: f32 = 12.0;

/// Mono samples at the space's own rate.
#[derive(Clone, Debug, PartialEq)]
pub struct Rendered {
    pub samples: Vec<f32>,
    pub sample_rate_hz: u32,
}

/// Frames of a row of decodes.
type Track = DecodedFrames;

/// Renders `recipe` with `decoder`, which must hold `snapshot`.
///
/// # Errors
/// When the recipe names something the space does not have, or the device fails.
pub fn render(snapshot: &Arc<Snapshot>, decoder: &SpaceDecoder, recipe: &Recipe) -> Result<Rendered, RecipeError> {
    let config = decoder.config();
    let mut track = frames(snapshot, decoder, recipe)?;
    let own_secs = track.levels.len() as f32 / config.frame_rate_hz();
    let seconds = recipe
        .seconds
        .filter(|secs| secs.is_finite())
        .unwrap_or(own_secs)
        .clamp(0.05, MAX_SECS);
    track.loop_to((seconds * config.frame_rate_hz()).ceil() as usize);
    for depth in track.texture.as_mut_slice() {
        *depth *= recipe.texture;
    }
    let len = (seconds * config.sample_rate_hz as f32) as usize;
    let samples = decoder.voice(&track, len, recipe.seed);
    Ok(Rendered {
        samples: limited(samples),
        sample_rate_hz: config.sample_rate_hz,
    })
}

/// The frames of `recipe`, once through, before length and texture: what a live player loops.
///
/// # Errors
/// As [`render`].
pub fn frames(snapshot: &Arc<Snapshot>, decoder: &SpaceDecoder, recipe: &Recipe) -> Result<DecodedFrames, RecipeError> {
    recipe.check(snapshot)?;
    let config = decoder.config();
    let track = match &recipe.source {
        RecipeSource::Clip(clip) => clip_track(snapshot, decoder, recipe, *clip)?,
        RecipeSource::At { layout, point } => {
            let inverse = MapInverse::new(Arc::clone(snapshot), *layout).ok_or(RecipeError::EmptyMap)?;
            let found = inverse
                .locate(*point, Content::Nearest { playing: None })
                .ok_or(RecipeError::EmptyMap)?;
            let condition = recipe.condition_over(&snapshot.labels(found.anchor));
            decoder.decode_frames(&found.latent, &condition, recipe.strength, LoopContext::Circular)?
        }
        RecipeSource::Path { layout, points } => {
            let inverse = MapInverse::new(Arc::clone(snapshot), *layout).ok_or(RecipeError::EmptyMap)?;
            path_track(snapshot, decoder, recipe, &inverse, points)?
        }
        RecipeSource::Prior { index } => {
            let latent = prior_draw(snapshot, recipe.seed, *index);
            let condition = recipe.condition_over(&Condition::unknown(config.genres));
            decoder.decode_frames(&latent, &condition, recipe.strength, LoopContext::Circular)?
        }
    };
    Ok(track)
}

/// A latent drawn from the prior: g and l of independent standard normals, l shaped like a real chunk's movement.
pub fn prior_draw(snapshot: &Snapshot, seed: u64, index: u64) -> Latent {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(index + 1);
    let table = &snapshot.latents;
    let global = (0..table.global_dims)
        .map(|_| StandardNormal.sample(&mut rng))
        .collect();
    // A white sequence is noise to the ear; a real chunk's l carries the order in time that the prior lacks.
    let chunk = ChunkId((seed.wrapping_add(index.wrapping_mul(7_919)) % table.len().max(1) as u64) as u32);
    let local = if table.is_empty() {
        Frames::zeros(table.local_steps, table.local_dims)
    } else {
        table.get(chunk).local
    };
    Latent { global, local }
}

/// Every chunk of a clip with its neighbours' l as context, end to end.
fn clip_track(snapshot: &Snapshot, decoder: &SpaceDecoder, recipe: &Recipe, clip: u32) -> Result<Track, RecipeError> {
    let chunks: Vec<usize> = (0..snapshot.chunks.len())
        .filter(|i| snapshot.chunks[*i].clip.0 == clip)
        .collect();
    if chunks.is_empty() {
        return Err(RecipeError::NoClip {
            asked: clip,
            clips: snapshot.clips.len(),
        });
    }
    let config = decoder.config();
    let latents: Vec<Latent> = chunks
        .iter()
        .map(|i| snapshot.latents.get(ChunkId(*i as u32)))
        .collect();
    let mut track = Track::empty(config.bands);
    let mut covered_secs = 0.0f32;
    for (i, latent) in latents.iter().enumerate() {
        let before = if i > 0 {
            tail(&latents[i - 1].local, CONTEXT_STEPS)
        } else {
            Frames::zeros(0, config.local_dims)
        };
        let after = latents.get(i + 1).map_or_else(
            || Frames::zeros(0, config.local_dims),
            |next| next.local.slice(0, CONTEXT_STEPS.min(next.local.len())),
        );
        let mut local = before.clone();
        latent
            .local
            .rows()
            .chain(after.rows())
            .for_each(|row| local.push_row(row));
        let wide = Latent {
            global: latent.global.clone(),
            local,
        };
        let condition = recipe.condition_over(&snapshot.labels(ChunkId(chunks[i] as u32)));
        let decoded = decoder.decode_frames(&wide, &condition, recipe.strength, LoopContext::Open)?;
        let start = before.len() * config.patch_frames;
        // The last chunk may overlap the one before it; only what is new is played.
        let overlap_secs = (covered_secs - snapshot.chunks[chunks[i]].start_secs).max(0.0);
        let skip = ((overlap_secs * config.frame_rate_hz()).round() as usize).min(config.chunk_frames);
        track.append(&decoded, start + skip, start + config.chunk_frames);
        covered_secs = snapshot.chunks[chunks[i]].start_secs + config.chunk_secs();
    }
    Ok(track)
}

/// A walk: the playhead runs on while the point moves.
fn path_track(
    snapshot: &Snapshot,
    decoder: &SpaceDecoder,
    recipe: &Recipe,
    inverse: &MapInverse,
    points: &[MapPoint],
) -> Result<Track, RecipeError> {
    if points.is_empty() {
        return Err(RecipeError::EmptyPath);
    }
    let config = decoder.config();
    let seconds = recipe.seconds.unwrap_or(DEFAULT_PATH_SECS).clamp(0.05, MAX_SECS);
    let total = (seconds * config.frame_rate_hz()).ceil() as usize;
    let mut track = Track::empty(config.bands);
    let mut playing = None;
    let mut head = 0;
    while head < total {
        let at = along(points, head as f32 / total.max(1) as f32);
        let found = inverse
            .locate(at, Content::Nearest { playing })
            .ok_or(RecipeError::EmptyMap)?;
        playing = Some(found.anchor);
        let condition = recipe.condition_over(&snapshot.labels(found.anchor));
        let decoded = decoder.decode_frames(&found.latent, &condition, recipe.strength, LoopContext::Circular)?;
        let start = head % config.chunk_frames;
        track.append(&decoded, start, (start + PATH_FRAMES).min(config.chunk_frames));
        head = track.levels.len();
    }
    Ok(track)
}

/// The point at `share` 0..1 of a polyline, by length.
fn along(points: &[MapPoint], share: f32) -> MapPoint {
    let lengths: Vec<f32> = points
        .windows(2)
        .map(|pair| pair[0].distance_squared(pair[1]).sqrt())
        .collect();
    let mut left = share.clamp(0.0, 1.0) * lengths.iter().sum::<f32>();
    for (pair, length) in points.windows(2).zip(&lengths) {
        if left <= *length && *length > 0.0 {
            let t = left / length;
            return MapPoint {
                x: pair[0].x + t * (pair[1].x - pair[0].x),
                y: pair[0].y + t * (pair[1].y - pair[0].y),
            };
        }
        left -= length;
    }
    points[points.len() - 1]
}

fn tail(frames: &Frames, rows: usize) -> Frames {
    frames.slice(frames.len().saturating_sub(rows), frames.len())
}

/// Scales a render that would clip; quieter ones stay as they are.
fn limited(mut samples: Vec<f32>) -> Vec<f32> {
    let peak = samples.iter().fold(0.0f32, |peak, sample| peak.max(sample.abs()));
    if peak > 0.98 {
        for sample in &mut samples {
            *sample *= 0.98 / peak;
        }
    }
    samples
}

impl Track {
    fn empty(bands: usize) -> Self {
        Self {
            levels: Frames::zeros(0, bands),
            texture: Frames::zeros(0, bands),
        }
    }

    fn append(&mut self, other: &Self, start: usize, end: usize) {
        for frame in start..end.min(other.levels.len()) {
            self.levels.push_row(other.levels.row(frame));
            self.texture.push_row(other.texture.row(frame));
        }
    }

    /// Repeats or cuts to `frames`.
    fn loop_to(&mut self, frames: usize) {
        let own = self.levels.len();
        if own == 0 {
            return;
        }
        if frames <= own {
            self.levels = self.levels.slice(0, frames);
            self.texture = self.texture.slice(0, frames);
        } else {
            let once = Self {
                levels: self.levels.clone(),
                texture: self.texture.clone(),
            };
            while self.levels.len() < frames {
                let missing = frames - self.levels.len();
                self.append(&once, 0, missing.min(own));
            }
        }
    }
}
