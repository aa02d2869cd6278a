//! Packets to interleaved samples: symphonia's decoders, Opus, and the plain part of HE-AAC behind one face. Any thread.

use super::aac::{self, AacConfig};
use super::channels::StereoMix;
use super::container::Container;
use super::demux::Demuxer;
use super::opus::{self, OpusHead, OpusStream};
use super::words::in_words;
use crate::corpus::DecodeError;
use symphonia::core::audio::Channels;
use symphonia::core::codecs::audio::well_known::{
    CODEC_ID_AAC, CODEC_ID_AC3, CODEC_ID_DCA, CODEC_ID_EAC3, CODEC_ID_OPUS, CODEC_ID_PCM_ALAW, CODEC_ID_PCM_MULAW,
    CODEC_ID_SPEEX, CODEC_ID_WAVPACK,
};
use symphonia::core::codecs::audio::{AudioCodecId, AudioCodecParameters, AudioDecoder, AudioDecoderOptions};
use symphonia::core::errors::Error;
use symphonia::core::packet::Packet;

/// Samples as a decoder gave them.
pub(super) struct Piece<'a> {
    pub(super) interleaved: &'a [f32],
    pub(super) mix: &'a StereoMix,
    pub(super) rate_hz: u32,
}

/// The decoder of one track.
pub(super) struct PacketDecoder {
    pub(super) track_id: u32,
    /// What a user should know of this kind of audio.
    pub(super) remark: Option<String>,
    inner: Inner,
}

enum Inner {
    Symphonia {
        decoder: Box<dyn AudioDecoder>,
        interleaved: Vec<f32>,
        mix: StereoMix,
    },
    Opus {
        stream: Box<OpusStream>,
        /// Samples of each channel still to be dropped at the start.
        to_skip: usize,
    },
}

impl PacketDecoder {
    /// For the audio track of `demuxer`, whose file is a `container`.
    pub(super) fn open(demuxer: &Demuxer, container: Container) -> Result<Self, DecodeError> {
        let (track, params) = demuxer.audio_track()?;
        let (track_id, extra) = (track.id, params.extra_data.as_deref());
        if params.codec == CODEC_ID_OPUS && container == Container::Caf {
            return Err(DecodeError::Unsupported("Opus in CAF".into()));
        }
        if params.codec == CODEC_ID_OPUS {
            let head = OpusHead::parse(extra.unwrap_or_default())?;
            let to_skip = usize::from(head.pre_skip);
            let stream = Box::new(OpusStream::new(&head)?);
            return Ok(Self {
                track_id,
                remark: None,
                inner: Inner::Opus { stream, to_skip },
            });
        }
        let mut params = params.clone();
        let mut remark = None;
        if [CODEC_ID_PCM_ALAW, CODEC_ID_PCM_MULAW].contains(&params.codec) {
            // CAF states the eight bits of a code; the decoder wants the sixteen of its sample, or nothing.
            (params.bits_per_sample, params.bits_per_coded_sample) = (None, None);
        }
        if params.codec == CODEC_ID_AAC {
            let config = extra.and_then(AacConfig::parse);
            let has_sbr = config.is_some_and(|config| config.has_sbr);
            if let Some(plain) = config.and_then(AacConfig::plain) {
                params.extra_data = Some(plain);
            }
            let rate_hz = config.map(|config| config.rate_hz).or(params.sample_rate).unwrap_or(0);
            let clock_hz = track
                .time_base
                .filter(|base| base.numer.get() == 1)
                .map(|base| base.denom.get());
            remark = aac::remark(has_sbr, rate_hz, clock_hz, container == Container::Adts);
        }
        let decoder = symphonia::default::get_codecs()
            .make_audio_decoder(&params, &AudioDecoderOptions::default())
            .map_err(|error| match error {
                Error::Unsupported(what) => DecodeError::Unsupported(name(&params, what)),
                other => DecodeError::Format(in_words(&other).into()),
            })?;
        Ok(Self {
            track_id,
            remark,
            inner: Inner::Symphonia {
                decoder,
                interleaved: Vec::new(),
                mix: StereoMix::Mono,
            },
        })
    }

    /// Samples of `packet`; a sentence when it is damaged.
    pub(super) fn decode(&mut self, packet: &Packet) -> Result<Piece<'_>, String> {
        match &mut self.inner {
            Inner::Symphonia {
                decoder,
                interleaved,
                mix,
            } => {
                let buffer = decoder.decode(packet).map_err(|error| in_words(&error).to_owned())?;
                let channels = buffer.spec().channels();
                if channels.count() != mix.count() || channels.count() > 2 {
                    *mix = StereoMix::of(channels);
                }
                let rate_hz = buffer.spec().rate();
                buffer.copy_to_vec_interleaved::<f32>(interleaved);
                Ok(Piece {
                    interleaved,
                    mix,
                    rate_hz,
                })
            }
            Inner::Opus { stream, to_skip } => {
                let channels = stream.mix().count();
                let len = stream.decode(&packet.data)?;
                let skipped = len.min(*to_skip);
                *to_skip -= skipped;
                let padding = usize::try_from(packet.trim_end.get()).unwrap_or(usize::MAX);
                let kept = skipped..len.saturating_sub(padding).max(skipped);
                Ok(Piece {
                    interleaved: &stream.decoded()[kept.start * channels..kept.end * channels],
                    mix: stream.mix(),
                    rate_hz: opus::RATE_HZ,
                })
            }
        }
    }
}

/// What a codec without a decoder is called.
fn name(params: &AudioCodecParameters, reason: &str) -> String {
    const NAMES: [(AudioCodecId, &str); 5] = [
        (CODEC_ID_AC3, "Dolby Digital audio"),
        (CODEC_ID_EAC3, "Dolby Digital Plus audio"),
        (CODEC_ID_DCA, "DTS audio"),
        (CODEC_ID_SPEEX, "Speex speech"),
        (CODEC_ID_WAVPACK, "WavPack audio"),
    ];
    let channels = params.channels.as_ref().map_or(0, Channels::count);
    match NAMES.iter().find(|(codec, _)| *codec == params.codec) {
        Some((_, name)) => (*name).into(),
        None if params.codec == CODEC_ID_AAC && channels > 2 => format!("AAC with {channels} channels"),
        None if params.codec == CODEC_ID_AAC => "this kind of AAC".into(),
        None => {
            log::debug!("a track has no decoder: {reason}");
            "this kind of audio".into()
        }
    }
}
