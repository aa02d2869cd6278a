//! One file to mono samples, and one file's header to facts and tags. The only symphonia import. Any thread.
//!
//! Files come from anywhere, so: decoders run under `catch_unwind`, lengths and rates are bounded, a stream that
//! breaks off keeps what was decoded before, and no sample is ever NaN, infinite or beyond `LOUDEST`.

mod au;
mod header;
mod resample;
mod sniff;
mod stream;
mod tags;

use super::{DecodeError, ProblemKind};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

pub use header::{Header, read_header};
pub(super) use sniff::AUDIO_EXTENSIONS;
pub use sniff::Container;
pub use tags::Tags;

/// Sample magnitude that nothing exceeds: 24 dB over full scale, so that squares and sums stay finite.
const LOUDEST: f32 = 16.0;
/// Seconds decoded at most where the caller has no wish of its own.
pub const DEFAULT_LIMIT_SECS: f32 = 1_200.0;
/// Sample rates outside are taken for damaged headers.
const RATES_HZ: std::ops::RangeInclusive<u32> = 1_000..=768_000;

/// A decoded file.
#[derive(Clone, Debug, Default)]
pub struct Decoded {
    /// Mono at the rate that was asked for: the mean of all channels.
    pub samples: Vec<f32>,
    /// The file's own rate.
    pub sample_rate_hz: u32,
    /// The file's own channels.
    pub channels: u16,
    /// What a user should know: damaged, cut short, too long.
    pub notes: Vec<(ProblemKind, String)>,
}

/// The whole of the file at `path` as mono samples at `target_rate_hz` (at most [`DEFAULT_LIMIT_SECS`]).
///
/// # Errors
/// When nothing of it can be decoded; a file that breaks off half-way gives what came before.
pub fn decode_mono(path: &Path, target_rate_hz: u32) -> Result<Vec<f32>, DecodeError> {
    decode(path, target_rate_hz, DEFAULT_LIMIT_SECS).map(|decoded| decoded.samples)
}

/// The first `limit_secs` of the file at `path` at `target_rate_hz`, with what was odd about it.
///
/// # Errors
/// When nothing of it can be decoded.
pub fn decode(path: &Path, target_rate_hz: u32, limit_secs: f32) -> Result<Decoded, DecodeError> {
    guarded(|| {
        let container = sniff::sniff(path)?;
        let mut sink = resample::MonoSink::new(target_rate_hz, limit_secs);
        match container {
            Container::Au => au::decode(path, &mut sink)?,
            _ => stream::decode(path, container, &mut sink)?,
        }
        sink.finish()
    })
}

/// Runs `read`; a panic of a decoder becomes an error of this one file.
pub(super) fn guarded<T>(read: impl FnOnce() -> Result<T, DecodeError>) -> Result<T, DecodeError> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|payload| {
        let message = payload
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned())
            .or_else(|| payload.downcast_ref::<String>().cloned());
        Err(DecodeError::Panic(message.unwrap_or_else(|| "no message".into())))
    })
}
