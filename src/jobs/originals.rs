//! The recording behind a chunk, for A/B: read from the space itself or from the corpus.

use super::recordings::Recordings;
use crate::corpus::decode::decode;
use crate::space::{Chunk, Snapshot};
use crate::sync::StopFlag;
use crate::values::{ChunkAudio, ChunkId};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// One recording that is wanted.
pub struct Wanted {
    /// The space that the chunks belong to.
    pub snapshot: Arc<Snapshot>,
    /// Moments of one clip, one after the other.
    pub row: Vec<ChunkId>,
    /// Where it may lie, if it is not in the space itself.
    pub roots: Vec<PathBuf>,
}

/// Why a recording cannot be heard, in a sentence.
pub enum Unheard {
    /// It is nowhere; a person may know where.
    Missing(String),
    /// It was found but cannot be decoded, or the chunk belongs to no clip.
    Broken(String),
}

/// The samples of what is wanted. `places` remembers what was found in which folder.
///
/// # Errors
/// When the recording is nowhere, cannot be decoded, or `stop` is set before it is.
pub fn load_original(wanted: &Wanted, places: &mut Vec<Recordings>, stop: &StopFlag) -> Result<ChunkAudio, Unheard> {
    let Wanted { snapshot, row, roots } = wanted;
    let moments: Vec<Chunk> = row
        .iter()
        .filter_map(|chunk| snapshot.chunks.get(chunk.0 as usize).copied())
        .collect();
    let clip_id = moments
        .first()
        .map(|moment| moment.clip.0)
        .ok_or_else(|| Unheard::Broken("This point belongs to no recording.".into()))?;
    let clip = &snapshot.clips[clip_id as usize];
    let broken = |reason: &dyn std::fmt::Display| {
        Unheard::Broken(format!(
            "The recording of \"{}\" cannot be heard: {reason}.",
            clip.title
        ))
    };
    let rate_hz = snapshot.meta.model.sample_rate_hz;
    let latest_secs = moments.iter().map(|moment| moment.start_secs).fold(0.0, f32::max);
    let end_secs = latest_secs + snapshot.chunk_secs();
    let is_stopped = || stop.is_stopped();
    let decoded = match snapshot.embedded_audio.get(&clip_id) {
        Some(bytes) => {
            let file = unpacked(&clip.path, bytes).map_err(|error| broken(&error))?;
            decode(file.path(), rate_hz, end_secs, &is_stopped)
        }
        None => {
            places.retain(|place| roots.iter().any(|root| root == place.root()));
            for root in roots.iter().filter(|root| !root.as_os_str().is_empty()) {
                if places.iter().all(|place| place.root() != root) {
                    places.push(Recordings::below(root));
                }
            }
            let path = places.iter_mut().find_map(|place| place.find(clip, stop));
            let path = path.ok_or_else(|| missing(&clip.title, snapshot))?;
            decode(&path, rate_hz, end_secs, &is_stopped)
        }
    };
    let samples = decoded.map_err(|error| broken(&error))?.samples;
    let at = |secs: f32| ((secs * rate_hz as f32) as usize).min(samples.len());
    let piece = |moment: &Chunk| &samples[at(moment.start_secs)..at(moment.start_secs + snapshot.chunk_secs())];
    Ok(ChunkAudio::Pcm {
        channels: 1,
        samples: moments.iter().flat_map(piece).copied().collect(),
        sample_rate_hz: rate_hz,
    })
}

fn missing(title: &str, snapshot: &Snapshot) -> Unheard {
    let root = &snapshot.meta.corpus_root;
    Unheard::Missing(format!(
        "The recording of \"{title}\" is neither in this space nor in {root}, where the space was learned from. You hear \
         the model."
    ))
}

/// Embedded bytes as a file, because decoders recognise formats by their names too.
fn unpacked(name: &str, bytes: &[u8]) -> std::io::Result<tempfile::NamedTempFile> {
    let extension = Path::new(name).extension().unwrap_or_default();
    let mut file = tempfile::Builder::new()
        .suffix(&format!(".{}", extension.to_string_lossy()))
        .tempfile()?;
    file.write_all(bytes)?;
    Ok(file)
}
