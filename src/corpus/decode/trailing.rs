//! Tags that lie before or behind a stream of audio and are no part of it: ID3v2, ID3v1, APEv2, Lyrics3. Any thread.

use super::view::FileView;
use std::ops::Range;

/// Tags taken off one end at most.
const MOST_TAGS: usize = 8;

/// Length of the ID3v2 tag that `head` begins with, its own header and footer included; `None` where there is none.
pub(super) fn id3v2_len(head: &[u8]) -> Option<u64> {
    let [b'I', b'D', b'3', major, _, flags, size @ ..] = head else {
        return None;
    };
    let size = size.first_chunk::<4>()?;
    if *major == 0xff || size.iter().any(|byte| *byte >= 0x80) {
        return None;
    }
    let body = size.iter().fold(0, |sum, byte| (sum << 7) | u64::from(*byte));
    let footer = if flags & 0x10 == 0 { 0 } else { 10 };
    Some(10 + body + footer)
}

/// Where the ID3v2 tags that the file begins with end.
pub(super) fn after_leading_tags(view: &mut FileView) -> u64 {
    let mut at = 0;
    for _ in 0..MOST_TAGS {
        match view.bytes_at::<10>(at).and_then(|head| id3v2_len(&head)) {
            Some(len) => at += len,
            None => break,
        }
    }
    at.min(view.len())
}

/// Takes the tags behind the audio out of sight.
pub(super) fn hide_trailing_tags(view: &mut FileView) {
    let mut end = view.len();
    for _ in 0..MOST_TAGS {
        match tag_before(view, end) {
            Some(tag) => end = tag.start,
            None => break,
        }
    }
    if end < view.len() {
        view.crop(0..end);
    }
}

/// The tag that ends at `end`.
fn tag_before(view: &mut FileView, end: u64) -> Option<Range<u64>> {
    let range = |len: u64| end.checked_sub(len).map(|start| start..end);
    let mut magic = |back: u64, wanted: &[u8]| {
        let found = end.checked_sub(back).and_then(|at| view.bytes_at::<9>(at));
        found.filter(|bytes| bytes.starts_with(wanted)).is_some()
    };
    if magic(128, b"TAG") {
        return range(128);
    }
    if magic(9, b"LYRICS200") {
        let digits = view.bytes_at::<6>(end.checked_sub(15)?)?;
        let len: u64 = std::str::from_utf8(&digits).ok()?.parse().ok()?;
        return range(len + 15);
    }
    if magic(32, b"APETAGEX") {
        let footer = view.bytes_at::<32>(end - 32)?;
        let word = |at: usize| {
            u64::from(u32::from_le_bytes([
                footer[at],
                footer[at + 1],
                footer[at + 2],
                footer[at + 3],
            ]))
        };
        let header = if word(20) & 0x8000_0000 == 0 { 0 } else { 32 };
        return range(word(12).max(32) + header);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tag_behind_the_audio_is_hidden() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.mp3");
        let mut bytes = b"audio audio".to_vec();
        let mut footer = b"APETAGEX\xd0\x07\0\0".to_vec();
        footer.extend(42u32.to_le_bytes());
        footer.extend([0; 16]);
        bytes.extend(b"0123456789");
        bytes.extend(footer);
        bytes.extend(b"LYRICSBEGINxyz000014LYRICS200");
        bytes.extend(b"TAG");
        bytes.extend([b' '; 125]);
        std::fs::write(&path, bytes).unwrap();
        let mut view = FileView::open(&path).unwrap();
        hide_trailing_tags(&mut view);
        assert_eq!(view.len(), 11);
    }
}
