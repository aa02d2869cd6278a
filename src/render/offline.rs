//! Cooks a recipe: latents along time, decoded and voiced faster or slower than real time, bit-equal on a CPU.

use super::recipe::{Recipe, RecipeError, RecipeSource};
use crate::decode::SpaceDecoder;
use crate::decode::{Choice, DecodedFrames, Formula, Place, Resolver, Span, along};
use crate::dsp::Limiter;
use crate::space::{LayoutKind, Snapshot};
use crate::sync::StopFlag;
use crate::values::MapPoint;
use std::sync::Arc;

/// Frames taken from one decode while walking a path: 46 ms, shorter than a hand moves.
const PATH_FRAMES: usize = 8;
/// Longest render, so that a slip of the finger cannot fill the disk.
const MAX_SECS: f32 = 3_600.0;
const DEFAULT_PATH_SECS: f32 = 12.0;

/// Mono samples at the space's own rate.
#[derive(Clone, Debug, PartialEq)]
pub struct Rendered {
    /// Full scale is ±1; only an unlimited render may exceed it.
    pub samples: Vec<f32>,
    /// Set by the space's codec.
    pub sample_rate_hz: u32,
}

/// Renders `recipe` with `decoder`, which must hold `snapshot`: the samples that the live engine plays at full volume.
///
/// # Errors
/// When the recipe names something the space does not have, or the device fails; [`RecipeError::Stopped`] soon after `stop` is
/// set.
pub fn render(
    snapshot: &Arc<Snapshot>,
    decoder: &SpaceDecoder,
    recipe: &Recipe,
    stop: &StopFlag,
) -> Result<Rendered, RecipeError> {
    let mut rendered = render_unlimited(snapshot, decoder, recipe, stop)?;
    match recipe.version {
        Formula::First => turn_down(&mut rendered.samples),
        Formula::Current => Limiter::limit(&mut rendered.samples, &|| stop.is_stopped()),
    }
    go_on(stop)?;
    Ok(rendered)
}

/// The same before the limiter: the raw sum, which may exceed full scale.
///
/// # Errors
/// As [`render`].
pub fn render_unlimited(
    snapshot: &Arc<Snapshot>,
    decoder: &SpaceDecoder,
    recipe: &Recipe,
    stop: &StopFlag,
) -> Result<Rendered, RecipeError> {
    let config = decoder.config();
    let mut track = frames(snapshot, decoder, recipe, stop)?;
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
    let samples = decoder.voice(&track, len, recipe.seed, stop);
    go_on(stop)?;
    Ok(Rendered {
        samples,
        sample_rate_hz: config.sample_rate_hz,
    })
}

/// The frames of `recipe`, once through, before length and texture: what a live player loops.
///
/// # Errors
/// As [`render`].
pub fn frames(
    snapshot: &Arc<Snapshot>,
    decoder: &SpaceDecoder,
    recipe: &Recipe,
    stop: &StopFlag,
) -> Result<DecodedFrames, RecipeError> {
    recipe.check(snapshot)?;
    let mut resolver = Resolver::by(recipe.version, Arc::clone(snapshot));
    if let RecipeSource::Path { layout, points } = &recipe.source {
        return path(&mut resolver, decoder, recipe, *layout, points, stop);
    }
    let mut track = DecodedFrames::empty(decoder.config().bands);
    if let Some((choice, span)) = recipe.choice(snapshot)? {
        let resolved = resolver.resolve(&choice, &recipe.asked(), span)?;
        for part in &resolved.row {
            go_on(stop)?;
            let decoded = decoder.decode_part(part, resolved.strength, resolved.context)?;
            track.append(&decoded, 0, decoded.levels.len());
        }
    }
    Ok(track)
}

/// A walk: the playhead runs on while the point moves.
fn path(
    resolver: &mut Resolver,
    decoder: &SpaceDecoder,
    recipe: &Recipe,
    layout: LayoutKind,
    points: &[MapPoint],
    stop: &StopFlag,
) -> Result<DecodedFrames, RecipeError> {
    let config = decoder.config();
    let seconds = recipe.seconds.unwrap_or(DEFAULT_PATH_SECS).clamp(0.05, MAX_SECS);
    let total = (seconds * config.frame_rate_hz()).ceil() as usize;
    let mut track = DecodedFrames::empty(config.bands);
    let mut playing = None;
    let mut head = 0;
    while head < total {
        go_on(stop)?;
        let share = head as f32 / total.max(1) as f32;
        let choice = Choice {
            place: Place::At {
                layout,
                point: along(points.iter().copied(), share).ok_or(RecipeError::EmptyPath)?,
            },
            content: recipe.content(playing),
            global: None,
        };
        let resolved = resolver.resolve(&choice, &recipe.asked(), Span::Loop)?;
        playing = resolved.anchor;
        let start = head % config.chunk_frames;
        for part in &resolved.row {
            let decoded = decoder.decode_part(part, resolved.strength, resolved.context)?;
            track.append(&decoded, start, start + PATH_FRAMES);
        }
        head = track.levels.len();
    }
    Ok(track)
}

/// # Errors
/// Once the render is to end.
fn go_on(stop: &StopFlag) -> Result<(), RecipeError> {
    match stop.is_stopped() {
        true => Err(RecipeError::Stopped),
        false => Ok(()),
    }
}

/// Scales a render that would clip; quieter ones stay as they are.
fn turn_down(samples: &mut [f32]) {
    let peak = samples.iter().fold(0.0f32, |peak, sample| peak.max(sample.abs()));
    if peak > 0.98 {
        for sample in samples {
            *sample *= 0.98 / peak;
        }
    }
}
