//! Cooks a recipe: latents along time, decoded and voiced faster or slower than real time, bit-equal on a CPU.

use super::recipe::{Recipe, RecipeError};
use super::row::{MAX_SECS, Piece, go_on, pieces};
use super::seam;
use crate::audio::{Mode, Playback, RecordingOf, voice_row};
use crate::decode::{DecodedFrames, Formula, SpaceDecoder, Span};
use crate::dsp::{BandAxis, Limiter, Peaks};
use crate::model::CodecKind;
use crate::space::Snapshot;
use crate::sync::StopFlag;
use crate::values::{ChunkAudio, DecodedChunk, LoopContext};
use std::sync::Arc;

/// Samples at the space's own rate.
#[derive(Clone, Debug, PartialEq)]
pub struct Rendered {
    /// Interleaved where there are two channels. Full scale is ±1; only an unlimited render may exceed it.
    pub samples: Vec<f32>,
    /// 1 for the model alone, 2 where a recording sounds.
    pub channels: u16,
    /// Set by the space's codec; the player's where a recording sounds.
    pub sample_rate_hz: u32,
    /// Whether its end leads into its beginning.
    pub loops: bool,
}

/// What becomes of peaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Limiting {
    /// The limiter of the live engine.
    #[default]
    AsLive,
    /// The raw sum.
    Off,
}

/// How much is rendered.
#[derive(Clone, Copy)]
enum Extent {
    Seconds(f32),
    /// As many rounds as fit into these seconds, or one, and what closing them needs.
    Rounds(f32),
}

impl Extent {
    fn samples(self, round_len: usize, rate_hz: u32) -> usize {
        match self {
            Self::Seconds(secs) => (secs * rate_hz as f32) as usize,
            Self::Rounds(secs) => rounds_len(secs, round_len, rate_hz) + seam::BEYOND,
        }
    }
}

/// Samples of as many whole rounds as fit into `secs`, or of one.
fn rounds_len(secs: f32, round_len: usize, rate_hz: u32) -> usize {
    let most = (secs * rate_hz as f32) as usize;
    (most / round_len.max(1)).max(1) * round_len
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
    limit(&mut rendered, recipe, stop)?;
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
    let row = pieces(snapshot, decoder, recipe, stop)?;
    let own_secs = frames_of(&row) as f32 / decoder.config().frame_rate_hz();
    let seconds = recipe.seconds.filter(|secs| secs.is_finite()).unwrap_or(own_secs);
    let extent = Extent::Seconds(seconds.clamp(0.05, MAX_SECS));
    let (rendered, _) = voiced(decoder, recipe, &row, extent, recording_of, stop)?;
    Ok(rendered)
}

/// Whole rounds of `recipe`, as many as fit into its seconds, or one: their end leads into their beginning as the live loop's
/// does. What sounds once is taken for a loop.
///
/// # Errors
/// As [`render`].
pub fn render_rounds(
    snapshot: &Arc<Snapshot>,
    decoder: &SpaceDecoder,
    recipe: &Recipe,
    limiting: Limiting,
    recording_of: &mut RecordingOf<'_>,
    stop: &StopFlag,
) -> Result<Rendered, RecipeError> {
    let recipe = Recipe {
        span: match recipe.span {
            Span::Once => Span::Loop,
            span => span,
        },
        ..recipe.clone()
    };
    let row = pieces(snapshot, decoder, &recipe, stop)?;
    let secs = recipe.seconds.filter(|secs| secs.is_finite()).unwrap_or(0.0);
    let secs = secs.clamp(0.0, MAX_SECS);
    let (mut rendered, round_len) = voiced(decoder, &recipe, &row, Extent::Rounds(secs), recording_of, stop)?;
    if limiting == Limiting::AsLive {
        limit(&mut rendered, &recipe, stop)?;
    }
    let len = rounds_len(secs, round_len, rendered.sample_rate_hz);
    Ok(Rendered {
        samples: seam::closed(rendered.samples, usize::from(rendered.channels), len),
        loops: true,
        ..rendered
    })
}

/// The limiter of the live engine, or what recipes of its time had instead.
fn limit(rendered: &mut Rendered, recipe: &Recipe, stop: &StopFlag) -> Result<(), RecipeError> {
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
    go_on(stop)
}

fn frames_of(row: &[Piece]) -> usize {
    let paced = |piece: &Piece| (piece.frames.levels.len() as f32 / piece.timing.pace).round() as usize;
    row.iter().map(paced).sum()
}

/// `extent` of `row`, and the samples that one round of it takes.
fn voiced(
    decoder: &SpaceDecoder,
    recipe: &Recipe,
    row: &[Piece],
    extent: Extent,
    recording_of: &mut RecordingOf<'_>,
    stop: &StopFlag,
) -> Result<(Rendered, usize), RecipeError> {
    if recipe.detail > 0.0
        && row.iter().any(|piece| piece.steering.is_some())
        && let Some(steered) = steered(decoder, recipe, row, extent, recording_of, stop)
    {
        go_on(stop)?;
        return Ok(steered);
    }
    let config = decoder.config();
    let round_len = frames_of(row) * config.hop_len;
    let len = extent.samples(round_len, config.sample_rate_hz);
    let frames = match extent {
        Extent::Seconds(secs) => (secs * config.frame_rate_hz()).ceil() as usize,
        Extent::Rounds(_) => len.div_ceil(config.hop_len),
    };
    let mut track = DecodedFrames::empty(config.bands);
    for piece in row {
        let frames = piece.frames.at_pace(piece.timing.pace);
        track.append(&frames, 0, frames.levels.len());
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
    let rendered = Rendered {
        samples,
        channels: 1,
        sample_rate_hz: config.sample_rate_hz,
        loops: false,
    };
    Ok((rendered, round_len))
}

/// The same in stereo as the engine plays it; `None` where the engine would play samples of a codec.
fn steered(
    decoder: &SpaceDecoder,
    recipe: &Recipe,
    row: &[Piece],
    extent: Extent,
    recording_of: &mut RecordingOf<'_>,
    stop: &StopFlag,
) -> Option<(Rendered, usize)> {
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
            timing: piece.timing,
            steering: piece.steering.clone(),
            ..DecodedChunk::of(audio_of(piece))
        })
    });
    let published: Vec<_> = published.collect();
    let axis = BandAxis::standard();
    let levels_of = |chunk: &Arc<DecodedChunk>| match &chunk.audio {
        ChunkAudio::Spectral { log_amplitude, .. } => (log_amplitude.len() as f32 / chunk.timing.pace).round() as usize,
        ChunkAudio::Pcm { .. } => 0,
    };
    let round_len = published.iter().map(levels_of).sum::<usize>() * axis.hop_len();
    let sample_rate_hz = axis.sample_rate_hz();
    let len = extent.samples(round_len, sample_rate_hz);
    let is_once = match extent {
        Extent::Seconds(secs) => {
            let frames = (secs * decoder.config().frame_rate_hz()).ceil() as usize;
            recipe.span == Span::Once && frames <= frames_of(row)
        }
        Extent::Rounds(_) => false,
    };
    let playback = Playback {
        mode: if is_once { Mode::OneShot } else { Mode::Loop },
        speed: 1.0,
        volume: 1.0,
        texture: recipe.texture,
        detail: recipe.detail,
        ..Playback::default()
    };
    let samples = voice_row(&published, playback, recipe.seed, len, recording_of, stop)?;
    let rendered = Rendered {
        samples: samples.into_iter().flatten().collect(),
        channels: 2,
        sample_rate_hz,
        loops: false,
    };
    Some((rendered, round_len))
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
