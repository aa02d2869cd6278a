//! What the network makes of latents: frames of the space's codec, to be voiced, cut and joined.

use crate::values::Frames;

/// Decoded chunks in their codec's own frames, `[frames x bands]`, not standardised. For the built-in codec these are band
/// levels, for EnCodec its latents.
#[derive(Clone, Debug, PartialEq)]
pub struct DecodedFrames {
    /// Log amplitude per band in nats (0 = full-scale sine), or EnCodec's latents.
    pub levels: Frames,
    /// Scatter that regression smoothed away, in the unit of the levels.
    pub texture: Frames,
}

impl DecodedFrames {
    /// No frame yet, of `bands` bands.
    pub fn empty(bands: usize) -> Self {
        Self {
            levels: Frames::zeros(0, bands),
            texture: Frames::zeros(0, bands),
        }
    }

    /// Appends the frames `start..end` of `other`, as far as it has them.
    pub fn append(&mut self, other: &Self, start: usize, end: usize) {
        for frame in start..end.min(other.levels.len()) {
            self.levels.push_row(other.levels.row(frame));
            self.texture.push_row(other.texture.row(frame));
        }
    }

    /// Only the frames `start..end`, as far as there are any.
    pub fn slice(&self, start: usize, end: usize) -> Self {
        let end = end.min(self.levels.len());
        let start = start.min(end);
        Self {
            levels: self.levels.slice(start, end),
            texture: self.texture.slice(start, end),
        }
    }

    /// Faster by the factor `pace`: between frames they are interpolated, as the player reads them.
    pub fn at_pace(&self, pace: f32) -> Self {
        let own = self.levels.len();
        if pace == 1.0 || own < 2 {
            return self.clone();
        }
        let mut paced = Self::empty(self.levels.width());
        for frame in 0..(own as f32 / pace).round() as usize {
            let place = (frame as f32 * pace).min((own - 1) as f32);
            let (first, share) = (place as usize, place.fract());
            let second = (first + 1).min(own - 1);
            let between = |frames: &Frames| -> Vec<f32> {
                let rows = frames.row(first).iter().zip(frames.row(second));
                rows.map(|(a, b)| a + share * (b - a)).collect()
            };
            paced.levels.push_row(&between(&self.levels));
            paced.texture.push_row(&between(&self.texture));
        }
        paced
    }

    /// Repeats or cuts to `frames`.
    pub fn loop_to(&mut self, frames: usize) {
        let once = self.slice(0, frames);
        let own = once.levels.len();
        *self = once.clone();
        while own > 0 && self.levels.len() < frames {
            let missing = frames - self.levels.len();
            self.append(&once, 0, missing.min(own));
        }
    }
}
