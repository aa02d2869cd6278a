//! What the trainer reads: labelled clips as standardised chunks, drawn at random or on a fixed grid.

use crate::codec::BandStats;
use crate::corpus::{FrameStore, VaTrack};
use crate::model::{ModelConfig, condition_tensor};
use crate::space::LatentTable;
use crate::values::{ClipId, Condition, Frames};
use burn::tensor::{Device, Tensor, TensorData};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use std::path::PathBuf;
use std::sync::Arc;

/// Clips on disk that are sample enough of a corpus.
const LEAST_KEPT: usize = 200;

/// Frames of clips by position, from a cache on disk or from memory.
pub trait FrameSource: Send + Sync {
    /// Frames of `clip`.
    fn frame_count(&self, clip: usize) -> usize;

    /// Frames `start..start + count` of `clip`, as codec values (not standardised).
    ///
    /// # Errors
    /// When the cache can no longer be read.
    fn read(&self, clip: usize, start: usize, count: usize) -> std::io::Result<Frames>;

    /// Whether the frames of `clip` are at hand at any time; others take as long as decoding the clip.
    fn is_kept(&self, _clip: usize) -> bool {
        true
    }

    /// Where something large may lie for a while; none where everything is to stay in memory.
    fn spill_folder(&self) -> Option<PathBuf> {
        None
    }

    /// Told once which clips random crops will be asked of.
    fn invite(&self, _clips: &[usize]) {}

    /// The clip that is read in place of `clip`, which was drawn by chance, where its frames are not at hand; `draw` is
    /// another draw.
    fn at_hand(&self, clip: usize, _draw: u64) -> usize {
        clip
    }
}

/// One clip as the trainer sees it.
#[derive(Clone, Debug)]
pub struct TrainingClip {
    /// For the whole clip; unknown parts stay unknown.
    pub labels: Condition,
    /// Annotations finer than the clip, where there are any.
    pub emotion_track: Option<VaTrack>,
    /// Kept out of training and used to validate.
    pub held_out: bool,
}

impl TrainingClip {
    /// The labels that hold from `start_secs` for `len_secs`.
    pub fn labels_over(&self, start_secs: f32, len_secs: f32) -> Condition {
        let mut labels = self.labels.clone();
        if let Some(track) = &self.emotion_track {
            let (valence, arousal) = track.mean(start_secs, start_secs + len_secs);
            labels.valence = valence.or(labels.valence);
            labels.arousal = arousal.or(labels.arousal);
        }
        labels
    }
}

/// A place in the corpus: one chunk of one clip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChunkPlace {
    /// Index into [`TrainingSet::clips`].
    pub clip: usize,
    /// First frame, counted from the clip's beginning.
    pub start_frame: usize,
}

/// A corpus ready to train on.
#[derive(Clone)]
pub struct TrainingSet {
    /// Sizes of frames, chunks and latents.
    pub config: ModelConfig,
    /// What chunks are standardised with.
    pub stats: BandStats,
    /// In the order in which `source` counts them.
    pub clips: Vec<TrainingClip>,
    /// Where frames are read from, not yet standardised.
    pub source: Arc<dyn FrameSource>,
}

impl TrainingSet {
    /// The fixed grid of chunks: end to end, the last one flush with the clip's end when half a chunk or more is left.
    pub fn grid(&self, clip: usize) -> Vec<ChunkPlace> {
        let (frames, len) = (self.source.frame_count(clip), self.config.chunk_frames);
        let mut starts: Vec<usize> = (0..frames / len).map(|i| i * len).collect();
        let rest = frames % len;
        if starts.is_empty() {
            starts.push(0);
        } else if rest >= len / 2 {
            starts.push(frames - len);
        }
        starts
            .into_iter()
            .map(|start_frame| ChunkPlace { clip, start_frame })
            .collect()
    }

    /// Indices of clips that are (not) held out.
    pub fn clips_where(&self, held_out: bool) -> Vec<usize> {
        (0..self.clips.len())
            .filter(|clip| self.clips[*clip].held_out == held_out)
            .collect()
    }

    /// A chunk at a random place of a training clip, every frame equally likely.
    pub fn random_place(&self, clips: &WeightedClips, rng: &mut ChaCha8Rng) -> ChunkPlace {
        let clip = clips.pick(rng);
        let clip = match self.source.is_kept(clip) {
            true => clip,
            false => self.source.at_hand(clip, rng.random()),
        };
        let room = self.source.frame_count(clip).saturating_sub(self.config.chunk_frames);
        ChunkPlace {
            clip,
            start_frame: rng.random_range(0..=room),
        }
    }

    /// Of `clips` those whose frames are at hand at any time, or all where hardly any are: what is to be looked at in samples is
    /// sampled from them.
    pub fn kept_of(&self, clips: Vec<usize>) -> Vec<usize> {
        let kept: Vec<usize> = clips
            .iter()
            .copied()
            .filter(|clip| self.source.is_kept(*clip))
            .collect();
        if kept.len() >= LEAST_KEPT.min(clips.len()) {
            kept
        } else {
            clips
        }
    }

    /// The standardised frames of a chunk; silence where the clip is shorter.
    ///
    /// # Errors
    /// When the frame cache cannot be read.
    pub fn chunk(&self, place: ChunkPlace) -> std::io::Result<Frames> {
        self.frames(place, self.config.chunk_frames)
    }

    /// Chunks on `device`: standardised frames `[places, frames, bands]`, and condition vectors `[places, condition]`.
    ///
    /// # Errors
    /// When the frame cache cannot be read.
    pub fn tensors(&self, places: &[ChunkPlace], device: &Device) -> std::io::Result<(Tensor<3>, Tensor<2>)> {
        let config = &self.config;
        let mut values = Vec::with_capacity(places.len() * config.chunk_frames * config.bands);
        let mut labels = Vec::with_capacity(places.len());
        for place in places {
            values.extend_from_slice(self.chunk(*place)?.as_slice());
            labels.push(self.labels(*place));
        }
        let frames = TensorData::new(values, [places.len(), config.chunk_frames, config.bands]);
        Ok((
            Tensor::from_data(frames, device),
            condition_tensor(&labels, config, device),
        ))
    }

    /// A table for latents of this set, none in it yet; what is long lies beside the frames.
    pub fn empty_latents(&self) -> LatentTable {
        let config = &self.config;
        LatentTable::new(config.global_dims, config.local_dims, config.local_steps())
            .spilling_into(self.source.spill_folder().as_deref())
    }

    /// `len` standardised frames from `place` on; silence where the clip is shorter.
    ///
    /// # Errors
    /// When the frame cache cannot be read.
    pub fn frames(&self, place: ChunkPlace, len: usize) -> std::io::Result<Frames> {
        let bands = self.config.bands;
        let have = self
            .source
            .frame_count(place.clip)
            .saturating_sub(place.start_frame)
            .min(len);
        let mut frames = self.source.read(place.clip, place.start_frame, have)?;
        if have < len {
            let quietest = frames.as_slice().iter().copied().fold(f32::INFINITY, f32::min);
            let silence = if have == 0 {
                self.stats.mean.clone()
            } else {
                vec![quietest; bands]
            };
            let mut padded = if have == 0 { Frames::zeros(0, bands) } else { frames };
            (have..len).for_each(|_| padded.push_row(&silence));
            frames = padded;
        }
        self.stats.standardise(&mut frames);
        Ok(frames)
    }

    /// The labels over a chunk.
    pub fn labels(&self, place: ChunkPlace) -> Condition {
        let start_secs = place.start_frame as f32 / self.config.frame_rate_hz();
        self.clips[place.clip].labels_over(start_secs, self.config.chunk_secs())
    }
}

/// Training clips with probabilities in proportion to their length.
pub struct WeightedClips {
    clips: Vec<usize>,
    cumulative: Vec<u64>,
}

impl WeightedClips {
    /// The clips of `set` that are not held out; `None` when there is none.
    pub fn training(set: &TrainingSet) -> Option<Self> {
        let clips = set.clips_where(false);
        set.source.invite(&clips);
        let mut total = 0;
        let cumulative = clips
            .iter()
            .map(|clip| {
                total += set.source.frame_count(*clip).max(1) as u64;
                total
            })
            .collect();
        (!clips.is_empty()).then_some(Self { clips, cumulative })
    }

    fn pick(&self, rng: &mut ChaCha8Rng) -> usize {
        let total = self.cumulative.last().copied().unwrap_or(1);
        let drawn = rng.random_range(0..total);
        self.clips[self.cumulative.partition_point(|end| *end <= drawn)]
    }
}

impl FrameSource for FrameStore {
    fn frame_count(&self, clip: usize) -> usize {
        self.clip_frames(ClipId(clip as u32))
    }

    fn read(&self, clip: usize, start: usize, count: usize) -> std::io::Result<Frames> {
        let mut frames = Frames::zeros(count, self.bands());
        if count > 0 {
            Self::read(self, ClipId(clip as u32), start, count, &mut frames)?;
        }
        Ok(frames)
    }

    fn is_kept(&self, clip: usize) -> bool {
        Self::is_kept(self, ClipId(clip as u32))
    }

    fn spill_folder(&self) -> Option<PathBuf> {
        Some(self.folder().to_path_buf())
    }

    fn invite(&self, clips: &[usize]) {
        Self::invite(self, clips);
    }

    fn at_hand(&self, clip: usize, draw: u64) -> usize {
        Self::at_hand(self, clip, draw)
    }
}
