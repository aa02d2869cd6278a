//! How many frames of MPEG audio a file really holds. Any thread.
//!
//! The count in the first frame (Xing, Info, VBRI) may be 0 where a recorder could not go back, or the first half's only where
//! two files were joined; the demuxer believes it and drops the rest. Where the count and the file's length disagree, or there is no
//! count, every frame's header is looked at - a few bytes of each - and the true count takes its place.

use super::container::Container;
use super::mpeg_header::{FrameCount, FrameHeader, crc16};
use super::shown::Shown;
use super::trailing::{after_leading_tags, hide_trailing_tags, id3v2_len};
use super::view::FileView;
use crate::corpus::DecodeError;
use std::io::{Read, Seek, SeekFrom};
use std::ops::Range;

/// Bytes by which a stated length may differ from the true one: tags, padding, the first frame counted or not.
const SLACK_BYTES: u64 = 8_192;
/// Frames searched in this many bytes of something else; then there are no more.
const MOST_JUNK_BYTES: u64 = 1 << 20;
/// A frame is no longer than this.
const LONGEST_FRAME_BYTES: usize = 2_881;

/// Takes tags out of sight and corrects the count of frames.
///
/// # Errors
/// When the file cannot be read.
pub(super) fn corrected(mut view: FileView) -> Result<Shown, DecodeError> {
    hide_trailing_tags(&mut view);
    let Some((at, header)) = first_frame(&mut view)? else {
        return Ok(Shown::as_it_is(view, Container::Mp3));
    };
    let mut frame = vec![0; (header.bytes as usize).min(LONGEST_FRAME_BYTES)];
    view.seek(SeekFrom::Start(at))?;
    let read = view.by_ref().take(frame.len() as u64).read(&mut frame)?;
    frame.truncate(read);
    let count = FrameCount::find(header, &frame);
    let bytes = view.len() - at;
    // A file that is shorter than it says was cut: that is for the decoder to tell.
    if count.is_some_and(|count| count.frames > 0 && count.bytes > 0 && bytes <= u64::from(count.bytes) + SLACK_BYTES) {
        return Ok(Shown::as_it_is(view, Container::Mp3));
    }
    let found = scan(&mut view, at)?;
    let mut shown = Shown::as_it_is(view, Container::Mp3);
    let Some(count) = count else {
        shown.frames = Some((found.secs * f64::from(header.rate_hz)).round() as u64);
        shown.view.keep(&found.ranges);
        shown.view.forward_only();
        return Ok(shown);
    };
    if u64::from(count.frames) == u64::from(u32::MAX) || found.frames > u64::from(count.frames) + 1 {
        let frames = u32::try_from(found.frames).unwrap_or(u32::MAX).to_be_bytes();
        if let Some(stated) = frame.get_mut(count.at..count.at + 4) {
            stated.copy_from_slice(&frames);
        }
        if let Some(checksum_at) = count.checksum_at
            && checksum_at + 2 <= frame.len()
        {
            let checksum = crc16(&frame[..checksum_at]).to_be_bytes();
            frame[checksum_at..checksum_at + 2].copy_from_slice(&checksum);
        }
        shown.view.patch(at, frame);
        shown.view.keep(&found.ranges);
    }
    Ok(shown)
}

/// The first frame that another one follows.
fn first_frame(view: &mut FileView) -> Result<Option<(u64, FrameHeader)>, DecodeError> {
    let start = after_leading_tags(view);
    let mut window = Vec::new();
    view.seek(SeekFrom::Start(start))?;
    view.by_ref()
        .take(MOST_JUNK_BYTES.min(1 << 16))
        .read_to_end(&mut window)?;
    let header_at = |at: usize| {
        window
            .get(at..)
            .and_then(|rest| FrameHeader::parse(*rest.first_chunk()?))
    };
    for (at, byte) in window.iter().enumerate() {
        if *byte == 0xff
            && let Some(header) = header_at(at)
            && header_at(at + header.bytes as usize).is_some_and(|next| next.goes_with(header))
        {
            return Ok(Some((start + at as u64, header)));
        }
    }
    Ok(None)
}

/// What a look at every frame found.
#[derive(Default)]
struct Found {
    /// Frames of sound: those with a count are none.
    frames: u64,
    /// How long they last, at whatever rates.
    secs: f64,
    /// Where frames follow each other without anything between.
    ranges: Vec<Range<u64>>,
}

/// Looks at every frame from `start` on.
fn scan(view: &mut FileView, start: u64) -> Result<Found, DecodeError> {
    let len = view.len();
    let mut window = Window::new(view);
    let (mut found, mut at, mut before, mut junk_bytes) = (Found::default(), start, None::<FrameHeader>, 0);
    while at + 4 <= len && junk_bytes < MOST_JUNK_BYTES {
        let header = window.header_at(at)?;
        // After something else a frame counts once another one follows it.
        let accepted = match header {
            Some(header) if before.is_none() => window
                .header_at(at + header.bytes)?
                .filter(|next| next.goes_with(header))
                .and(Some(header)),
            header => header,
        };
        before = accepted;
        at += match accepted {
            Some(header) => {
                if at + header.bytes <= len && FrameCount::find(header, window.at(at)?).is_none() {
                    found.frames += 1;
                    found.secs += header.samples() as f64 / f64::from(header.rate_hz);
                }
                found.push(at..(at + header.bytes).min(len));
                junk_bytes = 0;
                header.bytes
            }
            None => {
                let tag = id3v2_len(window.at(at)?);
                junk_bytes += u64::from(tag.is_none());
                tag.unwrap_or(1)
            }
        };
    }
    Ok(found)
}

/// Looks into a view at rising positions without a read for each.
struct Window<'a> {
    view: &'a mut FileView,
    start: u64,
    bytes: Vec<u8>,
}

impl<'a> Window<'a> {
    /// Enough for a header with its count.
    const LOOK_BYTES: usize = 64;
    const BLOCK_BYTES: u64 = 1 << 16;

    fn new(view: &'a mut FileView) -> Self {
        Self {
            view,
            start: 0,
            bytes: Vec::new(),
        }
    }

    /// The bytes at `at`, [`LOOK_BYTES`](Self::LOOK_BYTES) or up to the end.
    fn at(&mut self, at: u64) -> std::io::Result<&[u8]> {
        let end = self.start + self.bytes.len() as u64;
        if at < self.start || at + Self::LOOK_BYTES as u64 > end {
            self.bytes.clear();
            self.start = self.view.seek(SeekFrom::Start(at))?;
            self.view
                .by_ref()
                .take(Self::BLOCK_BYTES)
                .read_to_end(&mut self.bytes)?;
        }
        let rest = self.bytes.get((at - self.start) as usize..).unwrap_or_default();
        Ok(&rest[..rest.len().min(Self::LOOK_BYTES)])
    }

    fn header_at(&mut self, at: u64) -> std::io::Result<Option<FrameHeader>> {
        Ok(self.at(at)?.first_chunk().and_then(|bytes| FrameHeader::parse(*bytes)))
    }
}

impl Found {
    fn push(&mut self, range: Range<u64>) {
        match self.ranges.last_mut() {
            Some(last) if last.end == range.start => last.end = range.end,
            _ => self.ranges.push(range),
        }
    }
}
