//! The decoded pieces of a recipe in the order they sound: what the live player is handed for the same sound.

use super::recipe::{Recipe, RecipeError, RecipeSource};
use crate::decode::{Choice, DecodedFrames, OwnLevels, Place, Resolver, SpaceDecoder, Span, along};
use crate::space::{LayoutKind, Snapshot};
use crate::sync::StopFlag;
use crate::values::{ChunkId, LoudnessMatch, MapPoint, Steering, Timing};
use std::sync::Arc;

/// Frames taken from one decode while walking a path: 46 ms, shorter than a hand moves.
const PATH_FRAMES: usize = 8;
/// Longest render, so that a slip of the finger cannot fill the disk.
pub(super) const MAX_SECS: f32 = 3_600.0;
const DEFAULT_PATH_SECS: f32 = 12.0;

/// Some frames with how a recording becomes the same sound.
pub struct Piece {
    /// As decoded, before length and texture.
    pub frames: DecodedFrames,
    /// `None` where nothing was recorded.
    pub steering: Option<Steering>,
    /// How fast it is played.
    pub timing: Timing,
    /// How loud it is to be; frames are so already.
    pub loudness: Option<LoudnessMatch>,
}

/// The frames of `recipe`, once through, before length and texture: what a live player loops.
///
/// # Errors
/// When the recipe names something the space does not have, or the device fails; [`RecipeError::Stopped`] soon after `stop` is
/// set.
pub fn frames(
    snapshot: &Arc<Snapshot>,
    decoder: &SpaceDecoder,
    recipe: &Recipe,
    stop: &StopFlag,
) -> Result<DecodedFrames, RecipeError> {
    let mut track = DecodedFrames::empty(decoder.config().bands);
    for piece in pieces(snapshot, decoder, recipe, stop)? {
        track.append(&piece.frames, 0, piece.frames.levels.len());
    }
    Ok(track)
}

/// The chunks whose recordings `recipe` plays, in the order they sound, each once where it follows itself.
///
/// # Errors
/// When the recipe names something the space does not have.
pub fn recorded_row(snapshot: &Arc<Snapshot>, recipe: &Recipe) -> Result<Vec<ChunkId>, RecipeError> {
    recipe.check(snapshot)?;
    let mut resolver = Resolver::by(recipe.version, Arc::clone(snapshot));
    if let RecipeSource::Path { layout, points } = &recipe.source {
        let mut row = Vec::new();
        let total = path_frames(snapshot, recipe);
        for head in (0..total).step_by(PATH_FRAMES) {
            let choice = step(recipe, *layout, points, head, total, row.last().copied())?;
            row.extend(resolver.resolve(&choice, &recipe.asked(), Span::Loop)?.sounding());
        }
        row.dedup();
        return Ok(row);
    }
    let Some((choice, span)) = recipe.choice(snapshot)? else {
        return Ok(Vec::new());
    };
    let anchor = resolver.resolve(&choice, &recipe.asked(), Span::Loop)?.sounding();
    Ok(anchor.map_or_else(Vec::new, |anchor| span.chunks_from(snapshot, anchor)))
}

/// Every piece of `recipe`.
pub(super) fn pieces(
    snapshot: &Arc<Snapshot>,
    decoder: &SpaceDecoder,
    recipe: &Recipe,
    stop: &StopFlag,
) -> Result<Vec<Piece>, RecipeError> {
    recipe.check(snapshot)?;
    let mut resolver = Resolver::by(recipe.version, Arc::clone(snapshot));
    if let RecipeSource::Path { layout, points } = &recipe.source {
        return path(&mut resolver, snapshot, decoder, recipe, *layout, points, stop);
    }
    let Some((choice, span)) = recipe.choice(snapshot)? else {
        return Ok(Vec::new());
    };
    let resolved = resolver.resolve(&choice, &recipe.asked(), span)?;
    let mut own_levels = OwnLevels::default();
    let mut row = Vec::with_capacity(resolved.row.len());
    for part in &resolved.row {
        go_on(stop)?;
        let (frames, steering) = decoder.decode_steered(part, resolved.strength, resolved.context, &mut own_levels)?;
        let steering = match steering {
            None if recipe.detail > 0.0 && part.anchor.is_some() => {
                let mut audio = decoder.audio(frames.clone(), resolved.context);
                let raise = decoder.raise_audio(&mut audio, part.loudness);
                decoder.steer_samples(part, (&audio, raise), resolved.context, &mut own_levels)?
            }
            steering => steering,
        };
        row.push(Piece {
            frames,
            steering,
            timing: part.timing,
            loudness: part.loudness,
        });
    }
    Ok(row)
}

/// A walk: the playhead runs on while the point moves.
fn path(
    resolver: &mut Resolver,
    snapshot: &Snapshot,
    decoder: &SpaceDecoder,
    recipe: &Recipe,
    layout: LayoutKind,
    points: &[MapPoint],
    stop: &StopFlag,
) -> Result<Vec<Piece>, RecipeError> {
    let config = decoder.config();
    let total = path_frames(snapshot, recipe);
    let mut own_levels = OwnLevels::default();
    let (mut row, mut playing, mut head) = (Vec::new(), None, 0);
    while head < total {
        go_on(stop)?;
        let choice = step(recipe, layout, points, head, total, playing)?;
        let resolved = resolver.resolve(&choice, &recipe.asked(), Span::Loop)?;
        playing = resolved.anchor;
        let start = head % config.chunk_frames;
        for part in &resolved.row {
            let (decoded, steering) =
                decoder.decode_steered(part, resolved.strength, resolved.context, &mut own_levels)?;
            let frames = decoded.slice(start, start + PATH_FRAMES);
            head += frames.levels.len();
            let steering = steering.map(|steering| from_frame(steering, start, frames.levels.len(), config.hop_len));
            row.push(Piece {
                frames,
                steering,
                timing: part.timing,
                loudness: part.loudness,
            });
        }
    }
    Ok(row)
}

fn path_frames(snapshot: &Snapshot, recipe: &Recipe) -> usize {
    let seconds = recipe.seconds.unwrap_or(DEFAULT_PATH_SECS).clamp(0.05, MAX_SECS);
    (seconds * snapshot.meta.model.frame_rate_hz()).ceil() as usize
}

/// Where a walk is at frame `head` of `total`.
fn step(
    recipe: &Recipe,
    layout: LayoutKind,
    points: &[MapPoint],
    head: usize,
    total: usize,
    playing: Option<ChunkId>,
) -> Result<Choice, RecipeError> {
    let share = head as f32 / total.max(1) as f32;
    Ok(Choice {
        place: Place::At {
            layout,
            point: along(points.iter().copied(), share).ok_or(RecipeError::EmptyPath)?,
        },
        content: recipe.content(playing),
        global: None,
    })
}

/// The steering of `frames` frames from frame `start` on.
fn from_frame(steering: Steering, start: usize, frames: usize, hop_len: usize) -> Steering {
    Steering {
        skip_samples: steering.skip_samples + start * hop_len,
        gain: steering.gain.map(|gain| gain.slice(start, start + frames)),
        loudness: steering.loudness,
        recording: steering.recording,
        levels: None,
    }
}

/// # Errors
/// Once the render is to end.
pub(super) fn go_on(stop: &StopFlag) -> Result<(), RecipeError> {
    match stop.is_stopped() {
        true => Err(RecipeError::Stopped),
        false => Ok(()),
    }
}
