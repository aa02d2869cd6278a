//! One published version of a space. Everything in it belongs together: a decode never mixes two snapshots.

use super::LatentTable;
use super::kept::Kept;
use super::layout_kind::LayoutKind;
use crate::dsp::BandAxis;
use crate::model::ModelConfig;
use crate::values::{Anchor, ChunkId, ClipId, Condition, DecodePart, Groove, MapPoint, RecordingKey};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

/// A trained (or linear-model) space, immutable and shared behind an `Arc`.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// Hex digest of weights, statistics and latents: equal hash, equal sound on a CPU. Recipes pin it.
    pub hash: String,
    /// Name, sizes and origin, as stored in the file's header.
    pub meta: SpaceMeta,
    /// Indexed by [`ClipId`].
    pub clips: Vec<Clip>,
    /// The points of the map, indexed by [`ChunkId`].
    pub chunks: Vec<Chunk>,
    /// One per chunk, in the same order.
    pub latents: LatentTable,
    /// Two-dimensional layouts of the chunks; at least one (PCA) in a complete space.
    pub layouts: Vec<Layout>,
    /// Cluster of every chunk, or empty.
    pub clusters: Vec<u16>,
    /// The model's named tensors, the linear model's and the band statistics among them.
    pub weights: Arc<crate::model::Weights>,
    /// Compressed recordings carried inside the file (the demo space does), by clip.
    pub embedded_audio: BTreeMap<u32, Arc<[u8]>>,
}

/// What the header of the file says.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SpaceMeta {
    /// The name shown in the window's title.
    pub name: String,
    /// Genre names; every genre mix follows this order.
    pub genres: Vec<String>,
    /// Sizes of the network and of its frames and latents.
    pub model: ModelConfig,
    /// Of the training; it also decides which clips are held out.
    pub seed: u64,
    /// Steps trained after the linear model; 0 = the linear model itself.
    pub trained_steps: u64,
    /// Steps by which each latent was refined against its recording after that; `None` = an older file does not say.
    #[serde(default)]
    pub refined_steps: Option<usize>,
    /// Absolute folder the clips' paths are relative to, as it was at import.
    pub corpus_root: String,
    /// The user's own file behind a neural codec.
    #[serde(default)]
    pub codec_weights: Option<CodecWeights>,
    /// Named figures of the training (validation LSD and so on).
    pub figures: BTreeMap<String, f64>,
    /// What a person has bookmarked and pinned, as it was when the file was written.
    #[serde(default, skip_serializing_if = "Kept::is_empty")]
    pub kept: Kept,
}

/// Weights that are the user's to download and are not part of the space.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodecWeights {
    /// Absolute path at training time.
    pub path: String,
    /// Hex digest of the weights.
    pub hash: String,
}

/// One music file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Clip {
    /// Path relative to the corpus root, with forward slashes.
    pub path: String,
    /// What a person reads: the title tag or the file's stem.
    pub title: String,
    /// From the tags or the dataset; empty when unknown.
    pub artist: String,
    /// Its labels; unknown parts stay unknown.
    pub labels: Condition,
    /// Valence and arousal were estimated from the audio, not given.
    pub estimated: bool,
    /// Kept out of training.
    pub held_out: bool,
    /// As measured on decoding, or as the header says where the file was not decoded.
    pub duration_secs: f32,
    /// Hex digest of the file's bytes.
    pub content_hash: String,
    /// By how many dB the recording was made louder before it was analysed; none in older files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gain_db: Option<f32>,
    /// Size of the file at the import; none in older files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_bytes: Option<u64>,
    /// When the file was written last before the import, in milliseconds since 1970; none in older files, and where the
    /// disk does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modified_ms: Option<i64>,
    /// When it beats and in which key it is; none in older files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub groove: Option<Groove>,
}

/// One map point: `chunk_secs` of a clip.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Chunk {
    /// The recording it is cut from.
    pub clip: ClipId,
    /// From the beginning of the clip.
    pub start_secs: f32,
    /// Labels over the chunk's own seconds, where annotations are that fine; NaN = use the clip's.
    pub valence: f32,
    /// Likewise for arousal; NaN = use the clip's.
    pub arousal: f32,
}

/// The chunks in two dimensions.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Layout {
    /// How the points were computed.
    pub kind: LayoutKind,
    /// One point per chunk.
    pub points: Vec<MapPoint>,
    /// Trustworthiness, continuity and so on, by name.
    pub quality: BTreeMap<String, f64>,
}

impl Snapshot {
    /// The labels that hold over `chunk`.
    pub fn labels(&self, chunk: ChunkId) -> Condition {
        let row = self.chunks[chunk.0 as usize];
        let mut labels = self.clips[row.clip.0 as usize].labels.clone();
        if row.valence.is_finite() {
            labels.valence = Some(row.valence);
        }
        if row.arousal.is_finite() {
            labels.arousal = Some(row.arousal);
        }
        labels
    }

    /// `chunk` as it was recorded, by itself.
    pub fn part(&self, chunk: ChunkId) -> DecodePart {
        let anchor = self.anchor(chunk);
        DecodePart {
            base: anchor.labels.clone(),
            anchor: Some(anchor.clone()),
            ..DecodePart::alone(self.latents.get(chunk), anchor.labels)
        }
    }

    /// What the recording of `chunk` is steered away from.
    pub fn anchor(&self, chunk: ChunkId) -> Anchor {
        Anchor {
            recording: self.recording_key(chunk),
            global: self.latents.get(chunk).global,
            labels: self.labels(chunk),
        }
    }

    /// The stretch of recording that `chunk` was made from, at the player's rate and on the grid of its frames.
    pub fn recording_key(&self, chunk: ChunkId) -> RecordingKey {
        let axis = BandAxis::standard();
        let (rate_hz, hop_len) = (f64::from(axis.sample_rate_hz()), axis.hop_len());
        let hops = |secs: f32| (f64::from(secs) * rate_hz / hop_len as f64).round() as usize;
        let row = self.chunks[chunk.0 as usize];
        RecordingKey {
            clip: self.clips[row.clip.0 as usize].content_hash.as_str().into(),
            start: (hops(row.start_secs) * hop_len) as u64,
            len: hops(self.chunk_secs()) * hop_len,
        }
    }

    /// Every chunk of the clip that `chunk` belongs to, in the order of time from `chunk` on and round to its beginning.
    pub fn song_from(&self, chunk: ChunkId) -> Vec<ChunkId> {
        let Some(here) = self.chunks.get(chunk.0 as usize) else {
            return Vec::new();
        };
        let of_clip = |other: &ChunkId| self.chunks[other.0 as usize].clip == here.clip;
        let start_secs = |other: &ChunkId| self.chunks[other.0 as usize].start_secs;
        let mut song: Vec<ChunkId> = (0..self.chunks.len() as u32).map(ChunkId).filter(of_clip).collect();
        song.sort_by(|a, b| start_secs(a).total_cmp(&start_secs(b)));
        let from = song.iter().position(|other| *other == chunk).unwrap_or(0);
        song.rotate_left(from);
        song
    }

    /// Clips with a point on the map; of a large corpus, others are learned from but not shown.
    pub fn mapped_clips(&self) -> usize {
        let clips: BTreeSet<ClipId> = self.chunks.iter().map(|chunk| chunk.clip).collect();
        clips.len()
    }

    /// The layout of `kind`, or the first there is.
    pub fn layout(&self, kind: LayoutKind) -> Option<&Layout> {
        self.layouts
            .iter()
            .find(|layout| layout.kind == kind)
            .or_else(|| self.layouts.first())
    }

    /// Looks for its codec's weights in `path` from now on: they may lie elsewhere than where it was trained. Whether
    /// they are the right ones is seen when they are loaded.
    pub fn relink_codec(&mut self, path: &Path) {
        if let Some(weights) = &mut self.meta.codec_weights {
            weights.path = path.to_string_lossy().into_owned();
        }
    }

    /// Length of a chunk in seconds.
    pub fn chunk_secs(&self) -> f32 {
        self.meta.model.chunk_secs()
    }
}
