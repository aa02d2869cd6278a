//! What can be written beside the space: sounds, the map's picture, the table of chunks.

use super::JobError;
use super::recordings::{RecordingReader, Unheard};
use crate::atlas::{PictureOptions, write_png};
use crate::decode::SpaceDecoder;
use crate::files::{make_folder_for, write_whole};
use crate::render::{
    EndlessPlan, Limiting, Recipe, Rendered, recorded_row, render, render_rounds, render_unlimited, write_audio,
};
use crate::space::{LayoutKind, Snapshot};
use crate::sync::StopFlag;
use crate::values::{ChunkId, RecordingKey};
use burn::tensor::Device;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Rows of a table between two looks at the stop flag.
const ROWS_AT_ONCE: usize = 1_000;

/// How much of a sound becomes a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SoundLength {
    /// The recipe's seconds, or the sound's own length.
    #[default]
    AsAsked,
    /// Whole rounds, as many as fit into the recipe's seconds, or one; their end leads into their beginning.
    WholeRounds,
}

/// Renders `recipe` to the sound file `path`; see [`render_sound`] for what comes back.
///
/// # Errors
/// As [`render_sound`], and when the file cannot be written; nothing is written then.
pub fn export_sound(
    snapshot: &Arc<Snapshot>,
    recipe: &Recipe,
    (limiting, length): (Limiting, SoundLength),
    roots: &[PathBuf],
    path: &Path,
    device: &Device,
    stop: &StopFlag,
) -> Result<Option<Unheard>, JobError> {
    let decoder = SpaceDecoder::new(snapshot, device)?;
    let (rendered, unheard) = render_sound(snapshot, &decoder, recipe, (limiting, length), roots, stop)?;
    write_audio(path, &rendered, stop)?;
    Ok(unheard)
}

/// Renders `recipe` with `decoder`, which must hold `snapshot`. Where it wants detail, recordings are looked for in the space
/// and below `roots`; with the sound comes why one of them could not be heard.
///
/// # Errors
/// When the recipe is not one of this space or the device fails; [`JobError::Stopped`] once `stop` is set.
pub fn render_sound(
    snapshot: &Arc<Snapshot>,
    decoder: &SpaceDecoder,
    recipe: &Recipe,
    (limiting, length): (Limiting, SoundLength),
    roots: &[PathBuf],
    stop: &StopFlag,
) -> Result<(Rendered, Option<Unheard>), JobError> {
    if let Some(plan) = EndlessPlan::of(snapshot, recipe)? {
        return endless(snapshot, decoder, recipe, &plan, roots, stop);
    }
    let chunks = if recipe.detail > 0.0 {
        recorded_row(snapshot, recipe)?
    } else {
        Vec::new()
    };
    let mut recordings = (!chunks.is_empty()).then(|| RecordingReader::start(snapshot, &chunks, roots, stop));
    let recording_of = &mut |key: &RecordingKey| recordings.as_mut()?.read(key);
    let rendered = match (length, limiting) {
        (SoundLength::AsAsked, Limiting::AsLive) => render(snapshot, decoder, recipe, recording_of, stop),
        (SoundLength::AsAsked, Limiting::Off) => render_unlimited(snapshot, decoder, recipe, recording_of, stop),
        (SoundLength::WholeRounds, limiting) => render_rounds(snapshot, decoder, recipe, limiting, recording_of, stop),
    }?;
    let unheard = recordings.as_ref().and_then(RecordingReader::unheard);
    Ok((rendered, unheard.cloned()))
}

/// Music that goes on for the recipe's seconds, limited as live.
///
/// # Errors
/// As [`render_sound`].
pub(super) fn endless(
    snapshot: &Arc<Snapshot>,
    decoder: &SpaceDecoder,
    recipe: &Recipe,
    plan: &EndlessPlan,
    roots: &[PathBuf],
    stop: &StopFlag,
) -> Result<(Rendered, Option<Unheard>), JobError> {
    let wants_recordings = recipe.detail > 0.0;
    let mut recordings = wants_recordings.then(|| RecordingReader::start(snapshot, &plan.chunks(), roots, stop));
    let recording_of = &mut |key: &RecordingKey| recordings.as_mut()?.read(key);
    let rendered = plan.render(decoder, recipe, recording_of, stop)?;
    let unheard = recordings.as_ref().and_then(RecordingReader::unheard);
    Ok((rendered, unheard.cloned()))
}

/// Draws the map of `kind`, or the first there is, to the PNG `path`.
///
/// # Errors
/// When there is no map or the file cannot be written.
pub fn export_map(snapshot: &Snapshot, kind: LayoutKind, path: &Path) -> Result<(), JobError> {
    let layout = snapshot.layout(kind).ok_or(JobError::NoMap)?;
    make_folder_for(path)?;
    Ok(write_png(snapshot, layout, path, PictureOptions::default())?)
}

/// Writes one row per chunk to the CSV `path`: where it lies in the layout of `kind`, what it is, how it is labelled.
///
/// # Errors
/// When the file cannot be written; [`JobError::Stopped`] once `stop` is set, and then nothing is written.
pub fn export_table(snapshot: &Snapshot, kind: LayoutKind, path: &Path, stop: &StopFlag) -> Result<(), JobError> {
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record([
        "file",
        "title",
        "start_secs",
        "genre",
        "valence",
        "arousal",
        "x",
        "y",
        "cluster",
    ])?;
    let points = snapshot.layout(kind).map_or(&[][..], |layout| &layout.points);
    for (i, chunk) in snapshot.chunks.iter().enumerate() {
        if i.is_multiple_of(ROWS_AT_ONCE) && stop.is_stopped() {
            return Err(JobError::Stopped);
        }
        let clip = &snapshot.clips[chunk.clip.0 as usize];
        let labels = snapshot.labels(ChunkId(i as u32));
        let genre = labels
            .leading_genre()
            .map_or("", |genre| snapshot.meta.genres[usize::from(genre)].as_str());
        let number = |value: Option<f32>| value.map_or(String::new(), |value| format!("{value:.4}"));
        table.write_record([
            clip.path.clone(),
            clip.title.clone(),
            format!("{:.3}", chunk.start_secs),
            genre.to_owned(),
            number(labels.valence),
            number(labels.arousal),
            number(points.get(i).map(|point| point.x)),
            number(points.get(i).map(|point| point.y)),
            snapshot.clusters.get(i).map_or(String::new(), u16::to_string),
        ])?;
    }
    let bytes = table
        .into_inner()
        .map_err(|error| csv::Error::from(error.into_error()))?;
    make_folder_for(path)?;
    Ok(write_whole(path, &bytes)?)
}
