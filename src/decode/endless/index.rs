//! Every beat of a space's clips, and what follows it, small enough to be searched as a whole.
//!
//! 36 bytes a beat, 12 and one for each value of g a chunk: with two beats a second about 8 bytes a patch of l.

use crate::space::Snapshot;
use crate::values::{ChunkId, Groove};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::sync::Arc;

/// Steps of l that are compared from a beat on: about .75 s.
pub(super) const STEPS_AHEAD: usize = 8;
/// Neighbouring steps of these are averaged, and each mean projected on so many directions.
const STEPS_AVERAGED: usize = 2;
const DIRECTIONS: usize = 6;
/// Values that sum up what follows a beat.
pub(super) const SUMMARY: usize = STEPS_AHEAD / STEPS_AVERAGED * DIRECTIONS;
/// Seconds of the clip that follow a moment at least, so that a jump there is worth it.
const LEAST_AHEAD_SECS: f32 = 2.5;
/// Where a clip has no beats, a moment is taken to be one every so often.
const PLAIN_BEAT_SECS: f32 = 0.56;
/// Pairs of chunks that tell how far apart two of them are by chance.
const PAIRS: usize = 2_000;
/// One bytes' worth of a summary or of g, in units of their standard deviation.
const BYTE: f32 = 4.0 / 127.0;
const SEED: u64 = 0x656e_646c;

/// The beats of one snapshot.
pub struct EndlessIndex {
    pub(super) snapshot: Arc<Snapshot>,
    /// Rising by clip and time.
    pub(super) moments: Vec<Moment>,
    /// `[moments x SUMMARY]`.
    pub(super) summaries: Vec<i8>,
    /// `[chunks x global dims]`.
    pub(super) globals: Vec<i8>,
    /// One byte of g, in g's own units.
    pub(super) global_byte: f32,
    /// The chunk that goes on where another ends, by chunk; itself at the end of its clip.
    pub(super) next: Vec<u32>,
    /// Mean squared distance of two chunks: of summaries and g in bytes, and of l over [`STEPS_AHEAD`] steps.
    pub(super) typical: Typical,
}

/// A place where a walk may begin or be left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    pub(super) chunk: u32,
    pub(super) frame: u16,
    /// Enough of the clip follows to jump here.
    pub(super) is_entry: bool,
}

/// Mean squared distances by chance.
#[derive(Clone, Copy, Debug)]
pub(super) struct Typical {
    pub(super) summary: f32,
    pub(super) global: f32,
    pub(super) local: f32,
}

impl EndlessIndex {
    /// Reads every latent of `snapshot` once.
    pub fn new(snapshot: Arc<Snapshot>) -> Self {
        let next = next_chunks(&snapshot);
        let mut index = Self {
            moments: Vec::new(),
            summaries: Vec::new(),
            globals: Vec::new(),
            global_byte: 1.0,
            next,
            typical: Typical {
                summary: 1.0,
                global: 1.0,
                local: 1.0,
            },
            snapshot,
        };
        index.find_moments();
        index.take_globals();
        index.take_summaries();
        index.measure_typical();
        index
    }

    /// The space that it indexes.
    pub fn snapshot(&self) -> &Arc<Snapshot> {
        &self.snapshot
    }

    /// Bytes that it takes beyond the space.
    pub fn bytes(&self) -> usize {
        size_of_val(&self.moments[..])
            + size_of_val(&self.summaries[..])
            + size_of_val(&self.globals[..])
            + size_of_val(&self.next[..])
    }

    /// Whether there is nowhere to be.
    pub fn is_empty(&self) -> bool {
        self.moments.is_empty()
    }

    /// Beats that it knows.
    pub fn beats(&self) -> usize {
        self.moments.len()
    }

    pub(super) fn groove(&self, chunk: u32) -> Option<&Groove> {
        let clip = self.snapshot.chunks[chunk as usize].clip.0 as usize;
        self.snapshot.clips[clip].groove.as_ref()
    }

    pub(super) fn frame_rate_hz(&self) -> f32 {
        self.snapshot.meta.model.frame_rate_hz()
    }

    pub(super) fn chunk_frames(&self) -> usize {
        self.snapshot.meta.model.chunk_frames
    }

    /// Frame of `chunk` at which the one after it begins: its length, unless they overlap.
    pub(super) fn leaves_at(&self, chunk: u32) -> usize {
        let (here, next) = (chunk as usize, self.next[chunk as usize] as usize);
        if here == next {
            return self.chunk_frames();
        }
        let [start, later] = [here, next].map(|chunk| self.snapshot.chunks[chunk].start_secs);
        (((later - start) * self.frame_rate_hz()).round() as usize).clamp(1, self.chunk_frames())
    }

    /// l over [`STEPS_AHEAD`] steps from `frame` of `chunk` on, `[steps x dims]`; shorter at the end of a clip.
    pub(super) fn follows(&self, chunk: u32, frame: usize) -> Vec<f32> {
        let (table, patch) = (&self.snapshot.latents, self.snapshot.meta.model.patch_frames);
        let dims = table.local_dims();
        let first = (frame + patch / 2) / patch;
        let own_end = (self.leaves_at(chunk) / patch).min(table.local_steps());
        let mut rows: Vec<f32> = Vec::with_capacity(STEPS_AHEAD * dims);
        let own = table.local(ChunkId(chunk));
        let from = first.min(own_end) * dims;
        rows.extend(own[from..own_end * dims].iter().take(STEPS_AHEAD * dims));
        let next = self.next[chunk as usize];
        if rows.len() < STEPS_AHEAD * dims && next != chunk {
            let skipped = first.saturating_sub(own_end) * dims;
            let later = table.local(ChunkId(next));
            let missing = STEPS_AHEAD * dims - rows.len();
            rows.extend(later.iter().skip(skipped).take(missing));
        }
        rows
    }

    /// First of the moments from `frame` of `chunk` on.
    pub(super) fn moment_from(&self, chunk: u32, frame: usize) -> usize {
        let place = |chunk: u32| {
            let row = self.snapshot.chunks[chunk as usize];
            (row.clip.0, row.start_secs)
        };
        let here = place(chunk);
        self.moments.partition_point(|moment| {
            let there = place(moment.chunk);
            match there.0.cmp(&here.0).then(there.1.total_cmp(&here.1)) {
                std::cmp::Ordering::Equal => (moment.frame as usize) < frame,
                order => order.is_lt(),
            }
        })
    }

    fn find_moments(&mut self) {
        let snapshot = Arc::clone(&self.snapshot);
        let rate = self.frame_rate_hz();
        let mut order: Vec<u32> = (0..snapshot.chunks.len() as u32).collect();
        let row = |chunk: u32| snapshot.chunks[chunk as usize];
        order.sort_by(|a, b| {
            let (a, b) = (row(*a), row(*b));
            a.clip.0.cmp(&b.clip.0).then(a.start_secs.total_cmp(&b.start_secs))
        });
        for chunk in order {
            let start_secs = row(chunk).start_secs;
            let frames = self.leaves_at(chunk);
            let end_secs = start_secs + frames as f32 / rate;
            let beats: Vec<f32> = match self.groove(chunk).filter(|groove| groove.beats_ms.len() > 1) {
                Some(groove) => groove.beats_ms[groove.beat_from(start_secs)..]
                    .iter()
                    .map(|ms| *ms as f32 / 1e3)
                    .take_while(|secs| *secs < end_secs)
                    .collect(),
                None => {
                    let beats = (frames as f32 / rate / PLAIN_BEAT_SECS).max(1.0) as usize;
                    (0..beats)
                        .map(|beat| start_secs + beat as f32 * PLAIN_BEAT_SECS)
                        .collect()
                }
            };
            for secs in beats {
                let frame = (((secs - start_secs) * rate).round() as usize).min(frames - 1);
                let moment = Moment {
                    chunk,
                    frame: frame as u16,
                    is_entry: self.left_secs(chunk, frame) >= LEAST_AHEAD_SECS,
                };
                if self.moments.last() != Some(&moment) {
                    self.moments.push(moment);
                }
            }
        }
        self.moments.shrink_to_fit();
    }

    /// Seconds of the clip from `frame` of `chunk` on, as far as that matters.
    fn left_secs(&self, chunk: u32, frame: usize) -> f32 {
        let (mut at, mut frames) = (chunk, self.leaves_at(chunk).saturating_sub(frame));
        while self.next[at as usize] != at && (frames as f32) < LEAST_AHEAD_SECS * self.frame_rate_hz() {
            at = self.next[at as usize];
            frames += self.leaves_at(at);
        }
        frames as f32 / self.frame_rate_hz()
    }

    fn take_globals(&mut self) {
        let values = self.snapshot.latents.globals();
        let square: f64 = values.iter().map(|value| f64::from(value.to_f32()).powi(2)).sum();
        self.global_byte = BYTE * ((square / values.len().max(1) as f64).sqrt() as f32).max(1e-6);
        self.globals = values
            .iter()
            .map(|value| to_byte(value.to_f32() / self.global_byte))
            .collect();
    }

    fn take_summaries(&mut self) {
        let dims = self.snapshot.latents.local_dims();
        let mut rng = ChaCha8Rng::seed_from_u64(SEED);
        let directions: Vec<f32> = (0..DIRECTIONS * dims)
            .map(|_| rng.random_range(-1.0f32..1.0) * (3.0 / dims.max(1) as f32).sqrt())
            .collect();
        let mut summary = Vec::with_capacity(SUMMARY);
        let mut all: Vec<f32> = Vec::with_capacity(self.moments.len().min(PAIRS) * SUMMARY);
        // The scale is that of the first few; the others are cut at four of it.
        let stride = (self.moments.len() / PAIRS).max(1);
        for moment in self.moments.iter().step_by(stride) {
            summarise(
                &self.follows(moment.chunk, usize::from(moment.frame)),
                dims,
                &directions,
                &mut summary,
            );
            all.extend(&summary);
        }
        let square = all.iter().map(|value| value * value).sum::<f32>() / all.len().max(1) as f32;
        let byte = BYTE * square.sqrt().max(1e-6);
        let mut summaries = Vec::with_capacity(self.moments.len() * SUMMARY);
        for moment in &self.moments {
            summarise(
                &self.follows(moment.chunk, usize::from(moment.frame)),
                dims,
                &directions,
                &mut summary,
            );
            summaries.extend(summary.iter().map(|value| to_byte(value / byte)));
        }
        self.summaries = summaries;
    }

    fn measure_typical(&mut self) {
        let beats = self.moments.len();
        if beats < 2 {
            return;
        }
        let mut rng = ChaCha8Rng::seed_from_u64(SEED);
        let (mut summary, mut global, mut local) = (0.0f64, 0.0f64, 0.0f64);
        for _ in 0..PAIRS {
            let [a, b] = [0, 1].map(|_| rng.random_range(0..beats));
            summary += f64::from(square_distance(self.summary(a), self.summary(b)));
            let [one, other] = [a, b].map(|moment| self.moments[moment]);
            global += f64::from(square_distance(self.global(one.chunk), self.global(other.chunk)));
            let [one, other] = [one, other].map(|moment| self.follows(moment.chunk, usize::from(moment.frame)));
            local += f64::from(local_distance(&one, &other));
        }
        let mean = |sum: f64| ((sum / PAIRS as f64) as f32).max(1e-6);
        self.typical = Typical {
            summary: mean(summary),
            global: mean(global),
            local: mean(local),
        };
    }

    pub(super) fn summary(&self, moment: usize) -> &[i8] {
        &self.summaries[moment * SUMMARY..(moment + 1) * SUMMARY]
    }

    pub(super) fn global(&self, chunk: u32) -> &[i8] {
        let dims = self.snapshot.latents.global_dims();
        &self.globals[chunk as usize * dims..(chunk as usize + 1) * dims]
    }

    /// `global` in bytes.
    pub(super) fn global_in_bytes(&self, global: &[f32]) -> Vec<i8> {
        global.iter().map(|value| to_byte(value / self.global_byte)).collect()
    }
}

/// Mean squared difference of two stretches of l over what both have.
pub(super) fn local_distance(a: &[f32], b: &[f32]) -> f32 {
    let len = a.len().min(b.len()).max(1);
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum::<f32>() / len as f32
}

/// Summed squared difference, in bytes.
pub(super) fn square_distance(a: &[i8], b: &[i8]) -> f32 {
    let sum: i32 = a
        .iter()
        .zip(b)
        .map(|(a, b)| {
            let difference = i32::from(*a) - i32::from(*b);
            difference * difference
        })
        .sum();
    sum as f32
}

fn to_byte(value: f32) -> i8 {
    value.round().clamp(-127.0, 127.0) as i8
}

/// Means of neighbouring steps of `rows` on `directions`; nothing where `rows` end.
fn summarise(rows: &[f32], dims: usize, directions: &[f32], out: &mut Vec<f32>) {
    out.clear();
    out.resize(SUMMARY, 0.0);
    for (step, row) in rows.chunks_exact(dims.max(1)).enumerate() {
        let place = step / STEPS_AVERAGED * DIRECTIONS;
        for (value, direction) in out[place..place + DIRECTIONS]
            .iter_mut()
            .zip(directions.chunks_exact(dims.max(1)))
        {
            *value += row.iter().zip(direction).map(|(a, b)| a * b).sum::<f32>();
        }
    }
}

fn next_chunks(snapshot: &Snapshot) -> Vec<u32> {
    let mut order: Vec<u32> = (0..snapshot.chunks.len() as u32).collect();
    let row = |chunk: u32| snapshot.chunks[chunk as usize];
    order.sort_by(|a, b| {
        let (a, b) = (row(*a), row(*b));
        a.clip.0.cmp(&b.clip.0).then(a.start_secs.total_cmp(&b.start_secs))
    });
    let mut next: Vec<u32> = (0..snapshot.chunks.len() as u32).collect();
    let (frame_secs, chunk_secs) = (1.0 / snapshot.meta.model.frame_rate_hz(), snapshot.chunk_secs());
    for pair in order.windows(2) {
        let [here, later] = [row(pair[0]), row(pair[1])];
        // A gap is no way on.
        let follows = later.start_secs - here.start_secs;
        if here.clip == later.clip && follows >= frame_secs && follows <= chunk_secs + 2.0 * frame_secs {
            next[pair[0] as usize] = pair[1];
        }
    }
    next
}
