//! The recording behind what sounds, as one sound: for A/B.

use super::find::Search;
use super::shelf::RecordingShelf;
use super::source::Folders;
use super::unheard::Unheard;
use crate::dsp::BandAxis;
use crate::space::Snapshot;
use crate::sync::StopFlag;
use crate::values::{ChunkAudio, ChunkId, RecordingKey};
use std::path::PathBuf;
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

/// Left and right of what is wanted, as loud as the space holds it, so that recording and model are compared at one level.
///
/// # Errors
/// When the recording is nowhere, was changed, cannot be decoded, or `stop` is set before all of it is there.
pub fn load_original(
    wanted: &Wanted,
    folders: &mut Folders,
    shelf: &RecordingShelf,
    stop: &StopFlag,
) -> Result<ChunkAudio, Unheard> {
    let Wanted { snapshot, row, roots } = wanted;
    if row.iter().any(|chunk| chunk.0 as usize >= snapshot.chunks.len()) || row.is_empty() {
        return Err(Unheard::no_clip());
    }
    let keys: Vec<RecordingKey> = row.iter().map(|chunk| snapshot.recording_key(*chunk)).collect();
    // What the moment before has played already, as in the model's own row; what sounds first is heard from its beginning.
    let skipped = |place: usize| match place.checked_sub(1).map(|before| &keys[before]) {
        Some(before) if before.start < keys[place].start => {
            (before.end().saturating_sub(keys[place].start) as usize).min(keys[place].len)
        }
        _ => 0,
    };
    let mut begins = vec![0];
    for place in 0..keys.len() {
        begins.push(begins[place] + keys[place].len - skipped(place));
    }
    let mut samples = vec![0.0; 2 * begins[keys.len()]];
    let (mut problem, mut heard) = (None, 0);
    let search = Search {
        snapshot,
        roots,
        shelf,
        stop,
    };
    search.each(row, folders, &mut |place, outcome| match outcome {
        Ok(piece) => {
            heard += 1;
            let own = &mut samples[2 * begins[place]..2 * begins[place + 1]];
            for (index, pair) in (skipped(place)..).zip(own.as_chunks_mut::<2>().0) {
                *pair = piece.at(index as i64);
            }
        }
        Err(unheard) => problem = problem.take().or(Some(unheard)),
    });
    match problem {
        Some(unheard) => Err(unheard),
        None if heard < keys.len() => Err(Unheard::Stopped),
        None => Ok(ChunkAudio::Pcm {
            channels: 2,
            samples,
            sample_rate_hz: BandAxis::standard().sample_rate_hz(),
        }),
    }
}
