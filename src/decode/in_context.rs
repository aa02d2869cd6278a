//! One chunk of a row, decoded with its neighbours in sight, so that a row of chunks sounds as one piece.

use super::space_decoder::{DecodeError, DecodedFrames, SpaceDecoder};
use crate::values::{Condition, Frames, Latent, LoopContext};

/// Local latents of each neighbour that a chunk of a row sees beyond its ends.
const CONTEXT_STEPS: usize = 4;

/// What lies before and after a chunk in its recording; `None` at the recording's ends.
#[derive(Clone, Copy, Debug, Default)]
pub struct Neighbours<'a> {
    pub before: Option<&'a Latent>,
    pub after: Option<&'a Latent>,
}

impl SpaceDecoder {
    /// The frames of `latent` alone, decoded between its `neighbours`.
    ///
    /// # Errors
    /// As [`Self::decode`].
    pub fn decode_in_context(
        &self,
        latent: &Latent,
        neighbours: Neighbours<'_>,
        condition: &Condition,
        strength: f32,
    ) -> Result<DecodedFrames, DecodeError> {
        let mut local = Frames::zeros(0, self.config().local_dims);
        let mut push = |frames: &Frames, from: usize, to: usize| (from..to).for_each(|i| local.push_row(frames.row(i)));
        let before = neighbours.before.map_or(0, |before| {
            let len = before.local.len();
            let seen = len.min(CONTEXT_STEPS);
            push(&before.local, len - seen, len);
            seen
        });
        push(&latent.local, 0, latent.local.len());
        if let Some(after) = neighbours.after {
            push(&after.local, 0, after.local.len().min(CONTEXT_STEPS));
        }
        let wide = Latent {
            global: latent.global.clone(),
            local,
        };
        let decoded = self.decode_frames(&wide, condition, strength, LoopContext::Open)?;
        let patch = self.config().patch_frames;
        let (start, end) = (before * patch, (before + latent.local.len()) * patch);
        Ok(DecodedFrames {
            levels: decoded.levels.slice(start, end),
            texture: decoded.texture.slice(start, end),
        })
    }
}
