//! The frames of one corpus, ready for random crops. Any thread; memory is one path and some numbers per clip, and a bounded number
//! of clips whose frames the disk has no room for.

use super::Analyser;
use super::entry::{self, Packed};
use super::guests::Guests;
use super::remaking::Remaking;
use super::stored_clip::StoredClip;
use crate::values::{ClipId, Frames};
use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// Reads frames of the clips of a corpus by position; clip ids are indices into [`crate::corpus::Corpus::clips`].
#[derive(Clone, Debug)]
pub struct FrameStore {
    bands: usize,
    clips: Arc<[StoredClip]>,
    /// Clips that were already in the cache.
    hits: usize,
    limit_secs: f32,
    folder: PathBuf,
    remaking: Option<Arc<Remaking>>,
    guests: Arc<OnceLock<Guests>>,
}

impl FrameStore {
    pub(super) fn new(folder: &Path, bands: usize, clips: Vec<StoredClip>, hits: usize, limit_secs: f32) -> Self {
        Self {
            bands,
            clips: clips.into(),
            hits,
            limit_secs,
            folder: folder.to_path_buf(),
            remaking: None,
            guests: Arc::default(),
        }
    }

    /// The same store, which makes frames that are not on disk with `analyser`, the one that the others were made with.
    #[must_use]
    pub fn remade_by(mut self, analyser: Arc<dyn Analyser>) -> Self {
        self.remaking = Some(Arc::new(Remaking::new(analyser, self.limit_secs)));
        self
    }

    /// The cache's folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

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

    /// Whether the frames of `clip` are on disk.
    pub fn is_kept(&self, clip: ClipId) -> bool {
        self.clips.get(clip.0 as usize).is_some_and(|stored| stored.is_kept)
    }

    /// Frames of `clip`; 0 for a clip that is not here.
    pub fn clip_frames(&self, clip: ClipId) -> usize {
        self.clips.get(clip.0 as usize).map_or(0, |stored| stored.frames)
    }

    /// Makes `out` the `count` frames of `clip` from `start` on.
    ///
    /// # Errors
    /// When the range leaves the clip, or its entry has gone (evicted by another process, or an unplugged disk) and the file has
    /// gone or changed too.
    pub fn read(&self, clip: ClipId, start: usize, count: usize, out: &mut Frames) -> std::io::Result<()> {
        let index = clip.0 as usize;
        let stored = self.clips.get(index).ok_or_else(|| Error::from(ErrorKind::NotFound))?;
        if start.checked_add(count).is_none_or(|end| end > stored.frames) {
            let text = format!("frames {start}+{count} of a clip with {}", stored.frames);
            return Err(Error::new(ErrorKind::InvalidInput, text));
        }
        if out.width() != self.bands || out.len() != count {
            *out = Frames::zeros(count, self.bands);
        }
        if stored.is_kept {
            let read = entry::read(&stored.path, start, out);
            if read.is_ok() || self.remaking.is_none() {
                return read;
            }
        }
        match self.guests.get().and_then(|guests| guests.frames_of(index)) {
            Some(frames) => frames.read(start, out),
            None => self.remade(index)?.read(start, out),
        }
    }

    fn remade(&self, index: usize) -> std::io::Result<Arc<Packed>> {
        match &self.remaking {
            Some(remaking) => remaking.frames(index, &self.clips),
            None => Err(Error::new(ErrorKind::NotFound, "its frames are not kept on disk")),
        }
    }

    /// Prepares for random crops of `clips`: of those that are not on disk some at a time are guests in memory, and take turns.
    pub fn invite(&self, clips: &[usize]) {
        let Some(remaking) = &self.remaking else {
            return;
        };
        let away: Vec<usize> = clips
            .iter()
            .copied()
            .filter(|clip| self.clips.get(*clip).is_some_and(|stored| !stored.is_kept))
            .collect();
        if !away.is_empty() {
            self.guests
                .get_or_init(|| Guests::new(away, Arc::clone(&self.clips), Arc::clone(remaking)));
        }
    }

    /// The clip that is read at once where `clip` was drawn: itself where it is on disk, else one of the guests, by `draw`.
    pub fn at_hand(&self, clip: usize, draw: u64) -> usize {
        if self.is_kept(ClipId(clip as u32)) {
            return clip;
        }
        self.guests.get().and_then(|guests| guests.one(draw)).unwrap_or(clip)
    }
}
