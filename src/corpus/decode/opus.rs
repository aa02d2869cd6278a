//! Opus packets to samples (RFC 6716), with what its header asks for (RFC 7845): channel mapping, gain, pre-skip. Any thread.

use super::channels::StereoMix;
use super::opus_packet::split_first;
use crate::corpus::DecodeError;
use rusty_opus::OpusDecoder;

/// Opus always decodes to this rate.
pub(super) const RATE_HZ: u32 = 48_000;
/// Samples of a packet at most: 120 ms.
const LONGEST_LEN: usize = 5_760;
/// Full scale is 1; what a whole packet of noise could not reach comes from a damaged one.
const WILDEST: f32 = 64.0;
/// A channel that no stream fills.
const SILENT: u8 = 255;
/// Channels that a mapping with places for loudspeakers can have.
const MOST_CHANNELS: u8 = 8;
/// Where the loudspeakers of one to eight channels come in the order of WAV files (RFC 7845 gives them in Vorbis' order).
const WAV_ORDER: [&[usize]; 8] = [
    &[0],
    &[0, 1],
    &[0, 2, 1],
    &[0, 1, 2, 3],
    &[0, 2, 1, 3, 4],
    &[0, 2, 1, 5, 3, 4],
    &[0, 2, 1, 6, 5, 3, 4],
    &[0, 2, 1, 7, 5, 6, 3, 4],
];

/// The identification header.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct OpusHead {
    channels: u8,
    /// Samples at 48 kHz to drop at the start.
    pub(super) pre_skip: u16,
    /// Linear factor.
    gain: f32,
    streams: u8,
    coupled: u8,
    mapping: Vec<u8>,
}

impl OpusHead {
    /// Reads `OpusHead` as in Ogg and Matroska (version 1), or the content of MP4's `dOps` box, which is big-endian (version 0;
    /// the demuxer puts the magic before it).
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, DecodeError> {
        let damaged = || DecodeError::Format("its Opus header is damaged".into());
        let fields = bytes.strip_prefix(b"OpusHead").ok_or_else(damaged)?;
        let [
            version,
            channels,
            skip_a,
            skip_b,
            _,
            _,
            _,
            _,
            gain_a,
            gain_b,
            family,
            table @ ..,
        ] = fields
        else {
            return Err(damaged());
        };
        let word = |a: u8, b: u8| {
            if *version == 0 {
                u16::from_be_bytes([a, b])
            } else {
                u16::from_le_bytes([a, b])
            }
        };
        let (channels, family) = (*channels, *family);
        let (streams, coupled, mapping) = match (family, channels) {
            (0, 1) => (1, 0, vec![0]),
            (0, 2) => (1, 1, vec![0, 1]),
            (1, 1..=MOST_CHANNELS) => {
                let [streams, coupled, mapping @ ..] = table else {
                    return Err(damaged());
                };
                let mapping = mapping.get(..usize::from(channels)).ok_or_else(damaged)?;
                (*streams, *coupled, mapping.to_vec())
            }
            (0 | 1, _) => return Err(damaged()),
            _ => {
                let text = format!("Opus of {channels} channels without loudspeakers (mapping family {family})");
                return Err(DecodeError::Unsupported(text));
            }
        };
        let gain_db = f32::from(word(*gain_a, *gain_b).cast_signed()) / 256.0;
        Ok(Self {
            channels,
            pre_skip: word(*skip_a, *skip_b),
            gain: 10f32.powf(gain_db / 20.0),
            streams,
            coupled,
            mapping,
        })
    }
}

/// Decodes the packets of one file's stream, which are several streams of one or two channels each.
pub(super) struct OpusStream {
    /// The coupled ones, of two channels, come first.
    decoders: Vec<OpusDecoder>,
    coupled: usize,
    /// Of every channel in the order of WAV files: decoder and its channel; none where it is silent.
    places: Vec<Option<(usize, usize)>>,
    gain: f32,
    mix: StereoMix,
    part: Vec<f32>,
    decoded: Vec<f32>,
    /// Values in `decoded` that the last packet gave.
    len: usize,
}

impl OpusStream {
    /// For the stream that begins with `head`.
    pub(super) fn new(head: &OpusHead) -> Result<Self, DecodeError> {
        let damaged = || DecodeError::Format("its Opus header is damaged".into());
        let (streams, coupled) = (usize::from(head.streams), usize::from(head.coupled));
        if streams == 0 || coupled > streams || streams + coupled > usize::from(SILENT) {
            return Err(damaged());
        }
        let decoders = (0..streams).map(|stream| OpusDecoder::new(RATE_HZ as i32, width(stream, coupled)));
        let place = |channel: &usize| match usize::from(head.mapping[*channel]) {
            silent if silent == usize::from(SILENT) => Ok(None),
            paired if paired < 2 * coupled => Ok(Some((paired / 2, paired % 2))),
            alone if alone < streams + coupled => Ok(Some((alone - coupled, 0))),
            _ => Err(damaged()),
        };
        let channels = usize::from(head.channels);
        Ok(Self {
            decoders: decoders.collect::<Result<_, _>>().map_err(|_| damaged())?,
            coupled,
            places: WAV_ORDER[channels - 1].iter().map(place).collect::<Result<_, _>>()?,
            gain: head.gain,
            mix: StereoMix::of_count(channels),
            part: vec![0.0; 2 * LONGEST_LEN],
            decoded: vec![0.0; LONGEST_LEN * channels],
            len: 0,
        })
    }

    /// How its channels become two.
    pub(super) fn mix(&self) -> &StereoMix {
        &self.mix
    }

    /// What the last packet gave: interleaved samples in the order of WAV files.
    pub(super) fn decoded(&self) -> &[f32] {
        &self.decoded[..self.len]
    }

    /// Decodes `packet`; returns samples per channel.
    pub(super) fn decode(&mut self, packet: &[u8]) -> Result<usize, String> {
        self.len = 0;
        if packet.is_empty() {
            return Ok(0);
        }
        let channels = self.places.len();
        self.decoded.fill(0.0);
        let mut rest = packet;
        let mut frames = None;
        for stream in 0..self.decoders.len() {
            let is_last = stream + 1 == self.decoders.len();
            let own;
            let bytes = if is_last {
                rest
            } else {
                (own, rest) = split_first(rest).ok_or("a packet is damaged: it ends too early")?;
                &own
            };
            if bytes.is_empty() {
                return Err("a packet is damaged: a stream is missing".to_owned());
            }
            let found = self.decoders[stream]
                .decode(bytes, LONGEST_LEN, &mut self.part)
                .map_err(|_| "a packet is damaged")?;
            if *frames.get_or_insert(found) != found || found > LONGEST_LEN {
                return Err("a packet is damaged: its streams differ in length".to_owned());
            }
            self.take_over(stream, found);
        }
        let frames = frames.unwrap_or(0);
        let decoded = &mut self.decoded[..frames * channels];
        if decoded.iter().any(|sample| !(-WILDEST..=WILDEST).contains(sample)) {
            return Err("a packet is damaged: its samples are beyond all bounds".to_owned());
        }
        for sample in decoded.iter_mut() {
            *sample *= self.gain;
        }
        self.len = decoded.len();
        Ok(frames)
    }

    /// Puts what `stream` gave where its channels belong.
    fn take_over(&mut self, stream: usize, frames: usize) {
        let channels = self.places.len();
        let width = width(stream, self.coupled);
        for (channel, place) in self.places.iter().enumerate() {
            if let Some((from, side)) = *place
                && from == stream
            {
                let samples = self.part[side..].iter().step_by(width).take(frames);
                let places = self.decoded[channel..].iter_mut().step_by(channels);
                places.zip(samples).for_each(|(place, sample)| *place = *sample);
            }
        }
    }
}

/// Channels of a stream.
fn width(stream: usize, coupled: usize) -> usize {
    if stream < coupled { 2 } else { 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_ogg_and_mp4_say_the_same() {
        let ogg = OpusHead::parse(b"OpusHead\x01\x02\x38\x01\x80\xbb\0\0\0\x06\0").unwrap();
        let mp4 = OpusHead::parse(b"OpusHead\0\x02\x01\x38\0\0\xbb\x80\x06\0\0").unwrap();
        assert_eq!(ogg, mp4);
        assert_eq!(ogg.pre_skip, 312);
        assert!((ogg.gain - 10f32.powf(0.3)).abs() < 1e-6, "6 dB: {}", ogg.gain);
    }

    #[test]
    fn many_channels_are_read_or_named() {
        let surround = b"OpusHead\x01\x06\0\0\x80\xbb\0\0\0\0\x01\x04\x02\x00\x04\x01\x02\x03\x05";
        assert!(OpusStream::new(&OpusHead::parse(surround).unwrap()).is_ok());
        let discrete = b"OpusHead\x01\x0b\0\0\x80\xbb\0\0\0\0\xff\x0b\x00";
        match OpusHead::parse(discrete) {
            Err(DecodeError::Unsupported(text)) => assert!(text.contains("11 channels"), "{text}"),
            other => panic!("{other:?}"),
        }
        assert!(OpusHead::parse(b"OpusHead\x01\x09\0\0\x80\xbb\0\0\0\0\x01\x04").is_err());
        assert!(OpusHead::parse(b"OpusHead").is_err());
        // A channel of a stream that is not there, more pairs than streams, no stream.
        for table in [[4, 2, 0, 4, 1, 2, 3, 6], [1, 2, 0, 0, 0, 0, 0, 0], [0; 8]] {
            let bytes = [b"OpusHead\x01\x06\0\0\x80\xbb\0\0\0\0\x01".as_slice(), &table].concat();
            assert!(OpusStream::new(&OpusHead::parse(&bytes).unwrap()).is_err(), "{table:?}");
        }
    }
}
