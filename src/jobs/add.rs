//! New clips in a space that is there: encoded by its own network, placed on its own map; no old point moves.
//!
//! Runs on the caller's thread like a training job, with the same events and the same stop. The space itself is never
//! changed: a grown copy comes back, and saving it is the caller's.

use super::build::{chunk_row, clip_row, digest};
use super::prepare::{open_analyser, training_clip};
use super::sink::{ImportRelay, JobEvent, JobSink, JobStage};
use super::{AddReport, JobError, JobFolders};
use crate::atlas::{AtlasError, FeatureWeights, Features, place};
use crate::corpus::{
    self, Changes, Corpus, CorpusClip, CorpusError, FillOptions, Filled, FrameCache, ImportOptions, KnownFile,
    Progress, find_shown, shown,
};
use crate::decode::SpaceDecoder;
use crate::space::Snapshot;
use crate::train::{ChunkPlace, TrainingSet, encode_chunks, refine_latents, refinement_steps};
use crate::values::MapPoint;
use burn::tensor::Device;
use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A space, and the music that is to join it.
pub struct Addition<'a> {
    /// Stays as it is; the clips are added to a copy.
    pub space: &'a Snapshot,
    /// A folder (the space's own, grown since, or any other), a dataset or a manifest.
    pub source: &'a Path,
    /// How to read the source. The space's genre names are added to those given here.
    pub options: ImportOptions,
    /// Encodes the new clips.
    pub device: &'a Device,
    /// Only the cache is used.
    pub folders: &'a JobFolders,
}

impl Addition<'_> {
    /// The grown space and what was found. The space comes back as it was where nothing is new and nothing has moved.
    ///
    /// # Errors
    /// When the source holds no music, the weights do not fit, or the disk or the device fails.
    pub fn run(&self, sink: &mut dyn JobSink) -> Result<(Arc<Snapshot>, AddReport), JobError> {
        let relay = ImportRelay::new(sink);
        let root = PathBuf::from(&self.space.meta.corpus_root);
        let mut corpus = corpus::import(self.source, &self.in_the_spaces_words(), &relay)?;
        for clip in &mut corpus.clips {
            clip.path.display = path_in_space(&root, &clip.path.real);
        }
        let mut grown = self.space.clone();
        let mut report = self.compare(&root, &corpus, &mut grown);
        let wanted = new_clips(self.space, &corpus);
        report.unknown_genres = adopt_genres(&mut corpus, &self.space.meta.genres);
        if !wanted.is_empty() {
            keep_useful(&mut corpus, &wanted);
            self.grow(&mut grown, corpus, &wanted, &mut report, relay)?;
        } else {
            report.problems = corpus.problems;
        }
        Ok((Arc::new(grown), report))
    }

    /// The space's own genre names, so that other spellings of them are understood; the caller's wishes come first.
    fn in_the_spaces_words(&self) -> ImportOptions {
        let mut options = self.options.clone();
        for genre in &self.space.meta.genres {
            options
                .genre_names
                .entry(genre.clone())
                .or_insert_with(|| genre.clone());
        }
        options
    }

    /// What became of the files that the space knows; those that moved get their new paths.
    fn compare(&self, root: &Path, corpus: &Corpus, grown: &mut Snapshot) -> AddReport {
        let known: Vec<KnownFile> = self
            .space
            .clips
            .iter()
            .map(|clip| KnownFile {
                path: clip.path.clone(),
                content_hash: clip.content_hash.clone(),
            })
            .collect();
        let changes = Changes::between(&known, corpus);
        let mut report = AddReport {
            unchanged: changes.unchanged.len(),
            ..AddReport::default()
        };
        let gone = |known: usize| find_shown(root, &self.space.clips[known].path).is_none();
        for (known, clip) in changes.moved {
            let (from, to) = (&self.space.clips[known].path, &corpus.clips[clip].path.display);
            if gone(known) {
                report.moved.push((from.clone(), to.clone()));
                grown.clips[known].path.clone_from(to);
            }
        }
        let name = |known: usize| self.space.clips[known].path.clone();
        report.changed = changes.changed.iter().map(|(known, _)| name(*known)).collect();
        // A file that the space knows from elsewhere is not missed here.
        let here = std::path::absolute(&corpus.root).unwrap_or_else(|_| corpus.root.clone());
        let missed = |known: &usize| root.join(&self.space.clips[*known].path).starts_with(&here) && gone(*known);
        report.removed = changes.removed.into_iter().filter(missed).map(name).collect();
        report
    }

    /// Encodes the clips of `corpus` whose content is in `wanted` and appends them to `grown`.
    fn grow(
        &self,
        grown: &mut Snapshot,
        mut corpus: Corpus,
        wanted: &HashSet<String>,
        report: &mut AddReport,
        relay: ImportRelay<'_>,
    ) -> Result<(), JobError> {
        let meta = &self.space.meta;
        let weights = meta.codec_weights.as_ref().map(|file| Path::new(&file.path));
        let (analyser, _) = open_analyser(meta.model.codec, weights)?;
        let cache = FrameCache::open(&self.folders.cache, self.folders.cache_bytes)?;
        let filled = cache.fill(&mut corpus, analyser.as_ref(), &FillOptions::default(), &relay);
        report.problems = std::mem::take(&mut corpus.problems);
        let Filled { store, measurements } = match filled {
            Ok(filled) => filled,
            // Every new file was unusable: that is in the report, and the space stays as it was.
            Err(CorpusError::Empty { .. }) => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        corpus::estimate_emotion(&mut corpus, &measurements.iter().collect::<Vec<_>>());
        let decoder = SpaceDecoder::new(self.space, self.device)?;
        let set = TrainingSet {
            config: meta.model.clone(),
            stats: decoder.stats().clone(),
            // What the network has not learned from counts as held out.
            clips: corpus.clips.iter().map(|clip| training_clip(clip, true)).collect(),
            source: Arc::new(store.remade_by(Arc::clone(&analyser))),
        };
        let added: Vec<usize> = (0..corpus.clips.len())
            .filter(|clip| wanted.contains(&corpus.clips[*clip].content_hash))
            .collect();
        let places: Vec<ChunkPlace> = added.iter().flat_map(|clip| set.grid(*clip)).collect();
        let latents = encode_chunks(&set, decoder.network(), &places, self.device, |done| {
            relay.event(JobEvent::chunks_done(JobStage::Encoding, done, places.len()));
            !relay.is_cancelled()
        })?;
        if latents.len() < places.len() {
            return Err(JobError::Stopped);
        }
        // New points among points that nobody refined are as the encoder says too.
        let steps = match meta.refined_steps {
            Some(0) => 0,
            _ => refinement_steps(places.len()),
        };
        let latents = refine_latents(&set, decoder.network(), &places, &latents, steps, self.device, |done| {
            relay.event(JobEvent::chunks_done(JobStage::Refining, done, places.len()));
            !relay.is_cancelled()
        })?;
        let first = grown.clips.len();
        grown
            .clips
            .extend(added.iter().map(|clip| clip_row(&corpus.clips[*clip], true)));
        for at in &places {
            let mut row = chunk_row(&set, *at);
            row.clip.0 = (first + added.partition_point(|clip| *clip < at.clip)) as u32;
            grown.chunks.push(row);
        }
        grown.latents.append(&latents);
        self.place_on_maps(grown)?;
        grown.hash = digest(&grown.weights, &grown.latents);
        report.added = added
            .iter()
            .map(|clip| corpus.clips[*clip].path.display.clone())
            .collect();
        report.points = places.len();
        Ok(())
    }

    /// Gives every chunk that a map lacks its place, in the frame that was fitted to the old ones.
    fn place_on_maps(&self, grown: &mut Snapshot) -> Result<(), AtlasError> {
        let features = Features::of_grown(self.space.chunks.len(), grown, FeatureWeights::default())?;
        for layout in &mut grown.layouts {
            let placed = place(layout.kind, &layout.points, features.rows.view())?;
            layout.points.extend(placed);
        }
        if let (Some(layout), old @ 1..) = (grown.layouts.last(), grown.clusters.len()) {
            let (old_points, new_points) = layout.points.split_at(old);
            let joined: Vec<u16> = new_points
                .iter()
                .map(|point| grown.clusters[nearest(old_points, *point)])
                .collect();
            grown.clusters.extend(joined);
        }
        Ok(())
    }
}

/// Content hashes of the clips that the space does not have, each once: bytes it knows are known under any name.
fn new_clips(space: &Snapshot, corpus: &Corpus) -> HashSet<String> {
    let known: HashSet<&String> = space.clips.iter().map(|clip| &clip.content_hash).collect();
    let paths: HashSet<&String> = space.clips.iter().map(|clip| &clip.path).collect();
    corpus
        .clips
        .iter()
        .filter(|clip| !known.contains(&clip.content_hash) && !paths.contains(&clip.path.display))
        .map(|clip| clip.content_hash.clone())
        .collect()
}

/// Leaves in `corpus` the first clip of every wanted content, and those whose given valence and arousal can teach an
/// estimate for the others.
fn keep_useful(corpus: &mut Corpus, wanted: &HashSet<String>) {
    let lacks_emotion = |clip: &CorpusClip| clip.valence.is_none() || clip.arousal.is_none();
    let teach = corpus
        .clips
        .iter()
        .any(|clip| wanted.contains(&clip.content_hash) && lacks_emotion(clip));
    let mut seen = HashSet::new();
    corpus.clips.retain(|clip| match wanted.contains(&clip.content_hash) {
        true => seen.insert(clip.content_hash.clone()),
        false => teach && !lacks_emotion(clip),
    });
}

/// Brings every mix to the order of `genres`; a share of a genre that is not among them is dropped. Returns how many
/// clips carry each of those.
fn adopt_genres(corpus: &mut Corpus, genres: &[String]) -> BTreeMap<String, usize> {
    let slot: Vec<Option<usize>> = corpus
        .genres
        .iter()
        .map(|name| genres.iter().position(|own| own == name))
        .collect();
    let mut unknown = BTreeMap::new();
    for clip in &mut corpus.clips {
        let mut mix = vec![0.0; genres.len()];
        for ((share, slot), name) in clip.genre.iter().zip(&slot).zip(&corpus.genres) {
            match slot {
                Some(slot) => mix[*slot] += share,
                None if *share > 0.0 => *unknown.entry(name.clone()).or_default() += 1,
                None => {}
            }
        }
        let total: f32 = mix.iter().sum();
        if total > 0.0 {
            for share in &mut mix {
                *share /= total;
            }
        }
        clip.genre = mix;
    }
    corpus.genres = genres.to_vec();
    unknown
}

/// Relative to the space's root where it lies below it, else whole: joining it to the root then leads to it all the same.
fn path_in_space(root: &Path, real: &Path) -> String {
    let whole = std::path::absolute(real).unwrap_or_else(|_| real.to_path_buf());
    shown(whole.strip_prefix(root).unwrap_or(&whole))
}

/// Index of the point of `points` that lies nearest to `to`.
fn nearest(points: &[MapPoint], to: MapPoint) -> usize {
    let distance = |i: &usize| points[*i].distance_squared(to);
    (0..points.len())
        .min_by(|a, b| distance(a).total_cmp(&distance(b)))
        .unwrap_or(0)
}
