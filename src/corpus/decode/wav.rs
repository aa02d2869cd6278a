//! What a WAV file's chunks really hold, whatever lengths its header claims. Any thread.
//!
//! Recorders that crash and programs that write to a pipe leave a length of 0 or of all ones; RIFF lengths are often a few
//! bytes off; files beyond 4 GB are RF64 or BW64 (EBU Tech 3306, ITU-R BS.2088), whose lengths stand in a `ds64` chunk.
//! All of them are shown to the demuxer as a plain RIFF file with the length that is there. MPEG audio inside is shown as such.

use super::container::Container;
use super::shown::Shown;
use super::view::FileView;
use crate::corpus::DecodeError;

/// Chunks looked at before the data.
const MOST_CHUNKS: usize = 4_096;
/// Bytes of a `fmt ` chunk that say which codec it is.
const FORMAT_BYTES: usize = 26;
/// Ids that may follow data of length zero in a file that truly holds none.
const OTHER_CHUNKS: [&[u8; 4]; 9] = [
    b"LIST", b"id3 ", b"ID3 ", b"fact", b"cue ", b"smpl", b"bext", b"PEAK", b"JUNK",
];

const UNKNOWN: u32 = u32::MAX;
const EXTENSIBLE: u16 = 0xfffe;

/// What the chunks before the data say.
#[derive(Default)]
struct Chunks {
    format: Option<u16>,
    long_data_bytes: Option<u64>,
    /// Where the data chunk begins, its own header included, and the length it claims.
    data: Option<(u64, u32)>,
}

/// Corrects the lengths in `view`.
///
/// # Errors
/// When the file holds a codec that no decoder here reads.
pub(super) fn corrected(mut view: FileView) -> Result<Shown, DecodeError> {
    let chunks = chunks(&mut view);
    let Some((data_at, claimed)) = chunks.data else {
        return Ok(Shown::as_it_is(view, Container::Wav));
    };
    let start = data_at + 8;
    let present = view.len().saturating_sub(start);
    let claimed = match (claimed, chunks.long_data_bytes) {
        (UNKNOWN, Some(long)) if long > 0 => long,
        (UNKNOWN, _) => present,
        (0, _) if !another_chunk_at(&mut view, start) => present,
        (bytes, _) => u64::from(bytes),
    };
    match chunks.format {
        Some(0x50 | 0x55) => {
            view.crop(start..start + claimed.min(present));
            super::mpeg::corrected(view)
        }
        Some(format) if !is_read(format) => Err(DecodeError::Unsupported(format!("{} in a WAV file", name(format)))),
        _ => {
            view.patch(0, *b"RIFF");
            // Sound data that breaks off would lie partly outside of any length that is there.
            let whole = if claimed <= present {
                view.len() - 8
            } else {
                u64::from(UNKNOWN)
            };
            view.patch(4, u32::try_from(whole).unwrap_or(UNKNOWN).to_le_bytes());
            let bytes = u32::try_from(claimed).unwrap_or(UNKNOWN);
            view.patch(data_at + 4, bytes.to_le_bytes());
            Ok(Shown::as_it_is(view, Container::Wav))
        }
    }
}

fn chunks(view: &mut FileView) -> Chunks {
    let (mut chunks, mut at) = (Chunks::default(), 12);
    for _ in 0..MOST_CHUNKS {
        let Some(header) = view.bytes_at::<8>(at) else { break };
        let [a, b, c, d, size @ ..] = header;
        let size = u32::from_le_bytes(size);
        match &[a, b, c, d] {
            b"fmt " => chunks.format = format_of(view, at + 8, size),
            b"ds64" => chunks.long_data_bytes = view.bytes_at::<16>(at + 8).and_then(|bytes| last_long(&bytes)),
            b"data" => {
                chunks.data = Some((at, size));
                break;
            }
            _ => {}
        }
        // Chunks begin at even positions.
        at += 8 + u64::from(size) + u64::from(size & 1);
    }
    chunks
}

/// The codec of the `fmt ` chunk whose content begins at `at`: for the extensible form, that of its sub-format.
fn format_of(view: &mut FileView, at: u64, size: u32) -> Option<u16> {
    let [low, high] = view.bytes_at::<2>(at)?;
    let format = u16::from_le_bytes([low, high]);
    if format != EXTENSIBLE || (size as usize) < FORMAT_BYTES {
        return Some(format);
    }
    let [low, high] = view.bytes_at::<2>(at + 24)?;
    Some(u16::from_le_bytes([low, high]))
}

fn last_long(bytes: &[u8; 16]) -> Option<u64> {
    bytes.last_chunk::<8>().map(|long| u64::from_le_bytes(*long))
}

fn another_chunk_at(view: &mut FileView, at: u64) -> bool {
    view.bytes_at::<4>(at).is_none_or(|id| OTHER_CHUNKS.contains(&&id))
}

/// PCM, ADPCM of Microsoft and IMA, float, A-law, mu-law.
fn is_read(format: u16) -> bool {
    matches!(format, 0x01 | 0x02 | 0x03 | 0x06 | 0x07 | 0x11)
}

fn name(format: u16) -> String {
    match format {
        0x31 => "GSM 6.10 speech".into(),
        0x92 | 0x2000 => "Dolby Digital audio".into(),
        0xff | 0x1600..=0x1610 => "AAC".into(),
        0x160..=0x163 => "Windows Media audio".into(),
        0x2001 => "DTS audio".into(),
        0x566f | 0x674f..=0x6771 => "Ogg Vorbis".into(),
        other => format!("a codec with the number {other:#06x}"),
    }
}
