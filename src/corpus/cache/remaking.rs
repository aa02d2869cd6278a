//! Frames that the disk has no room for, made again from the file. Any thread.

use super::Analyser;
use super::entry::Packed;
use super::stored_clip::StoredClip;
use crate::corpus::{SpectrumTap, decode};
use crate::dsp::loudness;
use crate::files::modified_ms;
use rayon::prelude::*;
use std::collections::VecDeque;
use std::io::{Error, ErrorKind};
use std::sync::{Arc, Mutex, PoisonError};

/// Clips that are made together, at most: readers go through a corpus clip by clip, and every core can make one.
const TOGETHER: usize = 8;

/// Makes frames as the import did, and holds the last of them.
pub(super) struct Remaking {
    analyser: Arc<dyn Analyser>,
    limit_secs: f32,
    recent: Mutex<VecDeque<(usize, Arc<Packed>)>>,
}

impl std::fmt::Debug for Remaking {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Remaking")
            .field("analyser", &self.analyser.id())
            .finish()
    }
}

impl Remaking {
    pub fn new(analyser: Arc<dyn Analyser>, limit_secs: f32) -> Self {
        Self {
            analyser,
            limit_secs,
            recent: Mutex::default(),
        }
    }

    /// The frames of clip `index` of `clips`, from the last ones or made now, with those that will be wanted after it.
    pub fn frames(&self, index: usize, clips: &[StoredClip]) -> std::io::Result<Arc<Packed>> {
        let recent = || self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, frames)) = recent().iter().find(|(held, _)| *held == index) {
            return Ok(Arc::clone(frames));
        }
        let together = rayon::current_num_threads().clamp(1, TOGETHER);
        let away = (index + 1..clips.len()).filter(|later| !clips[*later].is_kept);
        let wanted: Vec<usize> = std::iter::once(index).chain(away.take(together - 1)).collect();
        let mut made: Vec<(usize, std::io::Result<Packed>)> = wanted
            .into_par_iter()
            .map(|clip| (clip, self.make(&clips[clip])))
            .collect();
        let own = Arc::new(made.remove(0).1?);
        // A clip that cannot be made says so when it is asked for.
        let later = made
            .into_iter()
            .filter_map(|(clip, frames)| Some((clip, Arc::new(frames.ok()?))));
        let mut recent = recent();
        recent.extend(std::iter::once((index, Arc::clone(&own))).chain(later));
        let room = 2 * together;
        let old = recent.len().saturating_sub(room);
        recent.drain(..old);
        Ok(own)
    }

    /// The frames of `clip`, made now.
    ///
    /// # Errors
    /// When the file cannot be read or is not the one that was imported.
    pub fn make(&self, clip: &StoredClip) -> std::io::Result<Packed> {
        let source = &clip.source;
        let told = |what: String| Error::new(ErrorKind::InvalidData, format!("{}: {what}", source.path.display()));
        let changed = || told("it has changed since the import; start again to learn from it as it is now".into());
        let meta = std::fs::metadata(&source.path).map_err(|error| told(error.to_string()))?;
        if meta.len() != source.bytes || (source.modified_ms.is_some() && modified_ms(&meta) != source.modified_ms) {
            return Err(changed());
        }
        let rate_hz = self.analyser.sample_rate_hz();
        let decoded = decode::decode(&source.path, rate_hz, self.limit_secs, &|| false);
        let mut samples = decoded.map_err(|error| told(error.to_string()))?.samples;
        loudness::normalise(&mut samples, rate_hz);
        let mut listener = SpectrumTap::new(rate_hz);
        let frames = decode::guarded(|| Ok(self.analyser.analyse(&samples, &mut listener, &|| false)))
            .map_err(|error| told(error.to_string()))?;
        match frames.len() == clip.frames {
            true => Ok(Packed::of(&frames)),
            false => Err(changed()),
        }
    }
}
