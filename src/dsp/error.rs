//! Why a spectral geometry cannot be built.

use thiserror::Error;

/// The sizes of a [`BandAxis`](super::BandAxis) contradict each other.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum AxisError {
    /// The Blackman window squared only adds up to a constant at five or more overlapping frames.
    #[error("a hop of {hop_len} samples does not divide an FFT of {fft_len} into 5 or more overlapping frames")]
    Hop {
        /// Samples per spectrum.
        fft_len: usize,
        /// Samples from one spectrum to the next; 0 is refused too.
        hop_len: usize,
    },
    /// More bands than bins below the top, or too few to hold both parts of the axis.
    #[error("{bands} bands do not fit an FFT of {fft_len}: between 8 and {most} are possible")]
    Bands {
        /// As asked for.
        bands: usize,
        /// Samples per spectrum.
        fft_len: usize,
        /// One more than the highest bin at or below the top frequency.
        most: usize,
    },
    /// A transform this small or large is no audio analysis, and would only be asked for by a damaged file.
    #[error("an FFT of {fft_len} samples at {sample_rate_hz} Hz is outside what the codec supports")]
    Transform {
        /// Supported: even, 64 to 65,536.
        fft_len: usize,
        /// Supported: 4,000 to 400,000.
        sample_rate_hz: u32,
    },
}
