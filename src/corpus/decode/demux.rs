//! Opens a file with the demuxer for its container, over a view in which the container's header tells the truth. Any thread.

use super::container::Container;
use super::shown::Shown;
use super::view::FileView;
use super::words::in_words;
use super::{adts, aiff, mpeg, trailing, wav};
use crate::corpus::DecodeError;
use std::path::Path;
use symphonia::core::codecs::audio::AudioCodecParameters;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, Track, TrackType};
use symphonia::core::io::MediaSourceStream;
use symphonia::core::meta::MetadataOptions;

/// An open container.
pub(super) struct Demuxer {
    pub(super) format: Box<dyn FormatReader>,
    frames: Option<u64>,
}

impl Demuxer {
    /// Opens the file at `path`, which its bytes call a `container`.
    pub(super) fn open(path: &Path, container: Container) -> Result<Self, DecodeError> {
        let mut view = FileView::open(path)?;
        let shown = match container {
            Container::Wav => wav::corrected(view)?,
            Container::Aiff => aiff::corrected(view),
            Container::Mp3 => mpeg::corrected(view)?,
            Container::Adts => adts::corrected(view),
            _ => {
                trailing::hide_trailing_tags(&mut view);
                Shown::as_it_is(view, container)
            }
        };
        let mut hint = Hint::new();
        if let Some(extension) = shown.container.extension() {
            hint.with_extension(extension);
        }
        let source = MediaSourceStream::new(Box::new(shown.view), Default::default());
        let format = symphonia::default::get_probe()
            .probe(&hint, source, FormatOptions::default(), MetadataOptions::default())
            .map_err(|error| DecodeError::Format(in_words(&error).into()))?;
        Ok(Self {
            format,
            frames: shown.frames,
        })
    }

    /// Its audio track with the codec's parameters.
    pub(super) fn audio_track(&self) -> Result<(&Track, &AudioCodecParameters), DecodeError> {
        let track = self
            .format
            .default_track(TrackType::Audio)
            .ok_or_else(|| DecodeError::NoAudio("it has no audio track".into()))?;
        let params = track
            .codec_params
            .as_ref()
            .and_then(|params| params.audio())
            .ok_or_else(|| DecodeError::NoAudio("its audio track is of an unknown kind".into()))?;
        Ok((track, params))
    }

    /// Length of the audio track as its container states it or its frames tell.
    pub(super) fn duration_secs(&self) -> Option<f64> {
        let (track, params) = self.audio_track().ok()?;
        let secs_of = |frames: u64| Some(frames as f64 / f64::from(params.sample_rate?.max(1)));
        let by_time = track
            .time_base
            .zip(track.duration)
            .and_then(|(base, duration)| base.calc_duration(duration))
            .map(|time| time.as_secs_f64());
        let of_media = || {
            let media = self.format.media_info();
            Some(media.time_base?.calc_duration(media.duration?)?.as_secs_f64())
        };
        let by_track = || by_time.or_else(|| secs_of(track.num_frames?)).or_else(of_media);
        self.frames
            .and_then(secs_of)
            .or_else(by_track)
            .filter(|secs| secs.is_finite() && *secs > 0.0 && *secs < 1e7)
    }
}
