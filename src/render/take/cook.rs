//! A take's score to samples: every sound decoded again from its order, every recording read again.

use super::act::Act;
use super::error::TakeError;
use super::file::Take;
use super::line::Trim;
use crate::audio::{Detail, RecordingOf, SoundedPart, TakeMaterial, TakePlayer};
use crate::decode::{DecodeError, OwnLevels, SpaceDecoder};
use crate::render::Rendered;
use crate::space::Snapshot;
use crate::sync::StopFlag;
use crate::values::{ChunkAudio, ChunkId, DecodedChunk, Recording, RecordingKey};
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Instant;

/// Brings the original that some chunks, one after the other, are compared with.
pub type OriginalOf<'a> = dyn FnMut(&[ChunkId]) -> Option<Arc<ChunkAudio>> + 'a;

/// How a take is rendered.
pub struct TakeRender<'a> {
    /// Which recordings are heard.
    pub detail: Detail,
    /// Instead of the take's own.
    pub trim: Option<Trim>,
    /// Brings recordings; each is asked for once, shortly before it may sound, and again where that was long ago.
    pub recording_of: &'a mut RecordingOf<'a>,
    /// Brings originals.
    pub original_of: &'a mut OriginalOf<'a>,
}

/// Renders `take` with `decoder`, which must hold `snapshot`: what the live engine handed to a device of its own rate while it
/// was played, from where its voices had no past on. Equal takes are equal samples on a CPU.
///
/// # Errors
/// When it was played with another space, nothing of it is meant, or the device fails; [`TakeError::Stopped`] soon after `stop`
/// is set.
pub fn render_take(
    snapshot: &Snapshot,
    decoder: &SpaceDecoder,
    take: &Take,
    how: TakeRender<'_>,
    stop: &StopFlag,
) -> Result<Rendered, TakeError> {
    take.check(snapshot)?;
    let range = take.range(how.trim)?;
    let compared = take.acts.iter().filter_map(|act| match &act.act {
        Act::Compared(row) => Some(row.iter().copied().map(ChunkId).collect()),
        _ => None,
    });
    let mut material = Material {
        decoder,
        own_levels: OwnLevels::default(),
        recording_of: how.recording_of,
        original_of: how.original_of,
        compared: compared.collect(),
        problem: None,
        stop,
    };
    let score = &take.score;
    let mut player = TakePlayer::new(&score.opening, score.calls.clone(), how.detail, &mut material);
    let mut samples: Vec<f32> = Vec::with_capacity(2 * range.len());
    let mut done = 0;
    for note in &score.notes {
        player.play(note, &mut material);
        if let Some(problem) = material.problem.take() {
            return Err(problem.into());
        }
        if stop.is_stopped() {
            return Err(TakeError::Stopped);
        }
        for frame in player.take() {
            if range.contains(&done) {
                samples.extend(frame);
            }
            done += 1;
        }
        if done >= range.end {
            break;
        }
    }
    samples.resize(2 * range.len(), 0.0);
    Ok(Rendered {
        samples,
        channels: 2,
        sample_rate_hz: take.header.rate_hz,
        loops: false,
    })
}

/// The space's sounds and recordings, made again.
struct Material<'a> {
    decoder: &'a SpaceDecoder,
    own_levels: OwnLevels,
    recording_of: &'a mut RecordingOf<'a>,
    original_of: &'a mut OriginalOf<'a>,
    compared: VecDeque<Vec<ChunkId>>,
    problem: Option<DecodeError>,
    stop: &'a StopFlag,
}

impl Material<'_> {
    fn decoded(&mut self, part: &SoundedPart) -> Result<Option<DecodedChunk>, DecodeError> {
        let Some(order) = &part.order else { return Ok(None) };
        let (decoder, levels) = (self.decoder, &mut self.own_levels);
        let (frames, steering) = decoder.decode_steered(&order.part, order.strength, order.context, levels)?;
        let mut audio = decoder.audio(frames, order.context);
        let raise = decoder.raise_audio(&mut audio, order.part.loudness);
        let steering = match steering {
            None if part.is_steered => decoder.steer_samples(&order.part, (&audio, raise), order.context, levels)?,
            steering => steering,
        };
        Ok(Some(DecodedChunk {
            made_of: Some(Arc::clone(order)),
            generation: 0,
            asked_at: Instant::now(),
            decode_secs: 0.0,
            audio,
            steering,
            timing: order.part.timing,
            course: part.course,
        }))
    }
}

impl TakeMaterial for Material<'_> {
    fn chunk(&mut self, part: &SoundedPart) -> Option<DecodedChunk> {
        if self.problem.is_some() || self.stop.is_stopped() {
            return None;
        }
        match self.decoded(part) {
            Ok(chunk) => chunk,
            Err(problem) => {
                self.problem = Some(problem);
                None
            }
        }
    }

    fn recording(&mut self, key: &RecordingKey) -> Option<Arc<Recording>> {
        (self.recording_of)(key)
    }

    fn original(&mut self) -> Option<Arc<ChunkAudio>> {
        let row = self.compared.pop_front()?;
        (self.original_of)(&row)
    }
}
