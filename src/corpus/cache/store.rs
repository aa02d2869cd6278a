//! The frames of one corpus, ready for random crops. Any thread; memory is one path and one number per clip.

use super::entry;
use crate::values::{ClipId, Frames};
use std::io::{Error, ErrorKind};
use std::path::PathBuf;

/// Reads frames of the clips of a corpus by position; clip ids are indices into [`crate::corpus::Corpus::clips`].
#[derive(Clone, Debug)]
pub struct FrameStore {
    pub(super) bands: usize,
    pub(super) clips: Vec<StoredClip>,
    /// Clips that were already in the cache.
    pub(super) hits: usize,
}

#[derive(Clone, Debug)]
pub(super) struct StoredClip {
    pub path: PathBuf,
    pub frames: usize,
}

impl FrameStore {
    /// Number of clips.
    pub fn clips(&self) -> usize {
        self.clips.len()
    }

    /// Values per frame.
    pub fn bands(&self) -> usize {
        self.bands
    }

    /// Clips that needed no decoding.
    pub fn hits(&self) -> usize {
        self.hits
    }

    /// Frames of `clip`; 0 for a clip that is not here.
    pub fn clip_frames(&self, clip: ClipId) -> usize {
        self.clips.get(clip.0 as usize).map_or(0, |stored| stored.frames)
    }

    /// Makes `out` the `count` frames of `clip` from `start` on.
    ///
    /// # Errors
    /// When the range leaves the clip, or the entry has gone (evicted by another process, or an unplugged disk).
    pub fn read(&self, clip: ClipId, start: usize, count: usize, out: &mut Frames) -> std::io::Result<()> {
        let stored = self
            .clips
            .get(clip.0 as usize)
            .ok_or_else(|| Error::from(ErrorKind::NotFound))?;
        if start.checked_add(count).is_none_or(|end| end > stored.frames) {
            let text = format!("frames {start}+{count} of a clip with {}", stored.frames);
            return Err(Error::new(ErrorKind::InvalidInput, text));
        }
        if out.width() != self.bands || out.len() != count {
            *out = Frames::zeros(count, self.bands);
        }
        entry::read(&stored.path, start, out)
    }
}
