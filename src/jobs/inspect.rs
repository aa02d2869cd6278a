//! A first look at music before it is learned: what is in it, what it would take, a few excerpts to hear.

use super::sink::UntilStopped;
use super::{JobError, JobFolders};
use crate::codec::SpectralCodec;
use crate::corpus::audit::{Moment, moments};
use crate::corpus::{CacheEstimate, Corpus, FillOptions, FrameCache, ImportOptions, import_all};
use crate::dsp::BandAxis;
use crate::sync::StopFlag;
use std::path::PathBuf;
use std::time::Instant;

/// Excerpts to hear, and their length.
const EXCERPTS: usize = 4;
const EXCERPT_SECS: f32 = 3.0;

/// What was found.
pub struct Inspection {
    /// Nothing of it was decoded but the excerpts.
    pub corpus: Corpus,
    /// At most four, 3 s or shorter.
    pub excerpts: Vec<Moment>,
    /// What analysing all of it needs.
    pub frames: CacheEstimate,
    /// Seconds that this machine needs to decode and analyse a second of music, on all its cores.
    pub work_per_sec: f32,
}

/// Looks through `sources` without decoding more than a few excerpts.
///
/// # Errors
/// When there is no music, or the cache of `folders` cannot be opened; [`JobError::Stopped`] once `stop` is set.
pub fn inspect(
    sources: &[PathBuf],
    options: &ImportOptions,
    folders: &JobFolders,
    stop: &StopFlag,
) -> Result<Inspection, JobError> {
    let corpus = import_all(sources, options, &UntilStopped(stop))?;
    if stop.is_stopped() {
        return Err(JobError::Stopped);
    }
    let codec = SpectralCodec::new(BandAxis::standard());
    let begun = Instant::now();
    let rate_hz = codec.axis().sample_rate_hz();
    let excerpts = moments(&corpus, EXCERPTS, EXCERPT_SECS, rate_hz, &|| stop.is_stopped());
    if stop.is_stopped() {
        return Err(JobError::Stopped);
    }
    for excerpt in &excerpts {
        codec.analyse(&excerpt.samples);
    }
    let heard_secs: f32 = excerpts.iter().map(|excerpt| excerpt.decoded_secs).sum();
    let one_thread = begun.elapsed().as_secs_f32() / heard_secs.max(1.0);
    let cache = FrameCache::open(&folders.cache, folders.cache_bytes)?;
    let threads = std::thread::available_parallelism().map_or(1.0, |threads| threads.get() as f32);
    Ok(Inspection {
        frames: cache.estimate(&corpus, &codec, &FillOptions::default()),
        work_per_sec: one_thread / threads,
        corpus,
        excerpts,
    })
}
