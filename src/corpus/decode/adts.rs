//! How many frames of AAC a bare stream (ADTS, ISO/IEC 13818-7) holds: such a file has no header that tells. Any thread.

use super::container::Container;
use super::shown::Shown;
use super::trailing::{after_leading_tags, hide_trailing_tags};
use super::view::FileView;
use std::io::{BufReader, Read, Seek, SeekFrom};

const HEADER_BYTES: usize = 7;
const SAMPLES_PER_BLOCK: u64 = 1_024;

/// Takes the tags before and behind out of sight and counts the frames.
pub(super) fn corrected(mut view: FileView) -> Shown {
    hide_trailing_tags(&mut view);
    let start = after_leading_tags(&mut view);
    view.crop(start..view.len());
    let frames = count(&mut view).ok().filter(|frames| *frames > 0);
    Shown {
        frames,
        ..Shown::as_it_is(view, Container::Adts)
    }
}

/// Sample frames of all whole blocks up to the first that is none.
fn count(view: &mut FileView) -> std::io::Result<u64> {
    let mut left = view.seek(SeekFrom::End(0))?;
    view.seek(SeekFrom::Start(0))?;
    let mut reader = BufReader::with_capacity(1 << 16, view);
    let (mut samples, mut head) = (0, [0; HEADER_BYTES]);
    while left >= HEADER_BYTES as u64 {
        reader.read_exact(&mut head)?;
        let bytes = u64::from(head[3] & 3) << 11 | u64::from(head[4]) << 3 | u64::from(head[5] >> 5);
        if head[0] != 0xff || head[1] & 0xf6 != 0xf0 || bytes < HEADER_BYTES as u64 || bytes > left {
            break;
        }
        samples += SAMPLES_PER_BLOCK * (u64::from(head[6] & 3) + 1);
        left -= bytes;
        reader.seek_relative(bytes as i64 - HEADER_BYTES as i64)?;
    }
    Ok(samples)
}
