//! A file as a demuxer should see it: some of its ranges joined, some of its bytes corrected. The file is not touched.

use std::fs::File;
use std::io::{Error, ErrorKind, Read, Result, Seek, SeekFrom};
use std::ops::Range;
use std::path::Path;
use symphonia::core::io::MediaSource;

/// Reads ranges of a file one behind the other; see [`keep`](Self::keep) and [`patch`](Self::patch).
#[derive(Debug)]
pub(super) struct FileView {
    file: File,
    /// Where the file's own reading position is.
    file_at: u64,
    /// Ranges of the file, in order.
    shown: Vec<Range<u64>>,
    /// Bytes of the file (by their position in it) that read as these.
    patches: Vec<(u64, Vec<u8>)>,
    /// Position in what is shown.
    at: u64,
    /// Whether the demuxer is told that it can seek.
    seekable: bool,
}

impl FileView {
    /// The whole file at `path`, as it is.
    pub(super) fn open(path: &Path) -> Result<Self> {
        let file = File::open(path)?;
        let len = file.metadata()?.len();
        Ok(Self {
            file,
            file_at: 0,
            shown: std::iter::once(0..len).collect(),
            patches: Vec::new(),
            at: 0,
            seekable: true,
        })
    }

    /// Shows only these parts, in this order, of what is shown now.
    pub(super) fn keep(&mut self, parts: &[Range<u64>]) {
        let mut kept = Vec::new();
        for part in parts {
            let mut before = 0;
            for range in &self.shown {
                let len = range.end - range.start;
                let (start, end) = (part.start.max(before), part.end.min(before + len));
                if start < end {
                    kept.push(range.start + start - before..range.start + end - before);
                }
                before += len;
            }
        }
        self.shown = kept;
        self.at = 0;
    }

    /// Shows only `part` of what is shown now.
    pub(super) fn crop(&mut self, part: Range<u64>) {
        self.keep(std::slice::from_ref(&part));
    }

    /// Makes what is shown from `at` on read as `bytes`.
    pub(super) fn patch(&mut self, at: u64, bytes: impl Into<Vec<u8>>) {
        if let Some((place, _)) = self.place(at) {
            self.patches.push((place, bytes.into()));
        }
    }

    /// Keeps the demuxer from seeking, and so from guessing a length from the first bytes.
    pub(super) fn forward_only(&mut self) {
        self.seekable = false;
    }

    /// Goes back to the beginning of what is shown.
    pub(super) fn restart(&mut self) {
        self.at = 0;
    }

    /// Bytes shown.
    pub(super) fn len(&self) -> u64 {
        self.shown.iter().map(|range| range.end - range.start).sum()
    }

    /// The `N` bytes shown at `at`; `None` where there are fewer.
    pub(super) fn bytes_at<const N: usize>(&mut self, at: u64) -> Option<[u8; N]> {
        let mut bytes = [0; N];
        self.seek(SeekFrom::Start(at)).ok()?;
        self.read_exact(&mut bytes).ok()?;
        Some(bytes)
    }

    /// The position in the file of what is shown at `at`, and how many bytes follow without a gap.
    fn place(&self, at: u64) -> Option<(u64, u64)> {
        let mut before = 0;
        for range in &self.shown {
            let len = range.end - range.start;
            if at < before + len {
                let inside = at - before;
                return Some((range.start + inside, len - inside));
            }
            before += len;
        }
        None
    }
}

impl Read for FileView {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let Some((place, room)) = self.place(self.at) else {
            return Ok(0);
        };
        if place != self.file_at {
            self.file_at = self.file.seek(SeekFrom::Start(place))?;
        }
        let wanted = usize::try_from(room).unwrap_or(usize::MAX).min(buffer.len());
        let count = self.file.read(&mut buffer[..wanted])?;
        for (from, bytes) in &self.patches {
            for (at, byte) in (*from..).zip(bytes) {
                if let Some(inside) = at.checked_sub(place)
                    && inside < count as u64
                {
                    buffer[inside as usize] = *byte;
                }
            }
        }
        self.file_at += count as u64;
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for FileView {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        let target = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.len().checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = target.ok_or_else(|| Error::from(ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}

impl MediaSource for FileView {
    fn is_seekable(&self) -> bool {
        self.seekable
    }

    fn byte_len(&self) -> Option<u64> {
        Some(self.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_join_and_patches_show() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        std::fs::write(&path, b"0123456789").unwrap();
        let mut view = FileView::open(&path).unwrap();
        view.keep(&[1..4, 4..4, 8..12]);
        view.patch(2, *b"xyz");
        view.patch(4, *b"!");
        let mut text = String::new();
        view.read_to_string(&mut text).unwrap();
        assert_eq!((text.as_str(), view.len()), ("12x8!", 5));
        assert_eq!(view.bytes_at::<2>(3), Some(*b"8!"));
        assert_eq!(view.bytes_at::<3>(3), None);
        assert_eq!(view.seek(SeekFrom::End(-1)).unwrap(), 4);
        assert!(view.seek(SeekFrom::Current(-5)).is_err());
        view.crop(2..4);
        assert_eq!(view.bytes_at::<2>(0), Some(*b"x8"), "parts of parts");
    }
}
