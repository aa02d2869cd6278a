//! The chunks of a clip as one row, each with its neighbours' events in view.

use super::choice::{Asked, Span};
use super::formula::Formula;
use crate::space::Snapshot;
use crate::values::{ChunkId, DecodePart, Latent};

/// Local latents of each neighbour that a chunk of a row sees beyond its ends.
const CONTEXT_STEPS: usize = 4;

/// The clip of chunk `from` from there on and round to its beginning. `first` sounds in place of that chunk's own latent; the
/// other chunks are moved as far in timbre as `first` was moved away from it.
pub(super) fn song(
    snapshot: &Snapshot,
    formula: Formula,
    from: ChunkId,
    first: &Latent,
    asked: &Asked,
) -> Vec<DecodePart> {
    let row = snapshot.song_from(from);
    let home = snapshot.latents.get(from).global;
    let moved: Vec<f32> = first.global.iter().zip(&home).map(|(now, home)| now - home).collect();
    let start_secs = |chunk: ChunkId| snapshot.chunks[chunk.0 as usize].start_secs;
    let local_of = |chunk: ChunkId| snapshot.latents.get(chunk).local;
    row.iter()
        .enumerate()
        .map(|(place, chunk)| {
            let latent = if place == 0 {
                first.clone()
            } else {
                let mut latent = snapshot.latents.get(*chunk);
                latent.global.iter_mut().zip(&moved).for_each(|(g, by)| *g += by);
                latent
            };
            let own = snapshot.anchor(*chunk);
            let mut part = DecodePart::alone(latent, asked.over(&own.labels));
            if formula.anchors_strength() {
                part.base.clone_from(&own.labels);
            }
            part.loudness = asked.loudness(&own.labels, Span::Song);
            part.anchor = Some(own);
            // The row goes round, but at the clip's own ends there is nothing to see.
            let earlier = row[(place + row.len() - 1) % row.len()];
            let later = row[(place + 1) % row.len()];
            if start_secs(earlier) < start_secs(*chunk) {
                let local = local_of(earlier);
                part.before = local.slice(local.len().saturating_sub(CONTEXT_STEPS), local.len());
                // What sounds first is heard from its beginning.
                if place > 0 {
                    part.skip_frames = overlap_frames(snapshot, start_secs(earlier), start_secs(*chunk));
                }
            }
            if start_secs(later) > start_secs(*chunk) {
                let local = local_of(later);
                part.after = local.slice(0, CONTEXT_STEPS.min(local.len()));
            }
            part
        })
        .filter(|part| part.skip_frames < snapshot.meta.model.chunk_frames)
        .collect()
}

/// Frames of a chunk that starts at `start_secs` which the chunk that starts at `earlier_secs` holds too.
fn overlap_frames(snapshot: &Snapshot, earlier_secs: f32, start_secs: f32) -> usize {
    let model = &snapshot.meta.model;
    let overlap_secs = (earlier_secs + model.chunk_secs() - start_secs).max(0.0);
    ((overlap_secs * model.frame_rate_hz()).round() as usize).min(model.chunk_frames)
}
