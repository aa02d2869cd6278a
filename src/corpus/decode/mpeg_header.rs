//! The four bytes before every frame of MPEG audio, and the count that encoders put into the first one. Plain values.
//!
//! ISO/IEC 11172-3 and 13818-3; the Xing, Info and VBRI headers are de facto standards.

/// Kilobits a second by index, for the five kinds of frames.
const BITRATES: [[u16; 15]; 5] = [
    [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
    [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
    [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
    [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
    [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
];

/// One frame's header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FrameHeader {
    /// 1, 2 or 3.
    layer: u8,
    /// MPEG-1; else MPEG-2 or 2.5 with half the samples.
    is_mpeg1: bool,
    is_mono: bool,
    pub(super) rate_hz: u32,
    /// Bytes of the frame, header included.
    pub(super) bytes: u64,
}

impl FrameHeader {
    /// Reads the header; `None` when it is none, or of a free bit rate.
    pub(super) fn parse(bytes: [u8; 4]) -> Option<Self> {
        let word = u32::from_be_bytes(bytes);
        if word >> 21 != 0x7ff {
            return None;
        }
        let (version, layer_code) = ((word >> 19) & 3, (word >> 17) & 3);
        let (bitrate, rate, padding) = ((word >> 12) & 15, (word >> 10) & 3, (word >> 9) & 1);
        if version == 1 || layer_code == 0 || bitrate == 0 || bitrate == 15 || rate == 3 {
            return None;
        }
        let (is_mpeg1, layer) = (version == 3, 4 - layer_code as u8);
        let base_hz = [44_100, 48_000, 32_000][rate as usize];
        let rate_hz = match version {
            3 => base_hz,
            2 => base_hz / 2,
            _ => base_hz / 4,
        };
        let table = match (is_mpeg1, layer) {
            (true, layer) => usize::from(layer) - 1,
            (false, 1) => 3,
            (false, _) => 4,
        };
        let bits_per_sec = u64::from(BITRATES[table][bitrate as usize]) * 1_000;
        let (rate, padding) = (u64::from(rate_hz), u64::from(padding));
        let bytes = match (layer, is_mpeg1) {
            (1, _) => (12 * bits_per_sec / rate + padding) * 4,
            (3, false) => 72 * bits_per_sec / rate + padding,
            _ => 144 * bits_per_sec / rate + padding,
        };
        (bytes > 4).then_some(Self {
            layer,
            is_mpeg1,
            is_mono: (word >> 6) & 3 == 3,
            rate_hz,
            bytes,
        })
    }

    /// Sample frames that it holds.
    pub(super) fn samples(self) -> u64 {
        match (self.layer, self.is_mpeg1) {
            (1, _) => 384,
            (3, false) => 576,
            _ => 1_152,
        }
    }

    /// Whether both may be frames of one stream.
    pub(super) fn goes_with(self, other: Self) -> bool {
        (self.layer, self.is_mpeg1, self.rate_hz) == (other.layer, other.is_mpeg1, other.rate_hz)
    }

    /// Where in the frame a Xing or Info header begins.
    pub(super) fn xing_at(self) -> usize {
        match (self.is_mpeg1, self.is_mono) {
            (true, false) => 36,
            (true, true) | (false, false) => 21,
            (false, true) => 13,
        }
    }
}

/// Where in a frame a VBRI header begins.
const VBRI_AT: usize = 36;

/// The count in a stream's first frame, which holds no sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FrameCount {
    /// Where in the frame the count stands.
    pub(super) at: usize,
    /// Frames behind this one.
    pub(super) frames: u32,
    /// Bytes of all of them; 0 when not stated.
    pub(super) bytes: u32,
    /// Where the checksum stands that LAME writes over what is before it.
    pub(super) checksum_at: Option<usize>,
}

impl FrameCount {
    /// Reads the count in `frame`; `None` when it is a frame of sound.
    pub(super) fn find(header: FrameHeader, frame: &[u8]) -> Option<Self> {
        let word = |at: usize| Some(u32::from_be_bytes(*frame.get(at..)?.first_chunk::<4>()?));
        let xing = header.xing_at();
        let id = frame.get(xing..xing + 4).unwrap_or_default();
        if id == b"Xing" || id == b"Info" {
            let flags = word(xing + 4)?;
            let optional = |flag: u32, len: usize| if flags & flag == 0 { 0 } else { len };
            let lame = xing + 8 + optional(1, 4) + optional(2, 4) + optional(4, 100) + optional(8, 4);
            let frames = if flags & 1 == 0 { None } else { word(xing + 8) };
            let bytes = if flags & 2 == 0 {
                None
            } else {
                word(xing + 8 + optional(1, 4))
            };
            return Some(Self {
                at: xing + 8,
                frames: frames.unwrap_or(u32::MAX),
                bytes: bytes.unwrap_or(0),
                checksum_at: frame.get(lame..lame + 4).filter(|id| *id == b"LAME").map(|_| lame + 34),
            });
        }
        (frame.get(VBRI_AT..VBRI_AT + 4)? == b"VBRI").then_some(Self {
            at: VBRI_AT + 14,
            frames: word(VBRI_AT + 14)?,
            bytes: word(VBRI_AT + 10)?,
            checksum_at: None,
        })
    }
}

/// CRC-16 (reflected 0x8005, from 0), as LAME's header uses it.
pub(super) fn crc16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |crc, byte| {
        (0..8).fold(crc ^ u16::from(*byte), |crc, _| {
            (crc >> 1) ^ if crc & 1 == 0 { 0 } else { 0xa001 }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_have_the_sizes_of_the_standard() {
        let parse = |bytes| FrameHeader::parse(bytes).map(|header| (header.bytes, header.samples(), header.rate_hz));
        assert_eq!(parse([0xff, 0xfb, 0x90, 0x64]), Some((417, 1_152, 44_100)));
        assert_eq!(
            parse([0xff, 0xf3, 0x80, 0xc4]),
            Some((208, 576, 22_050)),
            "MPEG-2 layer 3"
        );
        assert_eq!(parse([0xff, 0xfd, 0xa4, 0x00]), Some((576, 1_152, 48_000)), "layer 2");
        assert_eq!(parse([0xff, 0xfb, 0xf0, 0x64]), None, "no such bit rate");
        assert_eq!(parse([0xff, 0xe1, 0x90, 0x64]), None, "no such layer");
        assert_eq!(crc16(b"123456789"), 0xbb3d, "CRC-16/ARC");
    }
}
