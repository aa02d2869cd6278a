//! What makes of a recording the sound that is decoded: the difference of two decodes.
//!
//! One is the sound that is wanted, the other the recorded chunk by its own latent under its own labels. Where both are the
//! same there is nothing to decode twice and nothing to filter.

use super::decoded_frames::DecodedFrames;
use super::space_decoder::{DecodeError, SpaceDecoder};
use crate::codec::SpectralCodec;
use crate::dsp::{BandAxis, GAIN_LIMIT, resample};
use crate::model::CodecKind;
use crate::values::{
    Anchor, ChunkAudio, DecodePart, Frames, LoopContext, Recording, RecordingKey, SteeredLoudness, Steering,
};
use std::collections::VecDeque;
use std::sync::Arc;

/// Recorded chunks whose decoded levels are kept: .5 MB each. A drag crosses a few over and over again.
const KEPT: usize = 24;

/// Levels of recorded chunks decoded lately, by one decoder.
#[derive(Default)]
pub struct OwnLevels {
    /// The newest at the end.
    kept: VecDeque<(OwnKey, Arc<Frames>)>,
}

/// Equal keys are decoded to equal levels.
#[derive(Clone, PartialEq)]
struct OwnKey {
    recording: RecordingKey,
    context: LoopContext,
    skip_frames: usize,
    keep_frames: Option<usize>,
    neighbours: (usize, usize),
}

impl OwnKey {
    fn of(part: &DecodePart, anchor: &Anchor, context: LoopContext) -> Self {
        Self {
            recording: anchor.recording.clone(),
            context,
            skip_frames: part.skip_frames,
            keep_frames: part.keep_frames,
            neighbours: (part.before.len(), part.after.len()),
        }
    }
}

impl OwnLevels {
    fn get(&mut self, key: &OwnKey) -> Option<Arc<Frames>> {
        let index = self.kept.iter().position(|(known, _)| known == key)?;
        let found = self.kept.remove(index)?;
        let levels = Arc::clone(&found.1);
        self.kept.push_back(found);
        Some(levels)
    }

    fn keep(&mut self, key: OwnKey, levels: Frames) -> Arc<Frames> {
        if self.kept.len() == KEPT {
            self.kept.pop_front();
        }
        let levels = Arc::new(levels);
        self.kept.push_back((key, Arc::clone(&levels)));
        levels
    }
}

impl SpaceDecoder {
    /// [`decode_part`](Self::decode_part), and how the recording of its anchor becomes that sound; `None` where nothing was
    /// recorded or the codec has no band levels to compare.
    ///
    /// # Errors
    /// As [`decode_part`](Self::decode_part).
    pub fn decode_steered(
        &self,
        part: &DecodePart,
        strength: f32,
        context: LoopContext,
        own_levels: &mut OwnLevels,
    ) -> Result<(DecodedFrames, Option<Steering>), DecodeError> {
        let anchor = match &part.anchor {
            Some(anchor) if self.config().codec == CodecKind::Spectral => anchor,
            _ => {
                let mut sound = self.decode_part(part, strength, context)?;
                self.bring_to_loudness(&mut sound.levels, part, None);
                return Ok((sound, None));
            }
        };
        let skip_samples = part.skip_frames * self.config().hop_len;
        let steering = |gain: Option<Frames>| Steering {
            recording: anchor.recording.clone(),
            skip_samples,
            loudness: steered_loudness(part, gain.as_ref(), skip_samples, self.config().hop_len),
            gain,
            levels: None,
        };
        let own = own_part(part, anchor);
        if *part == own {
            let mut sound = self.decode_part(part, strength, context)?;
            self.bring_to_loudness(&mut sound.levels, part, None);
            return Ok((sound, Some(steering(None))));
        }
        let key = OwnKey::of(part, anchor, context);
        let (mut wanted, own) = match own_levels.get(&key) {
            Some(own) => (self.decode_part(part, strength, context)?, own),
            None => {
                let [wanted, own] = self.decode_pair([(part, strength), (&own, 1.0)], context)?;
                (wanted, own_levels.keep(key, own.levels))
            }
        };
        let gain = difference(&wanted.levels, &own);
        self.bring_to_loudness(&mut wanted.levels, part, Some(&own));
        Ok((wanted, Some(steering(Some(gain)))))
    }
}

impl SpaceDecoder {
    /// How the recording of the anchor of `part` becomes the samples `audio` that were decoded of it and raised by `raise` nats:
    /// by the band levels that both decoded waveforms turn out to have. `None` where nothing was recorded or `audio` has levels
    /// of its own.
    ///
    /// # Errors
    /// As [`decode_part`](Self::decode_part).
    pub fn steer_samples(
        &self,
        part: &DecodePart,
        (audio, raise): (&ChunkAudio, f32),
        context: LoopContext,
        own_levels: &mut OwnLevels,
    ) -> Result<Option<Steering>, DecodeError> {
        let (Some(anchor), Some(levels)) = (&part.anchor, levels_heard(audio)) else {
            return Ok(None);
        };
        let own = own_part(part, anchor);
        let gain = if *part == own {
            None
        } else {
            let key = OwnKey::of(part, anchor, context);
            let recorded = match own_levels.get(&key) {
                Some(recorded) => recorded,
                None => {
                    let frames = self.decode_part(&own, 1.0, context)?;
                    let heard = levels_heard(&self.audio(frames, context)).unwrap_or_default();
                    own_levels.keep(key, heard)
                }
            };
            let mut as_decoded = levels.clone();
            as_decoded.as_mut_slice().iter_mut().for_each(|level| *level -= raise);
            Some(difference(&as_decoded, &recorded))
        };
        let (config, axis) = (self.config(), BandAxis::standard());
        let skipped_secs = part.skip_frames as f32 / config.frame_rate_hz();
        let skip_samples = (skipped_secs * axis.sample_rate_hz() as f32) as usize;
        Ok(Some(Steering {
            recording: anchor.recording.clone(),
            skip_samples,
            loudness: steered_loudness(part, gain.as_ref(), skip_samples, axis.hop_len()),
            gain,
            levels: Some(Arc::new(ChunkAudio::Spectral {
                texture: Frames::zeros(levels.len(), levels.width()),
                log_amplitude: levels,
            })),
        }))
    }
}

/// What tells how loud the recording of `part` is behind `gain`, whose frames are `hop_len` samples apart.
fn steered_loudness(
    part: &DecodePart,
    gain: Option<&Frames>,
    skip_samples: usize,
    hop_len: usize,
) -> Option<SteeredLoudness> {
    let every = (Recording::POWER_STRIDE / hop_len).max(1);
    let thinned = |gain: &Frames| {
        let rows = gain.rows().step_by(every).flatten().copied();
        Arc::new(Frames::from_vec(gain.width(), rows.collect()))
    };
    part.loudness.map(|rule| SteeredLoudness {
        rule,
        first_row: skip_samples / Recording::POWER_STRIDE,
        gain: gain.map(thinned),
    })
}

/// The band levels of mono samples, on the player's axis.
fn levels_heard(audio: &ChunkAudio) -> Option<Frames> {
    let ChunkAudio::Pcm {
        samples,
        channels: 1,
        sample_rate_hz,
    } = audio
    else {
        return None;
    };
    let axis = BandAxis::standard();
    let samples = resample(samples, *sample_rate_hz, axis.sample_rate_hz()).ok()?;
    Some(SpectralCodec::new(axis).analyse(&samples))
}

/// `part` as it was recorded.
fn own_part(part: &DecodePart, anchor: &Anchor) -> DecodePart {
    let mut own = part.clone();
    own.latent.global.clone_from(&anchor.global);
    own.condition.clone_from(&anchor.labels);
    own.base.clone_from(&anchor.labels);
    own
}

/// `wanted` less `own` in nats, as far as a filter may go; where one of them is no number nothing is filtered.
fn difference(wanted: &Frames, own: &Frames) -> Frames {
    let mut gain = wanted.clone();
    for (gain, own) in gain.as_mut_slice().iter_mut().zip(own.as_slice()) {
        let difference = *gain - own;
        *gain = if difference.is_nan() {
            0.0
        } else {
            difference.clamp(-GAIN_LIMIT, GAIN_LIMIT)
        };
    }
    gain
}
