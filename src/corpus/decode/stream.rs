//! The packet loop over symphonia: every container and codec it knows, into a [`MonoSink`]. Any thread.

use super::header::open;
use super::resample::MonoSink;
use super::{Container, DecodeError, ProblemKind};
use std::path::Path;
use symphonia::core::codecs::audio::{AudioDecoder, AudioDecoderOptions};
use symphonia::core::errors::Error;
use symphonia::core::formats::{FormatReader, TrackType};

/// Broken packets in a row after which the rest is given up: a hostile file must not keep a core busy.
const PATIENCE: usize = 2_000;
/// A header may promise this much more than there is before it counts as cut short.
const SHORT_SECS: f64 = 0.5;

/// Decodes the default audio track of the file at `path` into `sink`.
pub(super) fn decode(path: &Path, container: Container, sink: &mut MonoSink) -> Result<(), DecodeError> {
    let mut format = open(path, container)?;
    let (mut track_id, mut decoder) = audio_decoder(format.as_ref())?;
    let promised_secs = super::header::duration_secs(format.as_ref(), track_id);
    if let Some(promised) = promised_secs {
        sink.expect(promised);
    }
    let mut interleaved = Vec::<f32>::new();
    let (mut broken, mut in_a_row) = (0usize, 0usize);
    let mut last_error = None;
    while !sink.is_full() && in_a_row < PATIENCE {
        let packet = match format.next_packet() {
            Ok(Some(packet)) => packet,
            Ok(None) => break,
            Err(Error::ResetRequired) => {
                (track_id, decoder) = audio_decoder(format.as_ref())?;
                in_a_row += 1;
                continue;
            }
            Err(error) => {
                last_error = Some(error.to_string());
                break;
            }
        };
        if packet.track_id != track_id {
            continue;
        }
        match decoder.decode(&packet) {
            Ok(buffer) => {
                let (rate_hz, channels) = (buffer.spec().rate(), buffer.spec().channels().count());
                buffer.copy_to_vec_interleaved::<f32>(&mut interleaved);
                sink.push(&interleaved, channels, rate_hz)?;
                in_a_row = 0;
            }
            Err(error) => {
                broken += 1;
                in_a_row += 1;
                last_error = Some(error.to_string());
            }
        }
    }
    if sink.is_empty() {
        return Err(DecodeError::NoAudio(
            last_error.unwrap_or_else(|| "no sample came out of it".into()),
        ));
    }
    describe_damage(sink, broken, last_error, promised_secs);
    Ok(())
}

fn describe_damage(sink: &mut MonoSink, broken: usize, last_error: Option<String>, promised_secs: Option<f64>) {
    let secs = f64::from(sink.secs());
    if let Some(promised) = promised_secs
        && !sink.is_full()
        && promised - secs > SHORT_SECS.max(promised * 0.02)
    {
        let text = format!("breaks off after {secs:.1} s of {promised:.1} s; the beginning is used");
        sink.note(ProblemKind::Damaged, text);
    } else if broken > 0 {
        sink.note(ProblemKind::Damaged, format!("{broken} damaged parts were left out"));
    } else if let Some(error) = last_error {
        sink.note(
            ProblemKind::Damaged,
            format!("breaks off after {secs:.1} s ({error}); the beginning is used"),
        );
    }
}

fn audio_decoder(format: &dyn FormatReader) -> Result<(u32, Box<dyn AudioDecoder>), DecodeError> {
    let track = format
        .default_track(TrackType::Audio)
        .ok_or_else(|| DecodeError::NoAudio("it has no audio track".into()))?;
    let params = track
        .codec_params
        .as_ref()
        .and_then(|params| params.audio())
        .ok_or_else(|| DecodeError::NoAudio("its audio track is of an unknown kind".into()))?;
    let decoder = symphonia::default::get_codecs()
        .make_audio_decoder(params, &AudioDecoderOptions::default())
        .map_err(|error| match error {
            Error::Unsupported(what) => DecodeError::Unsupported(format!("this codec ({what})")),
            other => DecodeError::Format(other.to_string()),
        })?;
    Ok((track.id, decoder))
}
