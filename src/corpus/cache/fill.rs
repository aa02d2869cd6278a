//! The slow pass: decode, measure, bring to the reference loudness, analyse, keep. Parallel on rayon's current pool.
//!
//! A clip whose frames and measurements are already there costs two small reads. A clip that fails becomes a problem and
//! leaves the corpus; recordings that occur twice join one group; only a cache that cannot be written, or the user, ends the pass - and what was finished stays.

use super::entry::Packed;
use super::evict::{evict, touch};
use super::keys::{codec_key, measurements_key};
use super::stored_clip::{Source, StoredClip};
use super::{Analyser, FillOptions, FrameCache, FrameStore, entry};
use crate::corpus::duplicates::{find_duplicates, join_groups};
use crate::corpus::{
    ClipMeasurements, Corpus, CorpusClip, CorpusError, DecodeError, ImportStage, Problem, ProblemKind, Progress,
    SpectrumTap, decode,
};
use crate::files::{make_own_folder_for, write_whole_unsynced};
use rayon::prelude::*;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// A file larger than this holds no measurements.
const MOST_FACTS_BYTES: u64 = 16 << 20;

/// What [`FrameCache::fill`] leaves: the frames for as long as they are learned from, the measurements for who needs them now.
#[derive(Clone, Debug)]
pub struct Filled {
    /// Clip `i` of it is clip `i` of the corpus.
    pub store: FrameStore,
    /// Measurements of clip `i` of the corpus, about 10 kB each.
    pub measurements: Vec<ClipMeasurements>,
}

/// What [`FrameCache::measure`] found.
#[derive(Clone, Debug)]
pub struct Measured {
    /// Facts of clip `i` of the corpus.
    pub measurements: Vec<ClipMeasurements>,
    /// Seconds of music that had to be decoded; the rest was known.
    pub decoded_secs: f64,
}

/// Why a clip has no frames.
enum Failure {
    Clip(Problem),
    Cache(CorpusError),
    Stopped,
}

impl FrameCache {
    /// Makes sure that the frames of every clip of `corpus` are on disk. Clips that cannot be used move to its
    /// problems; lengths, rates and channel counts become the measured ones. Afterwards clip `i` of the corpus is
    /// clip `i` of the store.
    ///
    /// # Errors
    /// When the cache cannot be written, no clip is left, or `progress` cancels.
    pub fn fill(
        &self,
        corpus: &mut Corpus,
        analyser: &dyn Analyser,
        options: &FillOptions,
        progress: &dyn Progress,
    ) -> Result<Filled, CorpusError> {
        let (key, hits) = (codec_key(analyser, options), AtomicU64::new(0));
        let share = self.share_kept(corpus, analyser, options);
        let stored = self.each_clip(corpus, progress, |clip| {
            let path = self.frames_path(&key, &clip.content_hash);
            let measurements = self.measurements_path(
                &measurements_key(analyser.sample_rate_hz(), options.limit_secs),
                &clip.content_hash,
            );
            let keep = is_among(share, &clip.content_hash);
            if let (Ok(known), Some(measurements)) =
                (entry::look(&path, analyser.bands()), read_measurements(&measurements))
                && (known.is_kept || !keep)
            {
                touch(&path);
                hits.fetch_add(1, Ordering::Relaxed);
                let stored = StoredClip {
                    path,
                    frames: known.frames,
                    is_kept: known.is_kept,
                    source: source_of(clip),
                };
                return Ok((stored, measurements));
            }
            analyse_clip(clip, analyser, options, (path, &measurements, keep), progress)
        })?;
        let usable = keep_usable(
            corpus,
            stored,
            |(_, measurements)| measurements,
            options.min_secs,
            progress,
        )?;
        let (clips, measurements): (Vec<StoredClip>, Vec<ClipMeasurements>) = usable.into_iter().unzip();
        let keep = clips.iter().map(|stored| stored.path.clone()).collect();
        let freed = evict(&self.folder.join("frames"), self.budget_bytes, &keep);
        if freed > 0 {
            log::info!(
                "the frame cache forgot {} MB of its longest unused entries",
                freed / 1_000_000
            );
        }
        Ok(Filled {
            store: FrameStore::new(
                &self.folder,
                analyser.bands(),
                clips,
                hits.into_inner() as usize,
                options.limit_secs,
            ),
            measurements,
        })
    }

    /// The share of the clips whose frames find room.
    fn share_kept(&self, corpus: &Corpus, analyser: &dyn Analyser, options: &FillOptions) -> f64 {
        let estimate = self.estimate(corpus, analyser, options);
        match estimate.bytes <= self.budget_bytes {
            true => 1.0,
            false => estimate.kept_bytes as f64 / estimate.bytes as f64,
        }
    }

    /// Decodes and measures every clip without keeping frames: what the doctor needs. Facts are kept.
    ///
    /// # Errors
    /// As [`fill`](Self::fill).
    pub fn measure(
        &self,
        corpus: &mut Corpus,
        sample_rate_hz: u32,
        options: &FillOptions,
        progress: &dyn Progress,
    ) -> Result<Measured, CorpusError> {
        let key = measurements_key(sample_rate_hz, options.limit_secs);
        let measured = self.each_clip(corpus, progress, |clip| {
            let path = self.measurements_path(&key, &clip.content_hash);
            if let Some(measurements) = read_measurements(&path) {
                return Ok((measurements, false));
            }
            decode_and_measure(clip, (sample_rate_hz, options), &path, |_, _| (), progress)
                .map(|(measurements, ())| (measurements, true))
        })?;
        let measured = keep_usable(
            corpus,
            measured,
            |(measurements, _)| measurements,
            options.min_secs,
            progress,
        )?;
        let fresh = measured.iter().filter(|(_, fresh)| *fresh);
        let decoded_secs = fresh
            .map(|(measurements, _)| f64::from(measurements.duration_secs))
            .sum();
        let measurements: Vec<ClipMeasurements> = measured.into_iter().map(|(measurements, _)| measurements).collect();
        Ok(Measured {
            measurements,
            decoded_secs,
        })
    }

    /// Runs `work` for every clip in parallel, with progress, until the end, the user or a full disk.
    fn each_clip<T: Send>(
        &self,
        corpus: &Corpus,
        progress: &dyn Progress,
        work: impl Fn(&CorpusClip) -> Result<T, Failure> + Sync,
    ) -> Result<Vec<Result<T, Problem>>, CorpusError> {
        let (total, done) = (corpus.clips.len() as u64, AtomicU64::new(0));
        let broken = OnceLock::new();
        let outcomes: Vec<Option<Result<T, Problem>>> = corpus
            .clips
            .par_iter()
            .with_max_len(1)
            .map(|clip| {
                if progress.is_cancelled() || broken.get().is_some() {
                    return None;
                }
                let outcome = match work(clip) {
                    Ok(value) => Ok(value),
                    Err(Failure::Clip(problem)) => Err(problem),
                    Err(Failure::Cache(error)) => {
                        // The first error of the disk is the one to tell; the others follow from it.
                        let _ = broken.set(error);
                        return None;
                    }
                    Err(Failure::Stopped) => return None,
                };
                progress.advanced(ImportStage::Decoding, done.fetch_add(1, Ordering::Relaxed) + 1, total);
                Some(outcome)
            })
            .collect();
        match broken.into_inner() {
            Some(error) => Err(error),
            None => outcomes
                .into_iter()
                .collect::<Option<_>>()
                .ok_or(CorpusError::Cancelled),
        }
    }
}

fn analyse_clip(
    clip: &CorpusClip,
    analyser: &dyn Analyser,
    options: &FillOptions,
    (path, measurements_path, keep): (PathBuf, &Path, bool),
    progress: &dyn Progress,
) -> Result<(StoredClip, ClipMeasurements), Failure> {
    let is_stopped = || progress.is_cancelled();
    let analyse = |samples: &[f32], listener: &mut SpectrumTap| {
        decode::guarded(|| Ok(analyser.analyse(samples, listener, &is_stopped)))
    };
    let wanted = (analyser.sample_rate_hz(), options);
    let (measurements, frames) = decode_and_measure(clip, wanted, measurements_path, analyse, progress)?;
    let frames = frames.map_err(|error| {
        Failure::Clip(Problem::new(
            &clip.path.real,
            ProblemKind::Undecodable,
            format!("its analysis failed: {error}"),
        ))
    })?;
    let written = match keep {
        true => entry::write(&path, &Packed::of(&frames)),
        false => entry::write_count(&path, analyser.bands(), frames.len()),
    };
    written.map_err(|source| {
        Failure::Cache(CorpusError::Cache {
            path: path.clone(),
            source,
        })
    })?;
    let stored = StoredClip {
        path,
        frames: frames.len(),
        is_kept: keep,
        source: source_of(clip),
    };
    Ok((stored, measurements))
}

fn source_of(clip: &CorpusClip) -> Source {
    Source {
        path: clip.path.real.clone(),
        bytes: clip.file_bytes,
        modified_ms: clip.modified_ms,
    }
}

/// Whether content of this hash belongs to the first `share` of all there could be: the same clips every time, and no kind of
/// music more than another.
fn is_among(share: f64, content_hash: &str) -> bool {
    let leading = content_hash
        .get(..8)
        .and_then(|digits| u32::from_str_radix(digits, 16).ok());
    share >= 1.0 || leading.is_some_and(|leading| f64::from(leading) < share * 2f64.powi(32))
}

/// Keeps a clip's measurements; `analyse` as in [`ClipMeasurements::measure`].
fn decode_and_measure<R>(
    clip: &CorpusClip,
    (sample_rate_hz, options): (u32, &FillOptions),
    measurements_path: &Path,
    analyse: impl FnOnce(&[f32], &mut SpectrumTap) -> R,
    progress: &dyn Progress,
) -> Result<(ClipMeasurements, R), Failure> {
    let is_stopped = || progress.is_cancelled();
    let decoded = decode::decode(&clip.path.real, sample_rate_hz, options.limit_secs, &is_stopped);
    let mut decoded = decoded.map_err(|error| match error {
        DecodeError::Stopped => Failure::Stopped,
        error => Failure::Clip(Problem::new(&clip.path.real, (&error).into(), error.to_string())),
    })?;
    let (measurements, analysed) = ClipMeasurements::measure(&mut decoded, sample_rate_hz, analyse);
    if is_stopped() {
        // What was analysed may end where the stop came.
        return Err(Failure::Stopped);
    }
    make_own_folder_for(measurements_path)
        .and_then(|()| write_whole_unsynced(measurements_path, |out| Ok(serde_json::to_writer(out, &measurements)?)))
        .map_err(|error| {
            Failure::Cache(CorpusError::Cache {
                path: measurements_path.into(),
                source: error.into(),
            })
        })?;
    Ok((measurements, analysed))
}

fn read_measurements(path: &Path) -> Option<ClipMeasurements> {
    let mut bytes = Vec::new();
    std::fs::File::open(path)
        .ok()?
        .take(MOST_FACTS_BYTES)
        .read_to_end(&mut bytes)
        .ok()?;
    serde_json::from_slice(&bytes).ok()
}

/// Takes the clips that failed, are silent or too short out of `corpus`, and what was measured into the others, of which those
/// that are one recording join one group.
fn keep_usable<T>(
    corpus: &mut Corpus,
    outcomes: Vec<Result<T, Problem>>,
    measurements_of: fn(&T) -> &ClipMeasurements,
    min_secs: f32,
    progress: &dyn Progress,
) -> Result<Vec<T>, CorpusError> {
    let mut kept = Vec::with_capacity(outcomes.len());
    let clips = std::mem::take(&mut corpus.clips);
    let problems = &mut corpus.problems;
    let mut found = |problem: Problem| {
        progress.found(&problem);
        problems.push(problem);
    };
    for (mut clip, outcome) in clips.into_iter().zip(outcomes) {
        let value = match outcome {
            Ok(value) => value,
            Err(problem) => {
                found(problem);
                continue;
            }
        };
        let measurements = measurements_of(&value);
        for (kind, text) in &measurements.notes {
            found(Problem::new(&clip.path.real, *kind, text.clone()));
        }
        if let Some(reason) = measurements.unusable(min_secs) {
            found(Problem::new(&clip.path.real, ProblemKind::Unusable, reason));
            continue;
        }
        clip.duration_secs = measurements.duration_secs;
        clip.sample_rate_hz = measurements.sample_rate_hz;
        clip.channels = measurements.channels;
        clip.gain_db = Some(measurements.gain_db());
        clip.groove = Some(measurements.groove.clone());
        corpus.clips.push(clip);
        kept.push(value);
    }
    if kept.is_empty() {
        let hint = corpus
            .problems
            .first()
            .map_or_else(String::new, |first| format!("no clip can be used; {first}"));
        return Err(CorpusError::Empty {
            path: corpus.root.clone(),
            hint,
        });
    }
    let duplicates = find_duplicates(corpus, &kept.iter().map(measurements_of).collect::<Vec<_>>());
    join_groups(corpus, &duplicates);
    Ok(kept)
}
