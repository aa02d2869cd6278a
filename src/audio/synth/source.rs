//! Real-time: something to play, a chunk or a row of chunks, read by frame or by sample at any place.
//!
//! Sources are built and dropped outside the real-time threads; reading them never allocates and never panics.

use super::part::Part;
use super::recorded::{Raises, RecordedParts};
use super::sanitize::sanitize;
use crate::values::{BeatGrid, ChunkAudio, Recording};
use std::ops::Range;
use std::sync::Arc;
use std::time::Instant;

/// Samples over which the end of a recording melts into its (mirrored) beginning, so that its loop has no seam.
const SEAM_LEN: usize = 1_024;

/// Which voice a source needs: its parts are either all frames or all samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceKind {
    /// Frames of log amplitude and texture, through RTPGHI.
    Spectral,
    /// Samples at the engine's rate.
    Pcm,
}

/// Where one part melts into the next.
struct Seam {
    ends_at: usize,
    begins_at: usize,
    len: usize,
}

/// The request that a source answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    pub generation: u64,
    pub asked_at: Instant,
    /// Somebody waits to hear it: the latency meter counts it.
    pub is_timed: bool,
}

/// A row of one or more parts of the same kind, never empty.
#[derive(Debug)]
pub struct Source {
    parts: Vec<Part>,
    recorded: RecordedParts,
    /// First frame (spectral) or sample (PCM) of every part, and the end. The first is 0 unless a beginning was let go of.
    starts: Vec<usize>,
    kind: SourceKind,
    /// 2 where any part is stereo.
    channels: usize,
    hop_len: usize,
    /// The frame at which it is struck, where notes are to begin there; its beginning otherwise.
    pub attack: f64,
    /// `None` for originals, which nobody waits for.
    pub origin: Option<Origin>,
    /// Number of the call that left it.
    pub serial: u64,
}

impl Source {
    /// A row of `parts` for an engine with frames `hop_len` apart; `None` when there is nothing in it.
    pub fn new(parts: Vec<Part>, kind: SourceKind, hop_len: usize, origin: Option<Origin>) -> Option<Self> {
        Self::after(0, parts, kind, hop_len, origin)
    }

    /// The same behind `lead` frames or samples of the row that were let go of.
    pub fn after(
        lead: usize,
        parts: Vec<Part>,
        kind: SourceKind,
        hop_len: usize,
        origin: Option<Origin>,
    ) -> Option<Self> {
        let mut starts = vec![lead];
        let mut end = lead;
        for part in &parts {
            end += match kind {
                SourceKind::Spectral => part.frames(),
                SourceKind::Pcm => part.pcm_frames(),
            };
            starts.push(end);
        }
        let channels = parts.iter().map(|part| part.pcm().1).max().unwrap_or(1);
        (end > lead).then_some(Self {
            recorded: RecordedParts::default(),
            parts,
            starts,
            kind,
            channels,
            hop_len,
            attack: 0.0,
            origin,
            serial: 0,
        })
    }

    /// A source without what it says it has: reading it panics.
    #[cfg(test)]
    pub fn broken() -> Self {
        Self {
            parts: Vec::new(),
            recorded: RecordedParts::default(),
            starts: vec![0, 1_000_000],
            kind: SourceKind::Pcm,
            channels: 1,
            hop_len: 256,
            attack: 0.0,
            origin: None,
            serial: 0,
        }
    }

    /// The same with those of `recordings` that belong to its parts. `raises` are of a row that it goes on from.
    pub fn with_recordings<'a>(
        mut self,
        recordings: impl Iterator<Item = &'a Arc<Recording>> + Clone,
        raises: &mut Raises,
    ) -> Self {
        if self.kind == SourceKind::Spectral {
            let steerings = self.parts.iter().map(Part::steering);
            self.recorded = RecordedParts::new(steerings, &self.starts, self.hop_len, recordings, raises);
        }
        self
    }

    /// Whether it answers the same request as `earlier`, with at least as much: more parts at its end, or other recordings.
    pub fn continues(&self, earlier: &Self) -> bool {
        self.answers_as(earlier) && self.kind == earlier.kind && self.end() >= earlier.end()
    }

    /// Whether both answer the same request.
    pub fn answers_as(&self, earlier: &Self) -> bool {
        self.origin.is_some() && self.origin == earlier.origin
    }

    /// The recordings of its parts, to be read by sample.
    pub fn recorded(&self) -> &RecordedParts {
        &self.recorded
    }

    /// Bands of its frames; 0 for samples.
    pub fn bands(&self) -> usize {
        self.frame(self.begin()).0.len()
    }

    /// How it must be voiced.
    pub fn kind(&self) -> SourceKind {
        self.kind
    }

    /// 1 or 2. A mono source sounds the same in both channels.
    pub fn channels(&self) -> usize {
        self.channels
    }

    /// The part that `frames` is in.
    pub fn part_at(&self, frames: f64) -> usize {
        self.locate((frames.max(0.0) as usize).min(self.end().saturating_sub(1)))
            .0
    }

    /// The frames that it has.
    pub fn extent(&self) -> Range<f64> {
        self.in_frames(self.begin())..self.in_frames(self.end())
    }

    /// Factor on the speed of what is at `frames`.
    pub fn pace_at(&self, frames: f64) -> f32 {
        self.parts
            .get(self.part_under(frames))
            .map_or(1.0, |part| part.timing().pace)
    }

    /// When its first part beats, where that matters.
    pub fn beats(&self) -> Option<BeatGrid> {
        self.parts.first()?.timing().beats
    }

    /// When its first part beats, whatever that is good for.
    pub fn grid(&self) -> Option<BeatGrid> {
        self.parts.first()?.timing().grid
    }

    /// Whether it is one part, a chunk by itself.
    pub fn is_single(&self) -> bool {
        self.parts.len() == 1
    }

    /// Number of the part at `frames`, and how many frames it is into it; `None` in a row that is whole.
    pub fn course_place(&self, frames: f64) -> Option<(u64, f64)> {
        let part = self.part_under(frames);
        let course = self.parts.get(part)?.course()?;
        Some((course.number, frames - self.in_frames(self.starts[part])))
    }

    /// The part at `frames`, whatever they count.
    fn part_under(&self, frames: f64) -> usize {
        let place = match self.kind {
            SourceKind::Spectral => frames,
            SourceKind::Pcm => frames * self.hop_len as f64,
        };
        self.part_at(place)
    }

    fn in_frames(&self, place: usize) -> f64 {
        match self.kind {
            SourceKind::Spectral => place as f64,
            SourceKind::Pcm => place as f64 / self.hop_len as f64,
        }
    }

    /// Log amplitude `[bands]` and texture `[bands]` at `frames`, between two frames interpolated linearly; the
    /// last frame leads to the first when `circular`.
    pub fn read_frame(&self, frames: f64, circular: bool, log_amplitude: &mut [f32], texture: &mut [f32]) {
        let (first, second, share) = self.around(frames, circular);
        let ((level_a, depth_a), (level_b, depth_b)) = (self.frame(first), self.frame(second));
        blend(level_a, level_b, share, log_amplitude);
        blend(depth_a, depth_b, share, texture);
    }

    /// The gain in nats `[bands]` that turns the recording into the sound at `frames`, as [`read_frame`](Self::read_frame) reads;
    /// false where the recording is that sound.
    pub fn read_gain(&self, frames: f64, circular: bool, gain: &mut [f32]) -> bool {
        let (first, second, share) = self.around(frames, circular);
        let [raise_a, raise_b] = [first, second].map(|frame| self.recorded.raise(self.locate(frame).0));
        let raise = raise_a + share * (raise_b - raise_a);
        match (self.gain(first), self.gain(second)) {
            (None, None) if raise == 0.0 => return false,
            (None, None) => gain.fill(0.0),
            (Some(a), Some(b)) => blend(a, b, share, gain),
            (Some(a), None) => scale(a, 1.0 - share, gain),
            (None, Some(b)) => scale(b, share, gain),
        }
        for gain in gain.iter_mut() {
            *gain += raise;
        }
        true
    }

    /// The sample of `channel` at `index`: wrapped with a melted seam when `circular`, silence outside otherwise.
    pub fn sample(&self, channel: usize, index: i64, circular: bool) -> f32 {
        if !circular {
            return usize::try_from(index).map_or(0.0, |index| self.sample_at(channel, index));
        }
        let (begin, end) = (self.begin(), self.end());
        let index = (index - begin as i64).rem_euclid((end - begin) as i64) as usize + begin;
        let sample = self.sample_at(channel, index);
        let Some(next) = self.seam_after(index) else {
            return sample;
        };
        let (left, seam) = (next.ends_at - index, next.len);
        let angle = std::f32::consts::FRAC_PI_2 * (left - 1) as f32 / seam as f32;
        sample * angle.sin() + self.sample_at(channel, next.begins_at + left - 1) * angle.cos()
    }

    /// How far sample `a` lies behind sample `b`, the short way round when `circular`.
    pub fn distance(&self, a: i64, b: i64, circular: bool) -> i64 {
        if !circular {
            return a - b;
        }
        let len = (self.end() - self.begin()) as i64;
        (a - b + len / 2).rem_euclid(len) - len / 2
    }

    /// The frames before and after `frames`, and how far the second is on.
    fn around(&self, frames: f64, circular: bool) -> (usize, usize, f32) {
        let last = self.end() - 1;
        let first = (frames.max(0.0) as usize).clamp(self.begin(), last);
        let second = match first + 1 {
            next if next <= last => next,
            _ if circular => self.begin(),
            _ => last,
        };
        (first, second, (frames - first as f64).clamp(0.0, 1.0) as f32)
    }

    /// Where `index` is so near the end of a part that it melts into (the mirrored beginning of) what comes after: the end of the
    /// row, or a jump.
    fn seam_after(&self, index: usize) -> Option<Seam> {
        let (part, offset) = self.locate(index);
        let is_last = part + 1 == self.parts.len();
        let next = if is_last { 0 } else { part + 1 };
        if !is_last && !self.parts[next].course().is_some_and(|course| course.is_jump) {
            return None;
        }
        let own_len = self.starts[part + 1] - self.starts[part];
        let next_len = self.starts[next + 1] - self.starts[next];
        let len = match is_last && part == 0 {
            true => SEAM_LEN.min(own_len / 2),
            false => SEAM_LEN.min(own_len / 2).min(next_len / 2),
        };
        (own_len - offset <= len).then_some(Seam {
            ends_at: self.starts[part + 1],
            begins_at: self.starts[next],
            len,
        })
    }

    fn begin(&self) -> usize {
        self.starts.first().copied().unwrap_or(0)
    }

    fn end(&self) -> usize {
        self.starts.last().copied().unwrap_or(0)
    }

    fn locate(&self, index: usize) -> (usize, usize) {
        let index = index.max(self.begin());
        let part = self.starts.partition_point(|start| *start <= index).saturating_sub(1);
        (part, index - self.starts[part])
    }

    fn frame(&self, index: usize) -> (&[f32], &[f32]) {
        let (part, row) = self.locate(index);
        match self.parts.get(part).map(Part::audio) {
            Some(ChunkAudio::Spectral { log_amplitude, texture }) => (log_amplitude.row(row), texture.row(row)),
            _ => (&[], &[]),
        }
    }

    fn gain(&self, index: usize) -> Option<&[f32]> {
        let (part, row) = self.locate(index);
        let gain = self.parts.get(part)?.steering()?.gain.as_ref()?;
        (row < gain.len()).then(|| gain.row(row))
    }

    fn sample_at(&self, channel: usize, index: usize) -> f32 {
        if index >= self.end() || index < self.begin() {
            return 0.0;
        }
        let (part, offset) = self.locate(index);
        let (samples, channels) = self.parts[part].pcm();
        let place = offset * channels + channel.min(channels - 1);
        sanitize(samples.get(place).copied().unwrap_or(0.0))
    }
}

fn blend(a: &[f32], b: &[f32], share: f32, out: &mut [f32]) {
    for ((out, a), b) in out.iter_mut().zip(a).zip(b) {
        *out = a + share * (b - a);
    }
}

fn scale(values: &[f32], factor: f32, out: &mut [f32]) {
    for (out, value) in out.iter_mut().zip(values) {
        *out = value * factor;
    }
}
