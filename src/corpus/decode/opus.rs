//! Opus packets to samples (RFC 6716), with what its header asks for (RFC 7845): channel mapping, gain, pre-skip. Any thread.

use super::channels::StereoMix;
use crate::corpus::DecodeError;
use ropus::OpusMSDecoder;

/// Opus always decodes to this rate.
pub(super) const RATE_HZ: u32 = 48_000;
/// Samples of a packet at most: 120 ms.
const LONGEST_LEN: usize = 5_760;
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

/// Decodes one stream's packets.
pub(super) struct OpusStream {
    decoder: OpusMSDecoder,
    head: OpusHead,
    mix: StereoMix,
    /// Steps of 16 bits, as the decoder gives them.
    coarse: Vec<i16>,
    decoded: Vec<f32>,
    /// Values in `decoded` that the last packet gave.
    len: usize,
}

impl OpusStream {
    /// For the stream that begins with `head`.
    pub(super) fn new(head: OpusHead) -> Result<Self, DecodeError> {
        let order = WAV_ORDER[usize::from(head.channels) - 1];
        let mapping: Vec<u8> = order.iter().map(|channel| head.mapping[*channel]).collect();
        let channels = usize::from(head.channels);
        let decoder = OpusMSDecoder::new(
            RATE_HZ as i32,
            i32::from(head.channels),
            i32::from(head.streams),
            i32::from(head.coupled),
            &mapping,
        )
        .map_err(|code| DecodeError::Format(format!("its Opus header is damaged ({code})")))?;
        Ok(Self {
            decoder,
            mix: StereoMix::of_count(channels),
            coarse: vec![0; LONGEST_LEN * channels],
            decoded: vec![0.0; LONGEST_LEN * channels],
            len: 0,
            head,
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
        let len = i32::try_from(packet.len()).map_err(|_| "a packet is too long".to_owned())?;
        let frames = self
            .decoder
            .decode(Some(packet), len, &mut self.coarse, LONGEST_LEN as i32, false)
            .map_err(|code| format!("a packet is damaged ({code})"))?;
        let frames = usize::try_from(frames).unwrap_or(0).min(LONGEST_LEN);
        self.len = frames * usize::from(self.head.channels);
        let scale = self.head.gain / 32_768.0;
        for (sample, coarse) in self.decoded.iter_mut().zip(&self.coarse[..self.len]) {
            *sample = f32::from(*coarse) * scale;
        }
        Ok(frames)
    }
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
        assert!(OpusStream::new(OpusHead::parse(surround).unwrap()).is_ok());
        let discrete = b"OpusHead\x01\x0b\0\0\x80\xbb\0\0\0\0\xff\x0b\x00";
        match OpusHead::parse(discrete) {
            Err(DecodeError::Unsupported(text)) => assert!(text.contains("11 channels"), "{text}"),
            other => panic!("{other:?}"),
        }
        assert!(OpusHead::parse(b"OpusHead\x01\x09\0\0\x80\xbb\0\0\0\0\x01\x04").is_err());
        assert!(OpusHead::parse(b"OpusHead").is_err());
    }
}
