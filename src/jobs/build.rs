//! Puts one version of a space together: corpus tables, latents of a network, layouts, hash.

use super::JobError;
use super::map::{all_layouts, quick_layouts};
use super::sink::{Control, JobEvent, JobSink, JobStage};
use crate::atlas::spread_over_labels;
use crate::corpus::{Corpus, CorpusClip, shown, source_name};
use crate::decode::with_stats;
use crate::model::{Network, Weights};
use crate::space::{Chunk, Clip, CodecWeights, Kept, LatentTable, Snapshot, SpaceMeta};
use crate::train::{ChunkPlace, TrainOptions, TrainingSet, encode_chunks, refine_latents, refinement_steps};
use crate::values::{ClipId, Condition};
use burn::tensor::Device;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What stays the same between snapshots of one training.
pub struct SpaceBuilder<'a> {
    set: &'a TrainingSet,
    options: TrainOptions,
    places: Vec<ChunkPlace>,
    clips: Vec<Clip>,
    chunks: Vec<Chunk>,
    genres: Vec<String>,
    root: String,
    source: PathBuf,
    codec_weights: Option<CodecWeights>,
}

impl<'a> SpaceBuilder<'a> {
    pub fn new(
        corpus: &Corpus,
        set: &'a TrainingSet,
        options: &TrainOptions,
        source: &Path,
        codec_weights: Option<CodecWeights>,
    ) -> Self {
        let places = mapped_places(set, options.map_points);
        let clips = corpus
            .clips
            .iter()
            .zip(&set.clips)
            .map(|(clip, training)| clip_row(clip, training.held_out))
            .collect();
        let chunks = places.iter().map(|place| chunk_row(set, *place)).collect();
        let root = std::path::absolute(&corpus.root).unwrap_or_else(|_| corpus.root.clone());
        Self {
            set,
            options: options.clone(),
            places,
            clips,
            chunks,
            genres: corpus.genres.clone(),
            root: shown(&root),
            source: source.to_owned(),
            codec_weights,
        }
    }

    /// The space's name: that of the folder (or manifest) it came from.
    pub fn name(&self) -> String {
        source_name(&self.source)
    }

    /// A snapshot with a quick map: PCA, aligned to the map of `before` so that points move and do not jump.
    ///
    /// # Errors
    /// When the frame cache or the device fails; [`JobError::Stopped`] when the job was stopped.
    pub fn build(
        &self,
        network: &Network,
        steps: u64,
        before: Option<&Arc<Snapshot>>,
        device: &Device,
        sink: &mut dyn JobSink,
    ) -> Result<Arc<Snapshot>, JobError> {
        let mut snapshot = self.encode(network, steps, device, sink, &[Control::Stop, Control::Leave])?;
        let layouts_before = before.map(|snapshot| snapshot.layouts.as_slice()).unwrap_or_default();
        (snapshot.layouts, snapshot.clusters) = quick_layouts(&snapshot, layouts_before, sink);
        Ok(Arc::new(snapshot))
    }

    /// A snapshot with every layout and the clusters: the last of a training, which is made after a stop too.
    ///
    /// # Errors
    /// As [`Self::build`]; stopped only when the program is closing.
    pub fn build_with_all_layouts(
        &self,
        network: &Network,
        steps: u64,
        before: &Arc<Snapshot>,
        device: &Device,
        sink: &mut dyn JobSink,
    ) -> Result<Snapshot, JobError> {
        let snapshot = self.encode(network, steps, device, sink, &[Control::Leave])?;
        let snapshot = self.refined(snapshot, network, device, sink)?;
        self.with_all_layouts(snapshot, before, sink)
    }

    /// `snapshot`, which `network` has encoded, with every latent brought nearer to its recording. A stop leaves the rest as
    /// it is, and all of it where it came before.
    ///
    /// # Errors
    /// When the frame cache or the device fails; [`JobError::Stopped`] when the program is closing.
    pub fn refined(
        &self,
        mut snapshot: Snapshot,
        network: &Network,
        device: &Device,
        sink: &mut dyn JobSink,
    ) -> Result<Snapshot, JobError> {
        let steps = self
            .options
            .refine
            .unwrap_or_else(|| refinement_steps(self.places.len()));
        let mut wish = sink.control();
        if steps == 0 || wish == Control::Stop {
            return Ok(snapshot);
        }
        let (places, encoded) = (&self.places, &snapshot.latents);
        let refined = refine_latents(self.set, network, places, encoded, steps, device, |done| {
            sink.event(JobEvent::chunks_done(JobStage::Refining, done, places.len()));
            wish = sink.control();
            !matches!(wish, Control::Stop | Control::Leave)
        });
        snapshot.latents = refined?;
        if wish == Control::Leave {
            return Err(JobError::Stopped);
        }
        snapshot.meta.refined_steps = Some(steps);
        snapshot.hash = digest(&snapshot.weights, &snapshot.latents);
        Ok(snapshot)
    }

    /// `snapshot` with every layout and the clusters.
    ///
    /// # Errors
    /// [`JobError::Stopped`] when the program is closing.
    pub fn with_all_layouts(
        &self,
        mut snapshot: Snapshot,
        before: &Snapshot,
        sink: &mut dyn JobSink,
    ) -> Result<Snapshot, JobError> {
        (snapshot.layouts, snapshot.clusters) = all_layouts(&snapshot, &before.layouts, self.options.seed, sink)?;
        Ok(snapshot)
    }

    /// A snapshot without a map. `ends` are the wishes that end it.
    fn encode(
        &self,
        network: &Network,
        steps: u64,
        device: &Device,
        sink: &mut dyn JobSink,
        ends: &[Control],
    ) -> Result<Snapshot, JobError> {
        let latents = encode_chunks(self.set, network, &self.places, device, |done| {
            sink.event(JobEvent::chunks_done(JobStage::Encoding, done, self.places.len()));
            !ends.contains(&sink.control())
        })?;
        if latents.len() < self.places.len() {
            return Err(JobError::Stopped);
        }
        let weights = with_stats(Weights::of_module(network), &self.set.stats);
        Ok(Snapshot {
            hash: digest(&weights, &latents),
            meta: SpaceMeta {
                name: self.name(),
                genres: self.genres.clone(),
                model: self.set.config.clone(),
                seed: self.options.seed,
                trained_steps: steps,
                refined_steps: Some(0),
                corpus_root: self.root.clone(),
                codec_weights: self.codec_weights.clone(),
                figures: BTreeMap::new(),
                kept: Kept::default(),
            },
            clips: self.clips.clone(),
            chunks: self.chunks.clone(),
            latents,
            layouts: Vec::new(),
            clusters: Vec::new(),
            weights: Arc::new(weights),
            embedded_audio: BTreeMap::new(),
        })
    }
}

/// Every chunk of every clip or, when that is more than `most`, of as many whole clips as fit, the genres in turn.
fn mapped_places(set: &TrainingSet, most: Option<usize>) -> Vec<ChunkPlace> {
    let mut room = most.unwrap_or(usize::MAX);
    let mut clips = spread_over_labels(0..set.clips.len(), |clip| &set.clips[clip].labels, usize::MAX);
    clips.retain(|clip| {
        let fits = set.grid(*clip).len() <= room;
        room -= if fits { set.grid(*clip).len() } else { 0 };
        fits
    });
    clips.sort_unstable();
    clips.into_iter().flat_map(|clip| set.grid(clip)).collect()
}

/// A clip as the space's table holds it.
pub(super) fn clip_row(clip: &CorpusClip, held_out: bool) -> Clip {
    Clip {
        path: clip.path.display.clone(),
        title: clip.title.clone(),
        artist: clip.artist.clone(),
        labels: clip.condition(),
        estimated: clip.estimated,
        held_out,
        duration_secs: clip.duration_secs,
        content_hash: clip.content_hash.clone(),
        gain_db: clip.gain_db,
        groove: clip.groove.clone(),
        file_bytes: Some(clip.file_bytes),
        modified_ms: clip.modified_ms,
    }
}

/// A chunk as the space's table holds it: annotated over its own seconds where the annotations are that fine.
pub(super) fn chunk_row(set: &TrainingSet, place: ChunkPlace) -> Chunk {
    let fine = set.clips[place.clip].emotion_track.as_ref().map(|_| set.labels(place));
    let value = |of: fn(&Condition) -> Option<f32>| fine.as_ref().and_then(of).unwrap_or(f32::NAN);
    Chunk {
        clip: ClipId(place.clip as u32),
        start_secs: place.start_frame as f32 / set.config.frame_rate_hz(),
        valence: value(|labels| labels.valence),
        arousal: value(|labels| labels.arousal),
    }
}

/// Hex digest of everything that decides the sound.
pub(super) fn digest(weights: &Weights, latents: &LatentTable) -> String {
    let mut hasher = blake3::Hasher::new();
    for (name, tensor) in &weights.0 {
        hasher.update(name.as_bytes());
        hasher.update(bytemuck::cast_slice(&tensor.values));
    }
    latents.hash_into(&mut hasher);
    hasher.finalize().to_hex()[..32].to_owned()
}
