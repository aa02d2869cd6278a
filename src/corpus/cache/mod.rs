//! Analysed frames on disk: decoded once, read by position for ever after.
//!
//! A cache folder holds `frames/<codec key>/<hh>/<content hash>.frames` (half precision, `[frames x bands]`) and
//! `measurements/<hh>/<content hash>.json` (what was measured while decoding). Keys are content and settings, so a moved or
//! renamed file is a hit and an edited one is not. Entries appear by rename, whole or not at all; nothing is mapped,
//! and memory is bounded by the clips in work. Safe to share between threads and between processes.

mod analyser;
mod entry;
mod evict;
mod fill;
mod store;

pub use analyser::Analyser;
pub use fill::{FillOptions, Filled, Measured};
pub use store::FrameStore;

use super::{Corpus, CorpusError};
use std::path::{Path, PathBuf};

/// Where the frames of all corpora lie.
#[derive(Clone, Debug)]
pub struct FrameCache {
    folder: PathBuf,
    budget_bytes: u64,
}

/// What a fill will need, for the user to agree to.
#[derive(Clone, Copy, Debug, Default, PartialEq, serde::Serialize)]
pub struct CacheEstimate {
    /// Bytes of all frames of the corpus.
    pub bytes: u64,
    /// Clips whose frames are already there.
    pub clips_ready: usize,
    /// Seconds of music still to be decoded.
    pub secs_to_decode: f64,
}

impl FrameCache {
    /// Bytes kept by default: about 9,000 clips of 30 s.
    pub const DEFAULT_BUDGET_BYTES: u64 = 20_000_000_000;

    /// A cache in `folder`, made if missing, that forgets its longest unused entries beyond `budget_bytes`.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn open(folder: &Path, budget_bytes: u64) -> Result<Self, CorpusError> {
        std::fs::create_dir_all(folder).map_err(|source| CorpusError::Cache {
            path: folder.into(),
            source,
        })?;
        Ok(Self {
            folder: folder.into(),
            budget_bytes,
        })
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What filling the cache for `corpus` takes, from the lengths in the files' headers.
    pub fn estimate(&self, corpus: &Corpus, analyser: &dyn Analyser, options: &FillOptions) -> CacheEstimate {
        let key = fill::codec_key(analyser, options);
        let mut estimate = CacheEstimate::default();
        for clip in &corpus.clips {
            let secs = clip.duration_secs.min(options.limit_secs);
            let frames = f64::from(secs) * f64::from(analyser.sample_rate_hz()) / analyser.hop_len() as f64;
            estimate.bytes += entry::file_bytes(frames.ceil() as u64, analyser.bands() as u64);
            if self.frames_path(&key, &clip.content_hash).is_file() {
                estimate.clips_ready += 1;
            } else {
                estimate.secs_to_decode += f64::from(secs);
            }
        }
        estimate
    }

    fn frames_path(&self, codec_key: &str, content_hash: &str) -> PathBuf {
        let shelf = content_hash.get(..2).unwrap_or("00");
        self.folder
            .join("frames")
            .join(codec_key)
            .join(shelf)
            .join(format!("{content_hash}.frames"))
    }

    fn measurements_path(&self, measurements_key: &str, content_hash: &str) -> PathBuf {
        let shelf = content_hash.get(..2).unwrap_or("00");
        self.folder
            .join("measurements")
            .join(measurements_key)
            .join(shelf)
            .join(format!("{content_hash}.json"))
    }
}
