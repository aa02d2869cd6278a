//! The real recordings behind the figures: training audio for the judge, held-out chunks for everything else.
//!
//! A fixed number of chunks, spread over clips and genres, whatever the size of the space: the time is bounded and two
//! evaluations of one space hear the same music. Recordings that cannot be read are left out and counted.

use super::EvalError;
use super::features::FeatureExtractor;
use super::probe::Heard;
use super::space_under_test::RealChunk;
use crate::atlas::spread_over_labels;
use crate::codec::SpectralCodec;
use crate::corpus::{decode_mono, find_shown};
use crate::dsp::{loudness, resample};
use crate::space::{Clip, Snapshot};
use crate::sync::StopFlag;
use crate::values::ChunkId;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

/// Clips the judge learns from, and chunks of each.
const TRAINING_CLIPS: usize = 240;
const TRAINING_CHUNKS_PER_CLIP: usize = 6;
/// Held-out clips the judge is tried on, and chunks of each.
const HELD_OUT_CLIPS: usize = 48;
const HELD_OUT_CHUNKS_PER_CLIP: usize = 4;
/// Chunks that are encoded and decoded.
const SOURCE_CHUNKS: usize = 48;

/// Real audio, ready to be compared with.
#[derive(Clone, Debug)]
pub struct Dataset {
    /// What the judge learns from, by clip: never held out, never decoded.
    pub training: Vec<(u32, Heard)>,
    /// Held-out chunks by clip: what the judge is tried on.
    pub held_out: Vec<(u32, Heard)>,
    /// Held-out chunks to encode and decode, different clips first.
    pub sources: Vec<RealChunk>,
    /// Recordings that could not be read, of those that were wanted.
    pub missing: usize,
    /// Recordings that were wanted.
    pub wanted: usize,
}

impl Dataset {
    /// What a judge that listens to `held_out` and `sources` may learn from.
    pub fn lessons(&self) -> Vec<Heard> {
        self.training.iter().map(|(_, heard)| heard.clone()).collect()
    }

    /// Reads recordings of `snapshot` from under `root`.
    ///
    /// # Errors
    /// When none of the held-out ones can be read, or `stop` is set.
    pub fn gather(snapshot: &Snapshot, root: &Path, codec: &SpectralCodec, stop: &StopFlag) -> Result<Self, EvalError> {
        let held_out = held_out_clips(snapshot);
        let by_clip = chunks_by_clip(snapshot);
        let of = |side: bool, count: usize| {
            let usable =
                (0..snapshot.clips.len()).filter(|i| held_out[*i] == side && by_clip.contains_key(&(*i as u32)));
            spread_over_labels(usable, |clip| &snapshot.clips[clip].labels, count)
        };
        let training = of(false, TRAINING_CLIPS);
        let judged = of(true, HELD_OUT_CLIPS);
        let read = |clips: &[usize], per_clip: usize, with_frames: bool| -> Vec<Option<Vec<(Heard, RealChunk)>>> {
            clips
                .par_iter()
                .map_init(FeatureExtractor::default, |ear, clip| {
                    let chunks = by_clip.get(&(*clip as u32)).map_or(&[][..], Vec::as_slice);
                    if stop.is_stopped() {
                        None
                    } else {
                        read_clip(
                            snapshot,
                            root,
                            *clip,
                            &some_of(chunks, per_clip),
                            with_frames.then_some(codec),
                            ear,
                        )
                    }
                })
                .collect()
        };
        let training = read(&training, TRAINING_CHUNKS_PER_CLIP, false);
        let held_out = read(&judged, HELD_OUT_CHUNKS_PER_CLIP, true);
        if stop.is_stopped() {
            return Err(EvalError::Cancelled);
        }
        let wanted = training.len() + held_out.len();
        let missing = training.iter().chain(&held_out).filter(|clip| clip.is_none()).count();
        if held_out.iter().flatten().next().is_none() {
            return Err(EvalError::NoRecordings {
                judged: held_out.len(),
                missing,
                wanted,
                root: root.display().to_string(),
            });
        }
        Ok(Self {
            training: training
                .into_iter()
                .flatten()
                .flatten()
                .map(|(heard, chunk)| (chunk.clip, heard))
                .collect(),
            sources: round_robin(held_out.iter().flatten(), SOURCE_CHUNKS),
            held_out: held_out
                .into_iter()
                .flatten()
                .flatten()
                .map(|(heard, chunk)| (chunk.clip, heard))
                .collect(),
            missing,
            wanted,
        })
    }
}

impl Dataset {
    /// How many recordings below `root` the judging had to do without; `None` where all were there.
    pub fn gap(&self, root: &Path) -> Option<String> {
        (self.missing > 0).then(|| {
            format!(
                "{} of {} recordings are neither in {} nor in the space; the figures are those of the others (--corpus FOLDER \
                 names where they are)",
                self.missing,
                self.wanted,
                root.display()
            )
        })
    }
}

/// Which clips are judged and never learned from. A space that held none out (a demo, a handful of songs) is judged on
/// every fifth clip: the judge then still hears unknown music, though the model has seen it.
fn held_out_clips(snapshot: &Snapshot) -> Vec<bool> {
    let any = snapshot.clips.iter().any(|clip| clip.held_out);
    let side = |(i, clip): (usize, &Clip)| if any { clip.held_out } else { i % 5 == 0 };
    snapshot.clips.iter().enumerate().map(side).collect()
}

fn chunks_by_clip(snapshot: &Snapshot) -> BTreeMap<u32, Vec<ChunkId>> {
    let mut by_clip: BTreeMap<u32, Vec<ChunkId>> = BTreeMap::new();
    for (i, chunk) in snapshot.chunks.iter().enumerate() {
        by_clip.entry(chunk.clip.0).or_default().push(ChunkId(i as u32));
    }
    by_clip
}

/// `count` of `all`, evenly spread.
fn some_of<T: Copy>(all: &[T], count: usize) -> Vec<T> {
    let count = count.min(all.len());
    (0..count).map(|i| all[(2 * i + 1) * all.len() / (2 * count)]).collect()
}

/// First one chunk of every clip, then a second of every clip, and so on.
fn round_robin<'a>(clips: impl Iterator<Item = &'a Vec<(Heard, RealChunk)>> + Clone, count: usize) -> Vec<RealChunk> {
    let longest = clips.clone().map(Vec::len).max().unwrap_or(0);
    let mut chosen: Vec<RealChunk> = (0..longest)
        .flat_map(|turn| clips.clone().filter_map(move |chunks| chunks.get(turn)))
        .take(count)
        .map(|(_, chunk)| chunk.clone())
        .collect();
    chosen.sort_by_key(|chunk| chunk.clip);
    chosen
}

/// The chunks of one clip, cut from the whole, normalised recording; `None` when it cannot be read.
fn read_clip(
    snapshot: &Snapshot,
    root: &Path,
    clip: usize,
    chunks: &[ChunkId],
    codec: Option<&SpectralCodec>,
    ear: &mut FeatureExtractor,
) -> Option<Vec<(Heard, RealChunk)>> {
    let (own_rate, rate) = (
        snapshot.meta.model.sample_rate_hz,
        super::features::SAMPLE_RATE_HZ as u32,
    );
    let mut samples = read_recording(snapshot, root, clip, own_rate)?;
    loudness::normalise(&mut samples, own_rate);
    // A codec of a lower rate is not blamed for the highs it never had.
    let samples = resample(&samples, own_rate, rate).ok()?;
    let levels = codec.map(|codec| codec.analyse(&samples));
    let hop_len = codec.map_or(1, |codec| codec.axis().hop_len());
    let cut = |chunk: &ChunkId| {
        let start_secs = snapshot.chunks[chunk.0 as usize].start_secs;
        let frame = (start_secs * rate as f32 / hop_len as f32).round() as usize;
        let len = (snapshot.chunk_secs() * rate as f32).round() as usize;
        let frames = len / hop_len;
        let start = frame * hop_len;
        let part = samples.get(start..start + len)?.to_vec();
        let levels = match &levels {
            Some(levels) if frame + frames <= levels.len() => levels.slice(frame, frame + frames),
            Some(_) => return None,
            None => crate::values::Frames::default(),
        };
        let labels = snapshot.labels(*chunk);
        Some((*chunk, part, levels, labels))
    };
    let heard = chunks.iter().filter_map(cut).map(|(id, samples, frames, labels)| {
        let features = ear.listen(&samples);
        (
            Heard {
                features,
                labels: labels.clone(),
            },
            RealChunk {
                id,
                clip: clip as u32,
                labels,
                samples,
                frames,
            },
        )
    });
    Some(heard.collect())
}

/// The recording from its folder or, where it is gone, from inside the space.
fn read_recording(snapshot: &Snapshot, root: &Path, clip: usize, rate_hz: u32) -> Option<Vec<f32>> {
    let name = &snapshot.clips[clip].path;
    let path = find_shown(root, name).unwrap_or_else(|| root.join(name));
    let decoded = |path: &Path| {
        decode_mono(path, rate_hz)
            .map_err(|error| log::debug!("{}: {error}", path.display()))
            .ok()
    };
    match snapshot.embedded_audio.get(&(clip as u32)) {
        Some(bytes) if !path.exists() => {
            // Decoders want a file whose name tells its format.
            let extension = path.extension().unwrap_or_default().to_string_lossy();
            let mut file = tempfile::Builder::new()
                .suffix(&format!(".{extension}"))
                .tempfile()
                .ok()?;
            file.write_all(bytes).ok()?;
            decoded(file.path())
        }
        _ => decoded(&path),
    }
}
