//! The packet loop over symphonia: every container and codec it knows, into a [`Sink`]. Any thread.

use super::codec::PacketDecoder;
use super::container::Container;
use super::decoded::RATES_HZ;
use super::demux::Demuxer;
use super::header::Header;
use super::page_ends::PageEnds;
use super::sink::Sink;
use super::tags::Tags;
use super::words::in_words;
use crate::corpus::{DecodeError, ProblemKind};
use std::path::Path;
use symphonia::core::audio::Channels;
use symphonia::core::errors::Error;

/// Broken packets in a row after which the rest is given up: a hostile file must not keep a core busy.
const PATIENCE: usize = 2_000;
/// A header may promise this much more than there is before it counts as cut short.
const SHORT_SECS: f64 = 0.5;
/// What a stream that is there in full may lack: a frame of its codec.
const WHOLE_SECS: f64 = 0.06;

/// What the container of the file at `path` says.
pub(super) fn header(path: &Path, container: Container) -> Result<Header, DecodeError> {
    let mut demuxer = Demuxer::open(path, container)?;
    let tags = Tags::of_container(demuxer.format.as_mut());
    let (_, params) = demuxer.audio_track()?;
    let sample_rate_hz = params.sample_rate.unwrap_or(0);
    if sample_rate_hz != 0 && !RATES_HZ.contains(&sample_rate_hz) {
        return Err(DecodeError::Rate(sample_rate_hz));
    }
    let channels = params.channels.as_ref().map_or(0, Channels::count);
    Ok(Header {
        duration_secs: demuxer.duration_secs().unwrap_or(0.0) as f32,
        sample_rate_hz,
        channels: u16::try_from(channels).unwrap_or(u16::MAX),
        tags,
        wrong_name: None,
    })
}

/// Decodes the default audio track of the file at `path` into `sink`.
pub(super) fn decode(path: &Path, container: Container, sink: &mut dyn Sink) -> Result<(), DecodeError> {
    let mut demuxer = Demuxer::open(path, container)?;
    let mut decoder = PacketDecoder::open(&demuxer, container)?;
    let promised_secs = demuxer.duration_secs();
    if let Some(promised) = promised_secs {
        sink.expect(promised);
    }
    let (mut broken, mut in_a_row) = (0usize, 0usize);
    let mut last_error = None;
    let mut ends = PageEnds::new(container);
    while !sink.is_full() && in_a_row < PATIENCE {
        let packet = match ends.next_packet(demuxer.format.as_mut()) {
            Ok(Some(packet)) => packet,
            Ok(None) => break,
            Err(Error::ResetRequired) => {
                // A chained stream: the next one begins with headers of its own.
                decoder = PacketDecoder::open(&demuxer, container)?;
                in_a_row += 1;
                continue;
            }
            Err(error) => {
                last_error = Some(in_words(&error).to_owned());
                break;
            }
        };
        if packet.track_id != decoder.track_id {
            continue;
        }
        match decoder.decode(&packet) {
            Ok(piece) => {
                sink.push(piece.interleaved, piece.mix, piece.rate_hz)?;
                in_a_row = 0;
            }
            Err(error) => {
                broken += 1;
                in_a_row += 1;
                last_error = Some(error);
            }
        }
    }
    if sink.is_empty() {
        return Err(DecodeError::NoAudio(
            last_error.unwrap_or_else(|| "no sample came out of it".into()),
        ));
    }
    describe_damage(sink, broken, last_error, promised_secs);
    if let Some(remark) = decoder.remark {
        sink.note(ProblemKind::PartOnly, remark);
    }
    Ok(())
}

fn describe_damage(sink: &mut dyn Sink, broken: usize, last_error: Option<String>, promised_secs: Option<f64>) {
    let secs = f64::from(sink.secs());
    let missing_secs = promised_secs.map(|promised| promised - secs);
    if let (Some(promised), Some(missing)) = (promised_secs, missing_secs)
        && !sink.is_full()
        && missing > SHORT_SECS.max(promised * 0.02)
    {
        let text = format!("breaks off after {secs:.1} s of {promised:.1} s; the beginning is used");
        sink.note(ProblemKind::Damaged, text);
    } else if broken > 0 {
        sink.note(ProblemKind::Damaged, format!("{broken} damaged parts were left out"));
    } else if let Some(error) = last_error
        && missing_secs.is_none_or(|missing| missing > WHOLE_SECS)
    {
        // Behind a stream that is there in full, something else may follow.
        let text = format!("breaks off after {secs:.1} s ({error}); the beginning is used");
        sink.note(ProblemKind::Damaged, text);
    }
}
