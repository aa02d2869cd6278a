//! Cooks a recipe: latents along time, decoded and voiced faster or slower than real time, bit-equal on a CPU.

use super::recipe::{Recipe, RecipeError};
use super::row::{MAX_SECS, Piece, go_on, pieces};
use crate::audio::{Mode, Playback, RecordingOf, voice_row};
use crate::decode::{DecodedFrames, Formula, SpaceDecoder, Span};
use crate::dsp::{BandAxis, Limiter, Peaks};
use crate::model::CodecKind;
use crate::space::Snapshot;
use crate::sync::StopFlag;
use crate::values::{ChunkAudio, DecodedChunk, LoopContext};
use std::sync::Arc;
use std::time::Instant;

/// Samples at the space's own rate.
#[derive(Clone, Debug, PartialEq)]
pub struct Rendered {
    /// Interleaved where there are two channels. Full scale is ±1; only an unlimited render may exceed it.
    pub samples: Vec<f32>,
    /// 1 for the model alone, 2 where a recording sounds.
    pub channels: u16,
    /// Set by the space's codec; the player's where a recording sounds.
    pub sample_rate_hz: u32,
}

/// Renders `recipe` with `decoder`, which must hold `snapshot`: the samples that the live engine plays at full volume. Where
/// the recipe wants detail, `recording_of` is asked for recordings; without them the model sounds alone.
///
/// # Errors
/// When the recipe names something the space does not have, or the device fails; [`RecipeError::Stopped`] soon after `stop` is
/// set.
pub fn render(
    snapshot: &Arc<Snapshot>,
    decoder: &SpaceDecoder,
    recipe: &Recipe,
    recording_of: &mut RecordingOf<'_>,
    stop: &StopFlag,
) -> Result<Rendered, RecipeError> {
    let mut rendered = render_unlimited(snapshot, decoder, recipe, recording_of, stop)?;
    match recipe.version {
        Formula::First => turn_down(&mut rendered.samples),
        version => {
            let peaks = match version {
                Formula::Second => Peaks::Samples,
                _ => Peaks::True,
            };
            let channels = usize::from(rendered.channels);
            Limiter::limit(&mut rendered.samples, channels, peaks, &|| stop.is_stopped());
        }
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
    recording_of: &mut RecordingOf<'_>,
    stop: &StopFlag,
) -> Result<Rendered, RecipeError> {
    let config = decoder.config();
    let row = pieces(snapshot, decoder, recipe, stop)?;
    let own_frames: usize = row.iter().map(|piece| piece.frames.levels.len()).sum();
    let own_secs = own_frames as f32 / config.frame_rate_hz();
    let seconds = recipe
        .seconds
        .filter(|secs| secs.is_finite())
        .unwrap_or(own_secs)
        .clamp(0.05, MAX_SECS);
    let len = (seconds * config.sample_rate_hz as f32) as usize;
    let frames = (seconds * config.frame_rate_hz()).ceil() as usize;
    let is_once = recipe.span == Span::Once && frames <= own_frames;
    if recipe.detail > 0.0
        && row.iter().any(|piece| piece.steering.is_some())
        && let Some(rendered) = steered(decoder, recipe, &row, is_once, seconds, recording_of, stop)
    {
        go_on(stop)?;
        return Ok(rendered);
    }
    let mut track = DecodedFrames::empty(config.bands);
    for piece in &row {
        track.append(&piece.frames, 0, piece.frames.levels.len());
    }
    track.loop_to(frames);
    for depth in track.texture.as_mut_slice() {
        *depth *= recipe.texture;
    }
    let mut samples = decoder.voice(&track, len, recipe.seed, stop);
    go_on(stop)?;
    if let Some(rule) = row.first().and_then(|piece| piece.loudness)
        && config.codec != CodecKind::Spectral
    {
        decoder.raise_samples(&mut samples, rule);
    }
    Ok(Rendered {
        samples,
        channels: 1,
        sample_rate_hz: config.sample_rate_hz,
    })
}

/// `seconds` of `row` in stereo as the engine plays them; `None` where the engine would play samples of a codec.
fn steered(
    decoder: &SpaceDecoder,
    recipe: &Recipe,
    row: &[Piece],
    is_once: bool,
    seconds: f32,
    recording_of: &mut RecordingOf<'_>,
    stop: &StopFlag,
) -> Option<Rendered> {
    let has_samples = |piece: &Piece| {
        piece
            .steering
            .as_ref()
            .is_some_and(|steering| steering.levels.is_some())
    };
    if row.iter().any(has_samples) {
        // Without its recording such a chunk sounds as its codec decodes it.
        recording_of(&row.first()?.steering.as_ref()?.recording)?;
    }
    let audio_of = |piece: &Piece| {
        let levels = piece.steering.as_ref().and_then(|steering| steering.levels.as_deref());
        levels.map_or_else(
            || decoder.audio(piece.frames.clone(), LoopContext::Open),
            ChunkAudio::clone,
        )
    };
    let published = row.iter().map(|piece| {
        Arc::new(DecodedChunk {
            generation: 0,
            asked_at: Instant::now(),
            decode_secs: 0.0,
            audio: audio_of(piece),
            steering: piece.steering.clone(),
        })
    });
    let playback = Playback {
        mode: if is_once { Mode::OneShot } else { Mode::Loop },
        speed: 1.0,
        volume: 1.0,
        texture: recipe.texture,
        detail: recipe.detail,
    };
    let row: Vec<_> = published.collect();
    let sample_rate_hz = BandAxis::standard().sample_rate_hz();
    let len = (seconds * sample_rate_hz as f32) as usize;
    let samples = voice_row(&row, playback, recipe.seed, len, recording_of, stop)?;
    Some(Rendered {
        samples: samples.into_iter().flatten().collect(),
        channels: 2,
        sample_rate_hz,
    })
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
