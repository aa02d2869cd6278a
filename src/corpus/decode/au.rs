//! Sun/NeXT `.au` files, as GTZAN was first published: a 24-byte big-endian header, then samples. Any thread.
//!
//! Layout (Sun Microsystems, `audio_filehdr`): magic `.snd`, data offset, data size (all ones = unknown), encoding,
//! rate, channels. Encodings read: 1 mu-law (ITU-T G.711), 2..5 linear PCM of 8 to 32 bits, 6 and 7 float,
//! 27 A-law.

use super::channels::StereoMix;
use super::decoded::RATES_HZ;
use super::header::Header;
use super::sink::Sink;
use crate::corpus::{DecodeError, ProblemKind};
use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::Path;

/// Frames read at once.
const BLOCK_FRAMES: usize = 4_096;
const UNKNOWN_SIZE: u32 = u32::MAX;

struct AuHeader {
    data_offset: u64,
    data_bytes: u64,
    /// What the header promises, when it does.
    promised_bytes: Option<u64>,
    encoding: Encoding,
    rate_hz: u32,
    channels: u16,
}

#[derive(Clone, Copy)]
enum Encoding {
    MuLaw,
    ALaw,
    Pcm { bytes: usize },
    Float { bytes: usize },
}

impl Encoding {
    fn sample_bytes(self) -> usize {
        match self {
            Self::MuLaw | Self::ALaw => 1,
            Self::Pcm { bytes } | Self::Float { bytes } => bytes,
        }
    }

    fn sample(self, bytes: &[u8]) -> f32 {
        match self {
            Self::MuLaw => mu_law(bytes[0]),
            Self::ALaw => a_law(bytes[0]),
            Self::Pcm { .. } => {
                let mut wide = [0u8; 4];
                wide[..bytes.len()].copy_from_slice(bytes);
                i32::from_be_bytes(wide) as f32 / 2_147_483_648.0
            }
            Self::Float { bytes: 4 } => f32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]),
            Self::Float { .. } => {
                let mut wide = [0u8; 8];
                wide.copy_from_slice(bytes);
                f64::from_be_bytes(wide) as f32
            }
        }
    }
}

/// ITU-T G.711 mu-law to a linear sample in -1..1.
fn mu_law(code: u8) -> f32 {
    let code = !code;
    let magnitude = ((i32::from(code & 0x0f) << 3) + 0x84) << ((code & 0x70) >> 4);
    let linear = magnitude - 0x84;
    (if code & 0x80 != 0 { -linear } else { linear }) as f32 / 32_768.0
}

/// ITU-T G.711 A-law to a linear sample in -1..1.
fn a_law(code: u8) -> f32 {
    let code = code ^ 0x55;
    let step = (i32::from(code & 0x0f) << 4) + 8;
    let magnitude = match (code & 0x70) >> 4 {
        0 => step,
        segment => (step + 0x100) << (segment - 1),
    };
    (if code & 0x80 != 0 { magnitude } else { -magnitude }) as f32 / 32_768.0
}

pub(super) fn header(path: &Path) -> Result<Header, DecodeError> {
    let au = read(&mut File::open(path)?)?;
    let frame_bytes = (au.encoding.sample_bytes() * usize::from(au.channels)) as u64;
    Ok(Header {
        duration_secs: (au.data_bytes / frame_bytes) as f32 / au.rate_hz as f32,
        sample_rate_hz: au.rate_hz,
        channels: au.channels,
        ..Header::default()
    })
}

pub(super) fn decode(path: &Path, sink: &mut dyn Sink) -> Result<(), DecodeError> {
    let mut file = File::open(path)?;
    let au = read(&mut file)?;
    file.seek(SeekFrom::Start(au.data_offset))?;
    let sample_bytes = au.encoding.sample_bytes();
    let frame_bytes = sample_bytes * usize::from(au.channels);
    let mut rest = BufReader::new(file).take(au.data_bytes);
    let mix = StereoMix::of_count(usize::from(au.channels));
    let (mut block, mut samples) = (Vec::new(), Vec::new());
    while !sink.is_full() {
        block.clear();
        let wanted = (BLOCK_FRAMES * frame_bytes) as u64;
        if rest.by_ref().take(wanted).read_to_end(&mut block)? < frame_bytes {
            break;
        }
        samples.clear();
        samples.extend(block.chunks_exact(sample_bytes).map(|bytes| au.encoding.sample(bytes)));
        sink.push(&samples, &mix, au.rate_hz)?;
    }
    if au.promised_bytes.is_some_and(|promised| promised > au.data_bytes) {
        let text = format!("breaks off after {:.1} s; the beginning is used", sink.secs());
        sink.note(ProblemKind::Damaged, text);
    }
    Ok(())
}

fn read(file: &mut File) -> Result<AuHeader, DecodeError> {
    let mut bytes = [0u8; 24];
    file.read_exact(&mut bytes)
        .map_err(|_| DecodeError::Format("its AU header is cut short".into()))?;
    let word = |index: usize| {
        let at = index * 4;
        u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
    };
    let encoding = match word(3) {
        1 => Encoding::MuLaw,
        code @ 2..=5 => Encoding::Pcm {
            bytes: code as usize - 1,
        },
        6 => Encoding::Float { bytes: 4 },
        7 => Encoding::Float { bytes: 8 },
        27 => Encoding::ALaw,
        other => return Err(DecodeError::Unsupported(format!("AU encoding {other}"))),
    };
    let (rate_hz, channels) = (word(4), word(5));
    if !RATES_HZ.contains(&rate_hz) {
        return Err(DecodeError::Rate(rate_hz));
    }
    let channels = u16::try_from(channels)
        .ok()
        .filter(|channels| (1..=64).contains(channels));
    let channels =
        channels.ok_or_else(|| DecodeError::Format("its AU header names an impossible channel count".into()))?;
    let data_offset = u64::from(word(1)).max(24);
    let present = file.metadata()?.len().saturating_sub(data_offset);
    // A recorder that crashed leaves 0.
    let promised_bytes = (![0, UNKNOWN_SIZE].contains(&word(2))).then(|| u64::from(word(2)));
    Ok(AuHeader {
        data_offset,
        data_bytes: promised_bytes.map_or(present, |promised| promised.min(present)),
        promised_bytes,
        encoding,
        rate_hz,
        channels,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_law_has_the_codes_of_the_standard() {
        assert!((a_law(0xd5) - 8.0 / 32_768.0).abs() < 1e-6, "quietest positive");
        assert!((a_law(0xaa) - 32_256.0 / 32_768.0).abs() < 1e-6, "loudest positive");
        assert!((a_law(0x2a) + 32_256.0 / 32_768.0).abs() < 1e-6, "loudest negative");
    }

    #[test]
    fn mu_law_has_the_codes_of_the_standard() {
        assert_eq!(mu_law(0xff), 0.0);
        assert_eq!(mu_law(0x7f), 0.0);
        assert!((mu_law(0x80) - 32_124.0 / 32_768.0).abs() < 1e-6, "loudest positive");
        assert!((mu_law(0x00) + 32_124.0 / 32_768.0).abs() < 1e-6, "loudest negative");
    }

    #[test]
    fn sixteen_bits_are_read_big_endian_and_cut_files_say_so() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.au");
        let mut bytes = Vec::new();
        for word in [0x2e73_6e64u32, 24, 4_000, 3, 22_050, 2] {
            bytes.extend(word.to_be_bytes());
        }
        for i in 0..500i16 {
            bytes.extend((i * 32).to_be_bytes());
            bytes.extend((i * 32).to_be_bytes());
        }
        std::fs::write(&path, bytes).unwrap();
        let decoded = crate::corpus::decode::decode(&path, 22_050, 10.0, &|| false).unwrap();
        assert_eq!((decoded.samples.len(), decoded.channels), (500, 2));
        assert!((decoded.samples[100] - 3_200.0 / 32_768.0).abs() < 1e-6);
        assert_eq!(decoded.notes[0].0, ProblemKind::Damaged, "2000 bytes of 4000 are there");
    }
}
