//! What a folder of music looks like to EnCodec: latents of every clip, codes of a part of them, drawn.
//!
//! On the caller's thread, in parallel over clips. The latents go through the frame cache, so a training on the same
//! folder and weights finds them there, and the other way round.

use super::{JobError, JobFolders};
use crate::atlas::{CodecClip, CodecCorpus, Excerpt, Picture, codec_pictures};
use crate::codec::encodec::{ClipLatents, CodebookUsage, EncodecCodec};
use crate::corpus::{FillOptions, Filled, FrameCache, FrameStore, ImportOptions, Progress, estimate_emotion, import};
use crate::files::make_folder_for;
use crate::sync::StopFlag;
use crate::values::{ClipId, Frames};
use burn::tensor::Device;
use std::path::{Path, PathBuf};

/// Clips shown over time, and how long.
const EXCERPTS: usize = 4;
const EXCERPT_SECS: f32 = 8.0;
/// Seconds of every clip that are quantised: counting codes needs no whole songs.
const QUANTISED_SECS: f32 = 10.0;

/// A picture as it was drawn, and where it lies.
pub struct CodecPlot {
    /// What it shows: `latent_samples`, `clips_by_latent` or `codebook_usage`.
    pub name: &'static str,
    /// The same pixels as in the file.
    pub picture: Picture,
    /// The PNG in the folder that was asked for.
    pub path: PathBuf,
}

/// Draws what the music of `source` looks like to the EnCodec at `weights`, as PNGs in `folder`. Equal seeds, equal pictures.
///
/// # Errors
/// When the weights cannot be used, nothing can be imported, or a picture cannot be written; [`JobError::Stopped`] once
/// `stop` is set.
pub fn codec_plots(
    (source, weights): (&Path, &Path),
    folder: &Path,
    seed: u64,
    folders: &JobFolders,
    progress: &dyn Progress,
    stop: &StopFlag,
) -> Result<Vec<CodecPlot>, JobError> {
    let figures = codec_figures(source, weights, folders, progress, stop)?;
    let mut plots = Vec::new();
    for (name, picture) in codec_pictures(&figures, seed, stop)? {
        let path = folder.join(name).with_extension("png");
        make_folder_for(&path)?;
        picture.write(&path)?;
        plots.push(CodecPlot { name, picture, path });
    }
    Ok(plots)
}

/// Encodes the music of `source` with the EnCodec at `weights` and counts its codes at the highest bandwidth.
///
/// # Errors
/// When the weights cannot be used or nothing can be imported; [`JobError::Stopped`] once `stop` is set.
fn codec_figures(
    source: &Path,
    weights: &Path,
    folders: &JobFolders,
    progress: &dyn Progress,
    stop: &StopFlag,
) -> Result<CodecCorpus, JobError> {
    let codec = EncodecCodec::load(weights, &Device::flex())?;
    let mut corpus = import(source, &ImportOptions::default(), progress)?;
    let cache = FrameCache::open(&folders.cache, folders.cache_bytes)?;
    let Filled { store, measurements } = cache.fill(&mut corpus, &codec, &FillOptions::default(), progress)?;
    estimate_emotion(&mut corpus, &measurements.iter().collect::<Vec<_>>());

    let frame_rate_hz = codec.sample_rate_hz() as f32 / codec.hop_len() as f32;
    let frames = |secs: f32| (secs * frame_rate_hz) as usize;
    let kbps = codec.config().target_bandwidths.last().copied().unwrap_or_default();
    let mut usage = CodebookUsage::new(codec.config().codebook_size);
    let mut clips = Vec::with_capacity(corpus.clips.len());
    let mut excerpts = Vec::new();
    let every = corpus.clips.len().div_ceil(EXCERPTS).max(1);
    for (index, clip) in corpus.clips.iter().enumerate() {
        if stop.is_stopped() {
            return Err(JobError::Stopped);
        }
        let latents = read(&store, index)?;
        let Some(summary) = ClipLatents::of(&latents) else {
            continue;
        };
        let codes = codec.quantise(&middle(&latents, frames(QUANTISED_SECS)), kbps);
        usage.add(&codes?);
        if index % every == 0 {
            excerpts.push(Excerpt {
                title: clip.title.clone(),
                latents: middle(&latents, frames(EXCERPT_SECS)),
            });
        }
        clips.push(CodecClip {
            latents: summary,
            valence: clip.valence,
            arousal: clip.arousal,
        });
    }
    Ok(CodecCorpus {
        excerpts,
        clips,
        usage,
        kbps,
        frame_rate_hz,
    })
}

fn read(store: &FrameStore, clip: usize) -> Result<Frames, JobError> {
    let (id, mut latents) = (ClipId(clip as u32), Frames::default());
    store
        .read(id, 0, store.clip_frames(id), &mut latents)
        .map_err(JobError::FrameCache)?;
    Ok(latents)
}

/// At most `count` frames from the middle.
fn middle(latents: &Frames, count: usize) -> Frames {
    let count = count.min(latents.len());
    let start = (latents.len() - count) / 2;
    latents.slice(start, start + count)
}
