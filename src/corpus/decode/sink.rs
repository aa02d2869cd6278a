//! Where decoders put what they decode.

use super::channels::StereoMix;
use crate::corpus::{DecodeError, ProblemKind};

/// Takes the samples of one file, packet by packet.
pub(super) trait Sink {
    /// Makes ready for `secs`, as a header promises.
    fn expect(&mut self, _secs: f64) {}

    /// Takes interleaved samples of the channels of `mix`; rate and channels may differ from the last call's.
    fn push(&mut self, interleaved: &[f32], mix: &StereoMix, rate_hz: u32) -> Result<(), DecodeError>;

    /// Seconds taken in so far.
    fn secs(&self) -> f32;

    /// Whether more input is a waste.
    fn is_full(&self) -> bool;

    /// Whether nothing has come in.
    fn is_empty(&self) -> bool;

    /// Takes a remark for the user.
    fn note(&mut self, _kind: ProblemKind, _text: String) {}
}
