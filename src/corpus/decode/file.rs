//! One file to mono samples or, streaming, to left and right; and one file's header to measurements and tags. Any thread.

use super::container::{Container, mismatched_extension};
use super::decoded::{DEFAULT_LIMIT_SECS, Decoded};
use super::guard::guarded;
use super::header::Header;
use super::mono::MonoSink;
use super::sink::Sink;
use super::stereo::StereoSink;
use super::tags::Tags;
use super::{au, sniff, stream};
use crate::corpus::DecodeError;
use crate::dsp::MonoMix;
use std::ops::ControlFlow;
use std::path::Path;

/// Header and tags of the file at `path`.
///
/// # Errors
/// When the file cannot be opened, is no audio, or is of a kind that no decoder here reads.
pub fn read_header(path: &Path) -> Result<Header, DecodeError> {
    guarded(|| {
        let container = sniff::sniff(path)?;
        let header = match container {
            Container::Au => au::header(path)?,
            _ => stream::header(path, container)?,
        };
        Ok(Header {
            tags: Tags::of_file(path, container).unwrap_or(header.tags),
            wrong_name: mismatched_extension(path, container),
            ..header
        })
    })
}

/// The whole of the file at `path` as mono samples at `target_rate_hz` (at most [`DEFAULT_LIMIT_SECS`]).
///
/// # Errors
/// When nothing of it can be decoded; a file that breaks off half-way gives what came before.
pub fn decode_mono(path: &Path, target_rate_hz: u32) -> Result<Vec<f32>, DecodeError> {
    decode(path, target_rate_hz, DEFAULT_LIMIT_SECS, &|| false).map(|decoded| decoded.samples)
}

/// The first `limit_secs` of the file at `path` at `target_rate_hz`, with what was odd about it.
///
/// # Errors
/// When nothing of it can be decoded; [`DecodeError::Stopped`] once `is_stopped`, which is asked every few seconds of music.
pub fn decode(
    path: &Path,
    target_rate_hz: u32,
    limit_secs: f32,
    is_stopped: &dyn Fn() -> bool,
) -> Result<Decoded, DecodeError> {
    let as_mix = |mix| {
        guarded(|| {
            let mut sink = MonoSink::new(target_rate_hz, limit_secs, mix, is_stopped);
            decode_into(path, &mut sink)?;
            Ok((sink.louder(), sink.finish()?))
        })
    };
    // Which of the two is louder is known at the end only; a file whose side wins is rare enough to be read twice.
    match as_mix(MonoMix::Mid)? {
        (MonoMix::Mid, decoded) => Ok(decoded),
        (MonoMix::Side, _) => as_mix(MonoMix::Side).map(|(_, decoded)| decoded),
    }
}

/// Left and right of the file at `path` at `target_rate_hz` from its very beginning, handed to `take` piece by piece until it
/// breaks off: sample n belongs to sample n of [`decode`]. More channels than two are mixed to two, one channel sounds on both
/// sides.
///
/// # Errors
/// When nothing of it can be decoded; a file that breaks off half-way gives what came before.
pub fn decode_stereo(
    path: &Path,
    target_rate_hz: u32,
    take: &mut dyn FnMut(&[[f32; 2]]) -> ControlFlow<()>,
) -> Result<(), DecodeError> {
    guarded(|| {
        let mut sink = StereoSink::new(target_rate_hz, take);
        decode_into(path, &mut sink)?;
        sink.finish()
    })
}

fn decode_into(path: &Path, sink: &mut dyn Sink) -> Result<(), DecodeError> {
    match sniff::sniff(path)? {
        Container::Au => au::decode(path, sink),
        container => stream::decode(path, container, sink),
    }
}
