//! What a request asks for, chunk by chunk: alone, or as a song whose chunks see their true neighbours.

use crate::decode::{DecodeError, DecodedFrames, Neighbours, SpaceDecoder};
use crate::values::{ChunkAudio, DecodeRequest, Latent, LoopContext};

/// The chunks of one request, in the order they sound.
pub struct SongRow<'a> {
    request: &'a DecodeRequest,
    chunks: Vec<(&'a Latent, f32)>,
}

impl<'a> SongRow<'a> {
    /// The chunks of `request`.
    pub fn new(request: &'a DecodeRequest) -> Self {
        let rest = request.rest.iter().map(|chunk| (&*chunk.latent, chunk.start_secs));
        Self {
            request,
            chunks: std::iter::once((&*request.latent, request.start_secs))
                .chain(rest)
                .collect(),
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.chunks.len()
    }

    /// Decodes chunk `index`. `None` where the chunk before it has sounded all of it.
    ///
    /// # Errors
    /// As [`SpaceDecoder::decode`].
    pub fn decode(&self, decoder: &SpaceDecoder, index: usize) -> Result<Option<ChunkAudio>, DecodeError> {
        let request = self.request;
        if self.chunks.len() == 1 {
            let audio = decoder.decode(&request.latent, &request.condition, request.strength, request.context)?;
            return Ok(Some(audio));
        }
        let neighbours = Neighbours {
            before: self.before(index).map(|(latent, _)| latent),
            after: self.after(index).map(|(latent, _)| latent),
        };
        let (latent, _) = self.chunks[index];
        let frames = decoder.decode_in_context(latent, neighbours, &request.condition, request.strength)?;
        let heard = self.frames_heard_before(decoder, index).min(frames.levels.len());
        let new = DecodedFrames {
            levels: frames.levels.slice(heard, frames.levels.len()),
            texture: frames.texture.slice(heard, frames.texture.len()),
        };
        Ok((!new.levels.is_empty()).then(|| decoder.audio(new, LoopContext::Open)))
    }

    /// The last chunk of a recording may overlap the one before it; only what is new is played. The row's first chunk is
    /// what was clicked: it sounds whole.
    fn frames_heard_before(&self, decoder: &SpaceDecoder, index: usize) -> usize {
        let (Some((_, before_secs)), true) = (self.before(index), index > 0) else {
            return 0;
        };
        let config = decoder.config();
        let overlap_secs = (before_secs + config.chunk_secs() - self.chunks[index].1).max(0.0);
        (overlap_secs * config.frame_rate_hz()).round() as usize
    }

    /// What precedes a chunk in its recording. A row goes on from the recording's end to its beginning, and there nothing
    /// precedes.
    fn before(&self, index: usize) -> Option<(&'a Latent, f32)> {
        let before = self.chunks[(index + self.len() - 1) % self.len()];
        (before.1 < self.chunks[index].1).then_some(before)
    }

    fn after(&self, index: usize) -> Option<(&'a Latent, f32)> {
        let after = self.chunks[(index + 1) % self.len()];
        (after.1 > self.chunks[index].1).then_some(after)
    }
}
