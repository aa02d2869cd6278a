//! Not real-time: a row of chunks to samples as the engine voices them, without a device and as fast as it goes.

use super::Playback;
use super::synth::{Controls, Part, Raises, Retirement, Source, SourceKind, Voices};
use crate::dsp::BandAxis;
use crate::sync::StopFlag;
use crate::values::{ChunkAudio, DecodedChunk, Recording, RecordingKey};
use std::sync::Arc;

/// Brings recordings; each is asked for shortly before it sounds, again where a loop comes back to it.
pub type RecordingOf<'a> = dyn FnMut(&RecordingKey) -> Option<Arc<Recording>> + 'a;

/// The first `len` stereo frames of `row` at the engine's rate, steered by the decoded frames where `recording_of` has the
/// recordings, before the limiter, fewer once `stop` is set; `None` unless all of `row` are frames of the engine's axis.
pub fn voice_row(
    row: &[Arc<DecodedChunk>],
    playback: Playback,
    seed: u64,
    len: usize,
    recording_of: &mut RecordingOf<'_>,
    stop: &StopFlag,
) -> Option<Vec<[f32; 2]>> {
    let axis = BandAxis::standard();
    let fits = |chunk: &Arc<DecodedChunk>| match &chunk.audio {
        ChunkAudio::Spectral { log_amplitude, .. } => log_amplitude.width() == axis.bands(),
        ChunkAudio::Pcm { .. } => false,
    };
    if !row.iter().all(fits) {
        return None;
    }
    let controls = Controls::default();
    controls.set_playback(playback);
    controls.take_over();
    let (mut retirement, mut retired) = Retirement::lane();
    let mut voices = Voices::new(&axis, seed);
    let mut reel = Reel::new(row, &axis);
    let mut source = reel.load(0, recording_of)?;
    voices.start(Arc::clone(&source), &mut retirement);
    let late = voices.frame_latency_samples();
    let mut frames = Vec::with_capacity(len + late + axis.hop_len());
    while frames.len() < len + late && !stop.is_stopped() {
        let part = voices.head().map_or(0, |head| source.part_at(head.frames()));
        if part != reel.at
            && let Some(next) = reel.load(part, recording_of)
        {
            voices.lengthen(&source, &next, &mut retirement);
            source = next;
        }
        frames.extend_from_slice(voices.hop_unlimited(&controls, &mut retirement));
        while retired.pop().is_ok() {}
    }
    frames.drain(..late.min(frames.len()));
    frames.truncate(len);
    Some(frames)
}

/// A row of which only the part that plays and its neighbours have their recordings in memory.
struct Reel<'a> {
    row: &'a [Arc<DecodedChunk>],
    hop_len: usize,
    /// The part in the middle.
    at: usize,
    loaded: Vec<Arc<Recording>>,
    raises: Raises,
}

impl<'a> Reel<'a> {
    fn new(row: &'a [Arc<DecodedChunk>], axis: &BandAxis) -> Self {
        Self {
            row,
            hop_len: axis.hop_len(),
            at: 0,
            loaded: Vec::new(),
            raises: Raises::default(),
        }
    }

    /// The row around part `at`; `None` when there is no sound in it.
    fn load(&mut self, at: usize, recording_of: &mut RecordingOf<'_>) -> Option<Arc<Source>> {
        self.at = at;
        let parts = self.row.len();
        let key = |index: usize| Some(&self.row[index % parts].steering.as_ref()?.recording);
        let [before, here, next] = [at + parts - 1, at, at + 1].map(key);
        self.loaded
            .retain(|loaded| [before, here, next].contains(&Some(loaded.key())));
        // What was before is there, unless the row begins with this part.
        for key in [here, next].into_iter().flatten() {
            if self.loaded.iter().all(|loaded| loaded.key() != key) {
                self.loaded.extend(recording_of(key));
            }
        }
        let parts = self.row.iter().cloned().map(Part::Decoded).collect();
        let source = Source::new(parts, SourceKind::Spectral, self.hop_len, None)?;
        Some(Arc::new(source.with_recordings(self.loaded.iter(), &mut self.raises)))
    }
}
