//! Why a spectral geometry cannot be built.

use thiserror::Error;

/// The sizes of a [`BandAxis`](super::BandAxis) contradict each other.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum AxisError {
    /// The Blackman window squared only adds up to a constant at five or more overlapping frames.
    #[error("a hop of {hop_len} samples does not divide an FFT of {fft_len} into 5 or more overlapping frames")]
    Hop { fft_len: usize, hop_len: usize },
    /// More bands than bins below the top, or too few to hold both parts of the axis.
    #[error("{bands} bands do not fit an FFT of {fft_len}: between 8 and {most} are possible")]
    Bands { bands: usize, fft_len: usize, most: usize },
    /// A transform this small or large is no audio analysis, and would only be asked for by a damaged file.
    #[error("an FFT of {fft_len} samples at {sample_rate_hz} Hz is outside what the codec supports")]
    Transform { fft_len: usize, sample_rate_hz: u32 },
}
