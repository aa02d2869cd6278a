//! Opens a file with the right demuxer and reads what its header and tags say, without decoding. Any thread.

use super::tags::Tags;
use super::{Container, DecodeError, RATES_HZ, au, guarded, sniff};
use std::fs::File;
use std::path::Path;
use symphonia::core::errors::Error;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, TrackType};
use symphonia::core::io::MediaSourceStream;
use symphonia::core::meta::MetadataOptions;

/// What a file says of itself; decoding may find otherwise.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Header {
    /// 0 when the header does not say.
    pub duration_secs: f32,
    pub sample_rate_hz: u32,
    pub channels: u16,
    pub tags: Tags,
    /// A sentence when the name promises another format than the bytes. Not part of what is kept by content: the same
    /// bytes may have an honest name elsewhere.
    pub wrong_name: Option<String>,
}

/// Header and tags of the file at `path`.
///
/// # Errors
/// When the file cannot be opened, is no audio, or is of a kind that no decoder here reads.
pub fn read_header(path: &Path) -> Result<Header, DecodeError> {
    guarded(|| {
        let container = sniff::sniff(path)?;
        let header = match container {
            Container::Au => au::header(path)?,
            _ => stream_header(path, container)?,
        };
        Ok(Header {
            wrong_name: sniff::mismatched_extension(path, container),
            ..header
        })
    })
}

fn stream_header(path: &Path, container: Container) -> Result<Header, DecodeError> {
    let mut format = open(path, container)?;
    let tags = Tags::read(format.as_mut());
    let track = format
        .default_track(TrackType::Audio)
        .ok_or_else(|| DecodeError::NoAudio("it has no audio track".into()))?;
    let duration_secs = duration_secs(format.as_ref(), track.id).unwrap_or(0.0) as f32;
    let audio = track.codec_params.as_ref().and_then(|params| params.audio());
    let sample_rate_hz = audio.and_then(|audio| audio.sample_rate).unwrap_or(0);
    if sample_rate_hz != 0 && !RATES_HZ.contains(&sample_rate_hz) {
        return Err(DecodeError::Rate(sample_rate_hz));
    }
    let channels = audio
        .and_then(|audio| audio.channels.as_ref())
        .map_or(0, symphonia::core::audio::Channels::count);
    Ok(Header {
        duration_secs,
        sample_rate_hz,
        channels: u16::try_from(channels).unwrap_or(u16::MAX),
        tags,
        wrong_name: None,
    })
}

/// A demuxer for the file at `path`, chosen by its bytes.
pub(super) fn open(path: &Path, container: Container) -> Result<Box<dyn FormatReader>, DecodeError> {
    let source = MediaSourceStream::new(Box::new(File::open(path)?), Default::default());
    let mut hint = Hint::new();
    if let Some(extension) = container.extension() {
        hint.with_extension(extension);
    }
    symphonia::default::get_probe()
        .probe(&hint, source, FormatOptions::default(), MetadataOptions::default())
        .map_err(|error| match error {
            Error::Unsupported(what) => DecodeError::Format(what.into()),
            other => DecodeError::Format(other.to_string()),
        })
}

/// Length of a track as its container states it.
pub(super) fn duration_secs(format: &dyn FormatReader, track_id: u32) -> Option<f64> {
    let track = format.tracks().iter().find(|track| track.id == track_id)?;
    let by_time = track
        .time_base
        .zip(track.duration)
        .and_then(|(base, duration)| base.calc_duration(duration));
    let rate_hz = track
        .codec_params
        .as_ref()
        .and_then(|params| params.audio())
        .and_then(|audio| audio.sample_rate);
    let by_frames = || Some(track.num_frames? as f64 / f64::from(rate_hz?.max(1)));
    by_time
        .map(|time| time.as_secs_f64())
        .or_else(by_frames)
        .filter(|secs| secs.is_finite() && *secs > 0.0 && *secs < 1e7)
}
