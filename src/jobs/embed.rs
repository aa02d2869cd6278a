//! Puts recordings inside a space, so that original and reconstruction can be compared wherever it is opened.

use crate::atlas::spread_over_labels;
use crate::corpus::find_shown;
use crate::space::Snapshot;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// `snapshot` with the files of as many clips, genres and moods in turn, as `points` map points need. They are copied as they
/// are in `folder`, where smaller copies of the clips may lie under the clips' own paths; without one, below the corpus
/// root. One that cannot be read is logged and left out.
pub fn embed_recordings(mut snapshot: Snapshot, points: usize, folder: Option<&Path>) -> Snapshot {
    let mut points_of: BTreeMap<u32, usize> = BTreeMap::new();
    for chunk in &snapshot.chunks {
        *points_of.entry(chunk.clip.0).or_default() += 1;
    }
    let clips = points_of.keys().map(|clip| *clip as usize);
    let mut wanted = points;
    let root = folder.map_or_else(|| PathBuf::from(&snapshot.meta.corpus_root), Path::to_path_buf);
    for clip in spread_over_labels(clips, |clip| &snapshot.clips[clip].labels, usize::MAX) {
        if wanted == 0 {
            break;
        }
        let name = &snapshot.clips[clip].path;
        let path = find_shown(&root, name).unwrap_or_else(|| root.join(name));
        match std::fs::read(&path) {
            Ok(bytes) => {
                wanted = wanted.saturating_sub(points_of[&(clip as u32)]);
                snapshot.embedded_audio.insert(clip as u32, Arc::from(bytes));
            }
            Err(error) => log::warn!("{}: not put into the space: {error}", path.display()),
        }
    }
    snapshot
}
