//! What crosses from the decoder to the player.

use crate::values::{Condition, Frames, Latent, LoudnessMatch, RecordingKey};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// How the decoder sees beyond the chunk's ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LoopContext {
    /// The end is followed by the beginning: a seamless loop.
    #[default]
    Circular,
    /// Nothing lies outside: a one-shot.
    Open,
}

/// One chunk to decode: what it is and what sounds before and after it.
#[derive(Clone, Debug, PartialEq)]
pub struct DecodePart {
    /// The chunk's own g and l.
    pub latent: Latent,
    /// Genres and mood to decode it with.
    pub condition: Condition,
    /// What strength scales away from: with a strength of 0 it sounds under these labels, whatever is asked for.
    pub base: Condition,
    /// `[steps x local dims]` of l that the decoder sees before this chunk's own; empty where nothing sounds before it.
    pub before: Frames,
    /// The same behind it.
    pub after: Frames,
    /// Frames at its beginning that the part before it has played already: a clip's last chunk may overlap the one before.
    pub skip_frames: usize,
    /// Frames after those that are heard; `None` = all there are.
    pub keep_frames: Option<usize>,
    /// How its recording fits what sounded before.
    pub timing: Timing,
    /// It does not go on where the part before it ended: there they fade into each other.
    pub is_jump: bool,
    /// The chunk whose events these are, as it was recorded; `None` for a draw, which was never recorded.
    pub anchor: Option<Anchor>,
    /// How loud it is to be; `None` = as it comes.
    pub loudness: Option<LoudnessMatch>,
}

/// A chunk as it was recorded: what its recording is steered away from.
#[derive(Clone, Debug, PartialEq)]
pub struct Anchor {
    /// Where its recording is.
    pub recording: RecordingKey,
    /// Its own g.
    pub global: Vec<f32>,
    /// Its own labels.
    pub labels: Condition,
}

impl DecodePart {
    /// A chunk that sounds by itself.
    pub fn alone(latent: Latent, condition: Condition) -> Self {
        let nothing = Frames::zeros(0, latent.local.width());
        Self {
            before: nothing.clone(),
            after: nothing,
            skip_frames: 0,
            keep_frames: None,
            timing: Timing::default(),
            is_jump: false,
            anchor: None,
            loudness: None,
            base: Condition::unknown(condition.genre.len()),
            latent,
            condition,
        }
    }
}

/// "Decode this now"; a newer request replaces an older one that has not begun.
#[derive(Clone, Debug)]
pub struct DecodeRequest {
    /// Rises with every request of a session; comes back in the result.
    pub generation: u64,
    /// When the gesture happened, for the latency meter.
    pub asked_at: std::time::Instant,
    /// One chunk, or the chunks of a song in the order they sound; never empty.
    pub row: Vec<DecodePart>,
    /// 0 = each part's base, 1 = its condition as learned, more = exaggerated.
    pub strength: f32,
    /// For the outer ends of each part, beyond its `before` and `after`.
    pub context: LoopContext,
    /// Where the row goes on without end: the number of its first part. `None` for a row that is whole.
    pub first_number: Option<u64>,
}

impl DecodeRequest {
    /// Asks now for one chunk in a loop, its labels at the strength they were trained with.
    pub fn looping(generation: u64, part: DecodePart) -> Self {
        Self {
            generation,
            asked_at: std::time::Instant::now(),
            row: vec![part],
            strength: 1.0,
            context: LoopContext::Circular,
            first_number: None,
        }
    }
}

/// What one chunk was decoded from: equal orders are decoded to equal sounds on a CPU.
#[derive(Clone, Debug, PartialEq)]
pub struct DecodeOrder {
    /// The chunk and what sounds around it.
    pub part: DecodePart,
    /// As in [`DecodeRequest`].
    pub strength: f32,
    /// For the part's outer ends, beyond its `before` and `after`.
    pub context: LoopContext,
}

/// A decoded chunk on its way to the player.
#[derive(Clone, Debug)]
pub struct DecodedChunk {
    /// Makes it again, for the score of a take; `None` for what was not asked for with a [`DecodeRequest`].
    pub made_of: Option<Arc<DecodeOrder>>,
    /// That of the request it answers.
    pub generation: u64,
    /// When the gesture behind the request happened, for the latency meter.
    pub asked_at: std::time::Instant,
    /// Seconds the decoder worked.
    pub decode_secs: f32,
    /// Its sound, for voicing frame by frame or for playing as it is.
    pub audio: ChunkAudio,
    /// What makes the same sound of a recording; `None` where there is none to begin with.
    pub steering: Option<Steering>,
    /// How fast it is played, and when it beats.
    pub timing: Timing,
    /// Its place in a row that goes on without end; `None` elsewhere.
    pub course: Option<Course>,
}

impl DecodedChunk {
    /// `audio` as it is, from now, as the answer to no request.
    pub fn of(audio: ChunkAudio) -> Self {
        Self {
            made_of: None,
            generation: 0,
            asked_at: std::time::Instant::now(),
            decode_secs: 0.0,
            audio,
            steering: None,
            timing: Timing::default(),
            course: None,
        }
    }
}

/// How what sounds fits the beat of what sounded before.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Timing {
    /// Factor on the speed; 1 = as recorded.
    pub pace: f32,
    /// When it beats, where it takes over from another recording, or another from it, at a beat; `None` = at once.
    pub beats: Option<BeatGrid>,
    /// When it beats, where it is to follow a master clock.
    pub grid: Option<BeatGrid>,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            pace: 1.0,
            beats: None,
            grid: None,
        }
    }
}

/// Beats that are equally far apart, in frames of the player's band axis.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct BeatGrid {
    /// One of them.
    pub first: f32,
    /// From one to the next, above 0.
    pub period: f32,
}

/// Where a chunk stands in a row that goes on without end. Such a row grows at its end while its beginning is let go of.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Course {
    /// Counted through; a row of a newer request goes on at the same moment of the part that has the same number.
    pub number: u64,
    /// It does not go on where the one before it ended.
    pub is_jump: bool,
}

/// How a recording becomes the sound that was decoded.
#[derive(Clone, Debug, PartialEq)]
pub struct Steering {
    /// The recording of the chunk whose events sound.
    pub recording: RecordingKey,
    /// Samples of the recording's stretch before the first frame.
    pub skip_samples: usize,
    /// `[frames x bands]` of a filter in nats: the decoded levels less those of the chunk as it was recorded. `None` where these
    /// are the same, so that the recording sounds as it is.
    pub gain: Option<Frames>,
    /// How loud the filtered recording is to be; `None` = as it comes.
    pub loudness: Option<SteeredLoudness>,
    /// `[frames x bands]` levels of the decoded sound in nats, on the player's axis, where `audio` is samples: what is mixed with
    /// the recording's.
    pub levels: Option<Arc<ChunkAudio>>,
}

/// How loud a filtered recording is to be, and what is needed to tell how loud it would be by itself.
#[derive(Clone, Debug, PartialEq)]
pub struct SteeredLoudness {
    /// What it is brought to.
    pub rule: LoudnessMatch,
    /// Row of the recording's [`band_power`](crate::values::Recording::band_power) that the first of `gain` goes with.
    pub first_row: usize,
    /// `[rows x bands]` of the whole chunk's filter in nats, one for each row of that power; `None` where nothing is filtered.
    pub gain: Option<Arc<Frames>>,
}

/// A chunk's sound, as its codec delivers it.
#[derive(Clone, Debug, PartialEq)]
pub enum ChunkAudio {
    /// Spectral codec: to be voiced frame by frame at any speed.
    Spectral {
        /// `[frames x bands]` natural-log amplitude (0 = full-scale sine), NOT standardised.
        log_amplitude: Frames,
        /// `[frames x bands]` texture depth in nats (standard deviation of the level that regression smoothed away).
        texture: Frames,
    },
    /// Waveform codecs and original recordings.
    Pcm {
        /// Interleaved where there are two channels: left, right, left, right.
        samples: Vec<f32>,
        /// 1 or 2.
        channels: usize,
        /// Of `samples`; need not be the sound card's.
        sample_rate_hz: u32,
    },
}
