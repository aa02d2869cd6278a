//! What the cache asks of a codec.

use crate::corpus::SpectrumTap;
use crate::values::Frames;

/// Turns samples into frames; codecs implement it. Called from many threads at once.
pub trait Analyser: Send + Sync {
    /// Names the representation and every setting that changes a frame: part of the cache's key.
    fn id(&self) -> String;

    /// Values per frame.
    fn bands(&self) -> usize;

    /// Rate at which it wants its samples.
    fn sample_rate_hz(&self) -> u32;

    /// Samples between frames.
    fn hop_len(&self) -> usize;

    /// Frames `[time x bands]` of a whole clip, whose loudness is at the reference already. Power spectra that are made on the
    /// way and are such as `listener` wants, it should hear, all of them in order: it then makes none itself. `is_stopped` is to
    /// be asked several times a second: once it says so, nobody wants the frames any more, whatever they then are.
    fn analyse(&self, samples: &[f32], listener: &mut SpectrumTap, is_stopped: &dyn Fn() -> bool) -> Frames;
}
