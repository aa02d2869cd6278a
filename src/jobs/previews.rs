//! Fixed points of a training, decoded with every version of it: what the training does can be heard.

use super::JobError;
use crate::decode::SpaceDecoder;
use crate::space::Snapshot;
use crate::values::{ChunkAudio, ChunkId, LoopContext};
use burn::tensor::Device;

/// Points followed.
const POINTS: usize = 4;

/// The middle chunk of a few clips, those kept out of the training first: the same for the same corpus.
pub fn preview_points(snapshot: &Snapshot) -> Vec<ChunkId> {
    let mut clips: Vec<usize> = (0..snapshot.clips.len()).collect();
    clips.sort_by_key(|clip| !snapshot.clips[*clip].held_out);
    let candidates = snapshot
        .clips
        .iter()
        .filter(|clip| clip.held_out)
        .count()
        .max(POINTS)
        .min(clips.len());
    let spread = (0..POINTS.min(candidates)).map(|point| clips[point * candidates / POINTS.min(candidates)]);
    spread
        .filter_map(|clip| {
            let mut own = (0..snapshot.chunks.len()).filter(|chunk| snapshot.chunks[*chunk].clip.0 as usize == clip);
            let count = own.clone().count();
            own.nth(count / 2)
        })
        .map(|chunk| ChunkId(chunk as u32))
        .collect()
}

/// `chunks` of `snapshot` as they were recorded, each a loop of its own.
///
/// # Errors
/// When the space cannot be decoded.
pub fn decode_chunks(snapshot: &Snapshot, chunks: &[ChunkId], device: &Device) -> Result<Vec<ChunkAudio>, JobError> {
    let decoder = SpaceDecoder::new(snapshot, device)?;
    let decode = |chunk: &ChunkId| {
        let (latent, labels) = (snapshot.latents.get(*chunk), snapshot.labels(*chunk));
        decoder.decode(&latent, &labels, 1.0, LoopContext::Circular)
    };
    Ok(chunks.iter().map(decode).collect::<Result<_, _>>()?)
}
