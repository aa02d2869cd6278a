//! From a folder of music to frames that can be learned from: import, frames, labels, hold-out, statistics.

use super::sink::{ImportRelay, JobEvent, JobSink};
use super::{JobError, JobFolders};
use crate::codec::encodec::EncodecCodec;
use crate::codec::{BandStats, SpectralCodec, StatsFit, StdFloor};
use crate::corpus::{self, Analyser, Corpus, CorpusClip, FillOptions, Filled, FrameCache, FrameStore, ImportOptions};
use crate::dsp::BandAxis;
use crate::model::{CodecKind, ModelConfig};
use crate::space::CodecWeights;
use crate::train::linear_model::FitError;
use crate::train::{FrameSource, TrainOptions, TrainingClip, TrainingSet};
use crate::values::ClipId;
use burn::tensor::Device;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Clips that band statistics are taken over at most: more change them no further.
const STATS_CLIPS: usize = 1_500;

/// Share of clips kept out of training.
pub const HOLD_OUT: f32 = 0.15;

/// A corpus as frames, ready to be fitted.
pub(super) struct Prepared {
    pub corpus: Corpus,
    pub set: TrainingSet,
    pub codec_weights: Option<CodecWeights>,
}

/// Import, frames, split, statistics.
pub(super) fn prepare(
    source: &Path,
    options: &TrainOptions,
    folders: &JobFolders,
    sink: &mut dyn JobSink,
) -> Result<Prepared, JobError> {
    let relay = ImportRelay::new(sink);
    let (analyser, codec_weights) = open_analyser(options.codec, options.encodec_weights.as_deref())?;
    let sources: Vec<PathBuf> = std::iter::once(source.to_path_buf())
        .chain(options.joined.iter().cloned())
        .collect();
    let mut corpus = corpus::import_all(
        &sources,
        &ImportOptions {
            layout: options.layout,
            ..ImportOptions::default()
        },
        &relay,
    )?;
    let cache = FrameCache::open(&folders.cache, folders.cache_bytes)?;
    relay.event(JobEvent::Noted(what_it_takes(&cache, &corpus, analyser.as_ref())));
    let Filled { store, measurements } = cache.fill(&mut corpus, analyser.as_ref(), &FillOptions::default(), &relay)?;
    let store = store.remade_by(Arc::clone(&analyser));
    let emotion = corpus::estimate_emotion(&mut corpus, &measurements.iter().collect::<Vec<_>>());
    relay.event(JobEvent::Noted(emotion.sentence()));
    let split = corpus.split(HOLD_OUT, options.seed);
    let clips = corpus
        .clips
        .iter()
        .zip(&split.held_out)
        .map(|(clip, held_out)| training_clip(clip, *held_out))
        .collect();
    let mut config = ModelConfig::new(options.codec, options.preset, corpus.genres.len(), options.chunk_secs)
        .with_frames(
            analyser.sample_rate_hz(),
            analyser.hop_len(),
            analyser.bands(),
            options.chunk_secs,
        );
    config.global_dims = options.global_dims;
    config.local_dims = options.local_dims;
    if let Some(problem) = config.problem() {
        return Err(JobError::Settings(problem));
    }
    let stats = fit_stats(&store, &split.held_out, &config)?;
    Ok(Prepared {
        set: TrainingSet {
            config,
            stats,
            clips,
            source: Arc::new(store),
        },
        corpus,
        codec_weights,
    })
}

/// What makes frames, and the file behind it where there is one.
pub(super) fn open_analyser(
    codec: CodecKind,
    weights: Option<&Path>,
) -> Result<(Arc<dyn Analyser>, Option<CodecWeights>), JobError> {
    match (codec, weights) {
        (CodecKind::Spectral, _) => Ok((Arc::new(SpectralCodec::new(BandAxis::standard())), None)),
        (CodecKind::Encodec, None) => Err(JobError::NoCodecWeights),
        (CodecKind::Encodec, Some(path)) => {
            let codec = EncodecCodec::load(path, &Device::flex())?;
            let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
            let weights = CodecWeights {
                path: path.to_string_lossy().into_owned(),
                hash: codec.weights_hash(),
            };
            Ok((Arc::new(codec), Some(weights)))
        }
    }
}

/// A clip as the trainer and the encoder see it.
pub(super) fn training_clip(clip: &CorpusClip, held_out: bool) -> TrainingClip {
    TrainingClip {
        labels: clip.condition(),
        emotion_track: clip.va_track.clone(),
        held_out,
    }
}

/// What the import will take, before it takes it.
fn what_it_takes(cache: &FrameCache, corpus: &Corpus, analyser: &dyn Analyser) -> String {
    let estimate = cache.estimate(corpus, analyser, &FillOptions::default());
    let hours: f64 = corpus
        .clips
        .iter()
        .map(|clip| f64::from(clip.duration_secs) / 3_600.0)
        .sum();
    let gigabytes = |bytes: u64| bytes as f64 / 1e9;
    let start = format!(
        "{} files, {hours:.1} hours of music, {:.1} of them still to be decoded; their frames take {:.2} GB in {}",
        corpus.clips.len(),
        estimate.secs_to_decode / 3_600.0,
        gigabytes(estimate.bytes),
        cache.folder().display()
    );
    match estimate.kept_bytes < estimate.bytes {
        false => start,
        true => format!(
            "{start}, of which {:.2} GB are kept: the rest is made again from the files while it is learned from (--cache-gb sets \
             how much is kept)",
            gigabytes(estimate.kept_bytes)
        ),
    }
}

/// Band statistics over the training clips, of large corpora over some.
fn fit_stats(store: &FrameStore, held_out: &[bool], config: &ModelConfig) -> Result<BandStats, JobError> {
    let floor = match config.codec {
        CodecKind::Spectral => StdFloor::LEVELS,
        CodecKind::Encodec => StdFloor::LATENTS,
    };
    let mut fit = StatsFit::new(config.bands);
    let training = (0..held_out.len()).filter(|clip| !held_out[*clip]);
    let (kept, away): (Vec<usize>, Vec<usize>) = training.partition(|clip| store.is_kept(ClipId(*clip as u32)));
    let looked_at = if kept.len() >= STATS_CLIPS.min(away.len()) {
        kept
    } else {
        [kept, away].concat()
    };
    // Evenly over all of them.
    let count = looked_at.len().min(STATS_CLIPS);
    for clip in (0..count).map(|i| looked_at[i * looked_at.len() / count]) {
        fit.add(&FrameSource::read(store, clip, 0, store.frame_count(clip)).map_err(JobError::FrameCache)?);
    }
    fit.finish(floor).ok_or(JobError::Fit(FitError::NothingToFit))
}
