//! What filling a cache will take, from the lengths in the files' headers.

use super::entry;
use super::keys::codec_key;
use super::{Analyser, FillOptions, FrameCache};
use crate::corpus::Corpus;

/// What a fill will need, for the user to agree to.
#[derive(Clone, Copy, Debug, Default, PartialEq, serde::Serialize)]
pub struct CacheEstimate {
    /// Bytes of all frames of the corpus.
    pub bytes: u64,
    /// Those of them that are kept on disk; the rest is made again from the files while it is learned from.
    pub kept_bytes: u64,
    /// Clips whose frames are already there.
    pub clips_ready: usize,
    /// Seconds of music still to be decoded.
    pub secs_to_decode: f64,
}

impl FrameCache {
    /// What filling the cache for `corpus` takes, from the lengths in the files' headers.
    pub fn estimate(&self, corpus: &Corpus, analyser: &dyn Analyser, options: &FillOptions) -> CacheEstimate {
        let key = codec_key(analyser, options);
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
        estimate.kept_bytes = estimate.bytes.min(self.budget_bytes);
        estimate
    }
}
