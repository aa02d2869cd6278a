//! A stretch of a walk as the decoder takes it: its chunk with what comes before and after in its clip in view.

use super::super::choice::{Asked, Span};
use super::index::EndlessIndex;
use super::walk::Stretch;
use crate::values::{ChunkId, DecodePart, Frames};

/// Local latents of each neighbour in the clip that a chunk sees beyond its ends.
const CONTEXT_STEPS: usize = 4;

/// `stretch` of the space of `index` under what is `asked`, moved by `moved` in g where a hand has set that.
pub fn endless_part(index: &EndlessIndex, stretch: &Stretch, asked: &Asked, moved: Option<&[f32]>) -> DecodePart {
    let snapshot = &index.snapshot;
    let own = snapshot.anchor(stretch.chunk);
    let mut latent = snapshot.latents.get(stretch.chunk);
    for (g, by) in latent.global.iter_mut().zip(moved.into_iter().flatten()) {
        *g += by;
    }
    let mut part = DecodePart::alone(latent, asked.over(&own.labels));
    part.base.clone_from(&own.labels);
    part.loudness = asked.loudness(&own.labels, Span::Endless);
    part.skip_frames = stretch.from;
    part.keep_frames = Some(stretch.frames);
    part.timing.pace = stretch.pace;
    part.is_jump = stretch.is_jump;
    let dims = snapshot.latents.local_dims();
    let local = |chunk: u32| Frames::from_vec(dims, snapshot.latents.local(ChunkId(chunk)));
    let next = index.next[stretch.chunk.0 as usize];
    // Chunks that overlap do not follow each other step by step.
    if next != stretch.chunk.0 && index.leaves_at(stretch.chunk.0) == index.chunk_frames() {
        let later = local(next);
        part.after = later.slice(0, CONTEXT_STEPS.min(later.len()));
    }
    let before = (stretch.chunk.0.checked_sub(1))
        .filter(|before| index.next[*before as usize] == stretch.chunk.0)
        .filter(|before| index.leaves_at(*before) == index.chunk_frames());
    if let Some(before) = before {
        let earlier = local(before);
        part.before = earlier.slice(earlier.len().saturating_sub(CONTEXT_STEPS), earlier.len());
    }
    part.anchor = Some(own);
    part
}
