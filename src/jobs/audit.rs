//! The dataset doctor's pipeline: every file is decoded once and measured; nothing changes but the cache of measurements.

use super::prepare::HOLD_OUT;
use super::{JobError, JobFolders};
use crate::codec::SpectralCodec;
use crate::corpus::audit::{AuditReport, Examination, examine};
use crate::corpus::{Corpus, FillOptions, FrameCache, ImportOptions, Progress, estimate_emotion, import_all};
use crate::dsp::BandAxis;
use std::path::PathBuf;
use std::time::Instant;

/// The music with its measured lengths and estimated moods, and what there is to say about it.
pub struct Audit {
    /// Clips in use, with what was wrong with the other files.
    pub corpus: Corpus,
    /// For a person to read, or to be written as JSON.
    pub report: AuditReport,
}

/// Examines `sources` as a training with chunks of `chunk_secs` and `seed` would learn from them.
///
/// # Errors
/// When no clip can be used or the cache cannot be written; [`JobError::Stopped`] when `progress` cancels.
pub fn audit(
    sources: &[PathBuf],
    options: &ImportOptions,
    folders: &JobFolders,
    (chunk_secs, seed): (f32, u64),
    progress: &dyn Progress,
) -> Result<Audit, JobError> {
    let (codec, fill) = (SpectralCodec::new(BandAxis::standard()), FillOptions::default());
    let mut corpus = import_all(sources, options, progress)?;
    let cache = FrameCache::open(&folders.cache, folders.cache_bytes)?;
    let began = Instant::now();
    let measured = cache.measure(&mut corpus, codec.axis().sample_rate_hz(), &fill, progress)?;
    let decode_secs = began.elapsed().as_secs_f64();
    let measurements: Vec<_> = measured.measurements.iter().collect();
    let emotion = estimate_emotion(&mut corpus, &measurements);
    let with = Examination {
        cache: cache.estimate(&corpus, &codec, &fill),
        decode_secs,
        decoded_secs: measured.decoded_secs,
        chunk_secs,
        emotion: Some(&emotion),
    };
    let report = examine(&corpus, &measurements, &corpus.split(HOLD_OUT, seed), &with);
    Ok(Audit { corpus, report })
}
