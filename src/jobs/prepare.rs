//! From a folder of music to frames that can be learned from: import, frames, labels, hold-out, statistics.

use super::JobError;
use super::sink::{ImportRelay, JobSink};
use crate::codec::encodec::EncodecCodec;
use crate::codec::{BandStats, SpectralCodec, StatsFit, StdFloor};
use crate::corpus::{self, Analyser, Corpus, CorpusClip, FillOptions, Filled, FrameCache, FrameStore, ImportOptions};
use crate::dsp::BandAxis;
use crate::model::{CodecKind, ModelConfig};
use crate::space::CodecWeights;
use crate::train::linear_model::FitError;
use crate::train::{FrameSource, TrainOptions, TrainingClip, TrainingSet};
use burn::tensor::Device;
use std::path::{Path, PathBuf};
use std::sync::Arc;

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
    cache: &Path,
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
    let cache = FrameCache::open(cache, FrameCache::DEFAULT_BUDGET_BYTES)?;
    let Filled { store, measurements } = cache.fill(&mut corpus, analyser.as_ref(), &FillOptions::default(), &relay)?;
    let emotion = corpus::estimate_emotion(&mut corpus, &measurements.iter().collect::<Vec<_>>());
    relay.noted(emotion.sentence());
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
) -> Result<(Box<dyn Analyser>, Option<CodecWeights>), JobError> {
    match (codec, weights) {
        (CodecKind::Spectral, _) => Ok((Box::new(SpectralCodec::new(BandAxis::standard())), None)),
        (CodecKind::Encodec, None) => Err(JobError::NoCodecWeights),
        (CodecKind::Encodec, Some(path)) => {
            let codec = EncodecCodec::load(path, &Device::flex())?;
            let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
            let weights = CodecWeights {
                path: path.to_string_lossy().into_owned(),
                hash: codec.weights_hash(),
            };
            Ok((Box::new(codec), Some(weights)))
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

/// Band statistics over the training clips.
fn fit_stats(store: &FrameStore, held_out: &[bool], config: &ModelConfig) -> Result<BandStats, JobError> {
    let floor = match config.codec {
        CodecKind::Spectral => StdFloor::LEVELS,
        CodecKind::Encodec => StdFloor::LATENTS,
    };
    let mut fit = StatsFit::new(config.bands);
    for (clip, _) in held_out.iter().enumerate().filter(|(_, held_out)| !**held_out) {
        fit.add(&FrameSource::read(store, clip, 0, store.frame_count(clip)).map_err(JobError::FrameCache)?);
    }
    fit.finish(floor).ok_or(JobError::Fit(FitError::NothingToFit))
}
