//! Beats and keys of clips that an older import has not looked for.

use super::shelf::RecordingShelf;
use super::source::{Folders, Source};
use crate::corpus::listen_for_groove;
use crate::space::Snapshot;
use crate::sync::StopFlag;
use crate::values::Groove;
use rayon::prelude::*;
use std::path::PathBuf;
use std::sync::Arc;

/// How many clips of `snapshot` nobody has looked for beats in.
pub fn lacking_grooves(snapshot: &Snapshot) -> usize {
    snapshot.clips.iter().filter(|clip| clip.groove.is_none()).count()
}

/// `snapshot` with the beats and keys of those clips that lack them and whose recordings are in it or below `roots`; `None` where
/// that finds none, or once `stop` is set. Decodes each of them, on the threads of the current pool.
pub fn with_grooves(snapshot: &Arc<Snapshot>, roots: &[PathBuf], stop: &StopFlag) -> Option<Arc<Snapshot>> {
    let shelf = RecordingShelf::default();
    let rate_hz = snapshot.meta.model.sample_rate_hz;
    let lacking = |clip: &u32| snapshot.clips[*clip as usize].groove.is_none();
    let clips: Vec<u32> = (0..snapshot.clips.len() as u32).filter(lacking).collect();
    let found: Vec<(u32, Groove)> = clips
        .par_iter()
        .with_max_len(1)
        .map_init(Folders::default, |folders, clip| {
            if stop.is_stopped() {
                return None;
            }
            // What cannot be had is left as it is: its recording cannot sound either.
            let source = Source::open(snapshot, *clip, roots, folders, &shelf, stop).ok()?;
            let groove = listen_for_groove(source.path(), rate_hz, &|| stop.is_stopped()).ok()?;
            Some((*clip, groove))
        })
        .flatten()
        .collect();
    if found.is_empty() || stop.is_stopped() {
        return None;
    }
    let mut snapshot = Snapshot::clone(snapshot);
    for (clip, groove) in found {
        snapshot.clips[clip as usize].groove = Some(groove);
    }
    Some(Arc::new(snapshot))
}
