//! A take to a sound file, at full detail.

use super::JobError;
use super::recordings::{AnyRecordings, Folders, RecordingShelf, Unheard, Wanted, load_original};
use crate::audio::{CallKind, Detail, SoundedPart};
use crate::decode::SpaceDecoder;
use crate::render::{Rendered, Take, TakeRender, Trim, render_take, write_audio};
use crate::space::Snapshot;
use crate::sync::StopFlag;
use crate::values::{ChunkId, RecordingKey};
use burn::tensor::Device;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Renders `take`, or the part of it that `trim` means, to the sound file `path`; see [`render_take_sound`] for what comes back.
///
/// # Errors
/// As [`render_take_sound`], and when the file cannot be written; nothing is written then.
pub fn export_take(
    snapshot: &Arc<Snapshot>,
    take: &Take,
    (detail, trim): (Detail, Option<Trim>),
    roots: &[PathBuf],
    path: &Path,
    device: &Device,
    stop: &StopFlag,
) -> Result<Option<Unheard>, JobError> {
    take.check(snapshot)?;
    let decoder = SpaceDecoder::new(snapshot, device)?;
    let (rendered, unheard) = render_take_sound(snapshot, &decoder, take, (detail, trim), roots, stop)?;
    write_audio(path, &rendered, stop)?;
    Ok(unheard)
}

/// Renders `take` with `decoder`, which must hold `snapshot`. Recordings are looked for in the space and below `roots`; with the
/// sound comes why one of them could not be heard.
///
/// # Errors
/// When it was played with another space or the device fails; [`JobError::Stopped`] once `stop` is set.
pub fn render_take_sound(
    snapshot: &Arc<Snapshot>,
    decoder: &SpaceDecoder,
    take: &Take,
    (detail, trim): (Detail, Option<Trim>),
    roots: &[PathBuf],
    stop: &StopFlag,
) -> Result<(Rendered, Option<Unheard>), JobError> {
    let mut recordings = AnyRecordings::new(snapshot, recordings_of(take), roots, stop);
    let (mut folders, shelf) = (Folders::default(), RecordingShelf::default());
    let mut original_of = |row: &[ChunkId]| {
        let wanted = Wanted {
            snapshot: Arc::clone(snapshot),
            row: row.to_vec(),
            roots: roots.to_vec(),
        };
        load_original(&wanted, &mut folders, &shelf, stop).ok().map(Arc::new)
    };
    let how = TakeRender {
        detail,
        trim,
        recording_of: &mut |key| recordings.read(key),
        original_of: &mut original_of,
    };
    let rendered = render_take(snapshot, decoder, take, how, stop)?;
    Ok((rendered, recordings.unheard().cloned()))
}

/// The recordings that may sound.
fn recordings_of(take: &Take) -> impl Iterator<Item = RecordingKey> + '_ {
    let rows = take.score.calls.iter().filter_map(|call| match &call.kind {
        CallKind::Row { parts, .. } => Some(parts),
        _ => None,
    });
    let of_part = |part: &SoundedPart| Some(part.order.as_ref()?.part.anchor.as_ref()?.recording.clone());
    let opening = take.score.opening.row.iter();
    opening.chain(rows.flatten()).filter_map(of_part)
}
