//! Chunks of a row, each decoded with its neighbours in view and cut to what it adds to the row.

use super::decoded_frames::DecodedFrames;
use super::space_decoder::{DecodeError, SpaceDecoder, Wanted};
use crate::values::{DecodePart, Latent, LoopContext};

impl SpaceDecoder {
    /// One chunk of a row, decoded with its neighbours in view and cut to what it adds to the row.
    ///
    /// # Errors
    /// As [`Self::decode`].
    pub fn decode_part(
        &self,
        part: &DecodePart,
        strength: f32,
        context: LoopContext,
    ) -> Result<DecodedFrames, DecodeError> {
        let [decoded] = self.decode_parts([(part, strength)], context)?;
        Ok(decoded)
    }

    /// Two chunks of equal length and neighbours, each at its strength; each as [`decode_part`](Self::decode_part). On a CPU side
    /// by side on two threads of the current pool, on an adapter as one batch.
    pub(super) fn decode_pair(
        &self,
        parts: [(&DecodePart, f32); 2],
        context: LoopContext,
    ) -> Result<[DecodedFrames; 2], DecodeError> {
        if self.is_on_cpu() {
            let [first, second] = parts;
            let (first, second) = rayon::join(
                || self.decode_part(first.0, first.1, context),
                || self.decode_part(second.0, second.1, context),
            );
            return Ok([first?, second?]);
        }
        self.decode_parts(parts, context)
    }

    /// Chunks of equal length and neighbours in one batch.
    fn decode_parts<const N: usize>(
        &self,
        parts: [(&DecodePart, f32); N],
        context: LoopContext,
    ) -> Result<[DecodedFrames; N], DecodeError> {
        let wide = parts.map(|(part, _)| widened(part));
        let wanted = wide.iter().zip(parts).map(|(latent, (part, strength))| Wanted {
            latent,
            condition: &part.condition,
            base: &part.base,
            strength,
        });
        let decoded = self.decode_each(&wanted.collect::<Vec<_>>(), context)?;
        let cut = decoded
            .into_iter()
            .zip(parts)
            .map(|(decoded, (part, _))| self.cut(decoded, part));
        let cut: Vec<DecodedFrames> = cut.collect();
        cut.try_into()
            .map_err(|_| DecodeError::Device("nothing came back".into()))
    }

    /// What `part` adds to its row, of all that was decoded for it.
    fn cut(&self, decoded: DecodedFrames, part: &DecodePart) -> DecodedFrames {
        let patch = self.config().patch_frames;
        let start = part.before.len() * patch;
        let own_end = part.latent.local.len() * patch;
        let end = part
            .keep_frames
            .map_or(own_end, |kept| (part.skip_frames + kept).min(own_end));
        decoded.slice(start + part.skip_frames.min(end), start + end)
    }
}

/// The latent of `part` with its neighbours' events before and after its own.
fn widened(part: &DecodePart) -> Latent {
    let mut wide = part.latent.clone();
    wide.local = part.before.clone();
    for row in part.latent.local.rows().chain(part.after.rows()) {
        wide.local.push_row(row);
    }
    wide
}
