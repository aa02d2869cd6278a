//! What is judged, seen from outside: something that encodes, decodes and sounds. No device, no network type.

use super::EvalError;
use crate::values::{ChunkAudio, ChunkId, Condition, Frames, Latent};

/// One chunk of a real recording.
#[derive(Clone, Debug)]
pub struct RealChunk {
    /// Which point of the map it is.
    pub id: ChunkId,
    /// Which clip it is from: figures are resampled by clip.
    pub clip: u32,
    /// What holds over this chunk; unknown parts stay unknown.
    pub labels: Condition,
    /// Mono at 44.1 kHz, at the clip's reference loudness.
    pub samples: Vec<f32>,
    /// `[frames x bands]` log amplitude in nats, analysed within the whole clip.
    pub frames: Frames,
}

/// A sound to be decoded.
#[derive(Clone, Copy, Debug)]
pub struct SoundAsked<'a> {
    /// What happens, and where on the map.
    pub latent: &'a Latent,
    /// The labels asked for.
    pub condition: &'a Condition,
    /// The labels that strength leads away from.
    pub own: &'a Condition,
    /// 1 = the labels asked for as they were learned.
    pub strength: f32,
}

impl<'a> SoundAsked<'a> {
    /// As the labels were learned.
    pub fn plain(latent: &'a Latent, condition: &'a Condition) -> Self {
        Self {
            latent,
            condition,
            own: condition,
            strength: 1.0,
        }
    }
}

/// A chunk as the space holds it.
#[derive(Clone, Debug)]
pub struct Encoded {
    /// What a click on it plays.
    pub latent: Latent,
    /// KL to the prior of every dimension of g, nats.
    pub global_kl_nats: Vec<f32>,
    /// The same of l, summed over the chunk's time steps.
    pub local_kl_nats: Vec<f32>,
}

/// A space whose figures are wanted. Called from one thread; equal calls must give equal answers.
pub trait SpaceUnderTest {
    /// Why its frames cannot be compared with levels in dB, if so.
    fn has_no_levels(&self) -> Option<&'static str> {
        None
    }

    /// Standard deviation of every band over the corpus, nats: the unit of band distances.
    fn band_std(&self) -> &[f32];

    /// Latent and posterior of each chunk, labels known.
    ///
    /// # Errors
    /// When the space cannot encode.
    fn encode(&self, chunks: &[&RealChunk]) -> Result<Vec<Encoded>, EvalError>;

    /// One chunk per item, each `[frames x bands]` log amplitude (or samples) as long as the latent says.
    ///
    /// # Errors
    /// When the space cannot decode.
    fn decode(&self, items: &[SoundAsked<'_>]) -> Result<Vec<ChunkAudio>, EvalError>;

    /// What it computes on, in words.
    fn device(&self) -> String;
}

/// Decodes in batches of moderate size and returns levels `[frames x bands]`; waveform codecs are analysed.
pub(super) fn decode_levels(
    space: &dyn SpaceUnderTest,
    items: &[SoundAsked<'_>],
    analyse: &dyn Fn(&[f32]) -> Frames,
) -> Result<Vec<Frames>, EvalError> {
    let chunks = decode_batched(space, items)?;
    Ok(chunks.into_iter().map(|chunk| levels_of(chunk, analyse)).collect())
}

/// The levels of a decoded chunk.
pub(super) fn levels_of(chunk: ChunkAudio, analyse: &dyn Fn(&[f32]) -> Frames) -> Frames {
    match chunk {
        ChunkAudio::Spectral { log_amplitude, .. } => log_amplitude,
        ChunkAudio::Pcm { samples, .. } => analyse(&samples),
    }
}

/// Chunks decoded at once: enough to keep a device busy, little enough to hold.
const BATCH: usize = 8;

/// All items, in order.
pub(super) fn decode_batched(
    space: &dyn SpaceUnderTest,
    items: &[SoundAsked<'_>],
) -> Result<Vec<ChunkAudio>, EvalError> {
    let mut chunks = Vec::with_capacity(items.len());
    for batch in items.chunks(BATCH) {
        let decoded = space.decode(batch)?;
        if decoded.len() != batch.len() {
            return Err(EvalError::Space(format!(
                "{} chunks were asked for and {} came back",
                batch.len(),
                decoded.len()
            )));
        }
        chunks.extend(decoded);
    }
    Ok(chunks)
}
