//! The walk: which stretch of which chunk sounds next. Equal seeds and steering give equal walks.

use super::choose::{Jump, Leaving};
use super::index::EndlessIndex;
use super::steering::EndlessSteering;
use crate::values::{ChunkId, Groove};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;

/// Seconds from one jump to the next.
const BETWEEN_JUMPS_SECS: Range<f32> = 3.0..8.0;
/// What was heard so lately is not heard again.
const FRESH_SECS: f32 = 20.0;
/// What was heard costs more for so long, the more the later it was.
const REMEMBERED_SECS: f32 = 240.0;
const REPETITION: f32 = 1.5;
/// Where what would follow is so much unlike what did, the clip rather goes on for a while.
const TOO_ROUGH: f32 = 0.9;
const PATIENCE_SECS: f32 = 1.5;

/// Some frames of one chunk.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stretch {
    /// The chunk that sounds.
    pub chunk: ChunkId,
    /// Its first frame.
    pub from: usize,
    /// How many, at least one.
    pub frames: usize,
    /// Factor on the speed at which the recording fits the tempo that was heard before.
    pub pace: f32,
    /// It does not go on where the stretch before it ended.
    pub is_jump: bool,
}

/// A walk over a space. A clone goes on as the original would.
#[derive(Clone)]
pub struct Endless {
    index: Arc<EndlessIndex>,
    steering: EndlessSteering,
    rng: ChaCha8Rng,
    /// Where the next stretch begins.
    at: (u32, usize),
    pace: f32,
    is_jump: bool,
    jump_in_secs: f32,
    /// Chunk by chunk, the newest at the end: when it began, in seconds of the walk.
    heard: VecDeque<(u32, f32)>,
    now_secs: f32,
}

impl Endless {
    /// A walk that begins with `chunk`, at its frame `frame`.
    pub fn begin(
        index: Arc<EndlessIndex>,
        (chunk, frame): (ChunkId, usize),
        steering: EndlessSteering,
        seed: u64,
    ) -> Self {
        let last = (index.next.len() as u32).saturating_sub(1);
        let chunk = chunk.0.min(last);
        let mut walk = Self {
            at: (chunk, frame.min(index.chunk_frames().saturating_sub(1))),
            index,
            steering,
            rng: ChaCha8Rng::seed_from_u64(seed),
            pace: 1.0,
            is_jump: true,
            jump_in_secs: 0.0,
            heard: VecDeque::new(),
            now_secs: 0.0,
        };
        walk.jump_in_secs = walk.rng.random_range(BETWEEN_JUMPS_SECS);
        walk
    }

    /// Goes on by another index, of the same chunks.
    pub fn set_index(&mut self, index: Arc<EndlessIndex>) {
        if index.next.len() >= self.index.next.len() {
            self.index = index;
        }
    }

    /// Another place, or other labels, from the next jump on.
    pub fn steer(&mut self, steering: EndlessSteering) {
        self.steering = steering;
    }

    /// The next jump comes at the next beat.
    pub fn hurry(&mut self) {
        self.jump_in_secs = 0.0;
    }

    /// What it is drawn to.
    pub fn steering(&self) -> &EndlessSteering {
        &self.steering
    }

    /// The next stretch goes on at the first beat of `chunk`, fitted to the tempo that sounds.
    pub fn go_to(&mut self, chunk: ChunkId) {
        let chunk = chunk.0.min((self.index.next.len() as u32).saturating_sub(1));
        let heard = self.heard_tempo();
        let own = self.index.groove(chunk).and_then(Groove::steady_tempo_bpm);
        let beat = self.index.moments.get(self.index.moment_from(chunk, 0));
        let frame = beat
            .filter(|moment| moment.chunk == chunk)
            .map_or(0, |moment| usize::from(moment.frame));
        self.land(&Jump {
            chunk,
            frame,
            pace: super::choose::pace(own, heard).0,
            roughness: 1.0,
        });
    }

    /// The first beat at or after `frame` of `chunk` before it ends, as a frame.
    pub fn beat_in(&self, chunk: ChunkId, frame: usize) -> Option<usize> {
        let moment = self.index.moments.get(self.index.moment_from(chunk.0, frame))?;
        (moment.chunk == chunk.0).then_some(usize::from(moment.frame))
    }

    /// The first `frames` frames of the stretch that it would give next; it goes on there.
    pub fn cut_short(&mut self, frames: usize) -> Stretch {
        let (chunk, from) = self.at;
        let frames = frames.clamp(1, self.index.leaves_at(chunk).saturating_sub(from).max(1));
        let stretch = self.give(frames);
        self.go_on();
        stretch
    }

    /// What sounds next.
    pub fn stretch(&mut self) -> Stretch {
        let (chunk, from) = self.at;
        let end = self.index.leaves_at(chunk).max(from + 1);
        let rate = self.index.frame_rate_hz() * self.pace;
        let is_last = self.index.next[chunk as usize] == chunk;
        // The first beat that is due for a jump.
        let due = from + (self.jump_in_secs.max(0.0) * rate) as usize;
        let beat = self.index.moment_from(chunk, due.max(from + 1));
        let mut leave = self.index.moments[beat..]
            .iter()
            .take_while(|moment| moment.chunk == chunk)
            .map(|moment| usize::from(moment.frame))
            .find(|frame| *frame < end);
        if leave.is_none() && is_last {
            // Its last beat, or its very end.
            let first = self.index.moment_from(chunk, from + 1);
            leave = self.index.moments[first..]
                .iter()
                .take_while(|moment| moment.chunk == chunk)
                .map(|moment| usize::from(moment.frame))
                .last()
                .or(Some(end));
        }
        let stretch = self.give(leave.unwrap_or(end) - from);
        match leave {
            Some(frame) => self.leave(chunk, frame, is_last),
            None => self.go_on(),
        }
        stretch
    }

    fn give(&mut self, frames: usize) -> Stretch {
        let (chunk, from) = self.at;
        let secs = frames as f32 / (self.index.frame_rate_hz() * self.pace);
        self.heard.push_back((chunk, self.now_secs));
        self.now_secs += secs;
        self.jump_in_secs -= secs;
        while self
            .heard
            .front()
            .is_some_and(|(_, began)| self.now_secs - began > REMEMBERED_SECS)
        {
            self.heard.pop_front();
        }
        let stretch = Stretch {
            chunk: ChunkId(chunk),
            from,
            frames,
            pace: self.pace,
            is_jump: std::mem::take(&mut self.is_jump),
        };
        self.at = (chunk, from + frames);
        stretch
    }

    /// On in the clip.
    fn go_on(&mut self) {
        let (chunk, frame) = self.at;
        let leaves_at = self.index.leaves_at(chunk);
        if frame >= leaves_at {
            self.at = (self.index.next[chunk as usize], frame - leaves_at);
        }
    }

    /// A jump from `frame` of `chunk`, unless nothing continues as well and the clip can go on.
    fn leave(&mut self, chunk: u32, frame: usize, is_last: bool) {
        let moment = self.index.moment_from(chunk, frame);
        let jump = self.find(chunk, moment, FRESH_SECS);
        // Where a clip is shorter than what must not be heard again, half of that has to do.
        let jump = jump.or_else(|| {
            if is_last {
                self.find(chunk, moment, 0.5 * FRESH_SECS)
            } else {
                None
            }
        });
        let jump = jump.or_else(|| if is_last { self.find(chunk, moment, 0.0) } else { None });
        let fits = |jump: &Jump| is_last || jump.roughness < TOO_ROUGH || self.is_elsewhere(chunk);
        match jump {
            Some(jump) if fits(&jump) => self.land(&jump),
            _ if is_last => {
                // The only beat there is: from the beginning again.
                self.at = (chunk, 0);
                self.is_jump = true;
                self.jump_in_secs = self.rng.random_range(BETWEEN_JUMPS_SECS);
            }
            _ => {
                self.jump_in_secs = PATIENCE_SECS;
                self.go_on();
            }
        }
    }

    /// Whether what sounds is not what is asked for.
    fn is_elsewhere(&self, chunk: u32) -> bool {
        self.steering.wanted.as_ref().is_some_and(|wanted| {
            super::choose::label_distance(wanted, &self.index.snapshot.labels(ChunkId(chunk))) > 0.5
        })
    }

    fn find(&mut self, chunk: u32, moment: usize, fresh_secs: f32) -> Option<Jump> {
        let index = Arc::clone(&self.index);
        let chunk_secs = index.snapshot.chunk_secs();
        let mut penalties = std::collections::HashMap::new();
        for (chunk, began) in &self.heard {
            let ago = self.now_secs - began;
            let penalty: &mut f32 = penalties.entry(*chunk).or_insert(0.0);
            *penalty += if ago <= fresh_secs + chunk_secs {
                f32::INFINITY
            } else {
                REPETITION * (1.0 - ago / REMEMBERED_SECS).max(0.0)
            };
        }
        // What sounds now, and would go on by itself, is no jump; nor is what would lead into what was just heard.
        let next = |chunk: u32| index.next[chunk as usize];
        let heard = |other: u32| {
            let own = penalties.get(&other).copied().unwrap_or(0.0);
            let leads_to = penalties.get(&next(other)).copied().unwrap_or(0.0);
            if leads_to.is_infinite() { leads_to } else { own }
        };
        let tempo_bpm = self.heard_tempo();
        let leaving = Leaving {
            chunk,
            moment,
            tempo_bpm,
            steering: &self.steering,
            heard: &|other| {
                let is_own = other == chunk || other == next(chunk);
                if is_own && fresh_secs > 0.0 {
                    f32::INFINITY
                } else {
                    heard(other)
                }
            },
        };
        index.jump(&leaving, &mut self.rng)
    }

    fn land(&mut self, jump: &Jump) {
        self.at = (jump.chunk, jump.frame);
        self.pace = jump.pace;
        self.is_jump = true;
        self.jump_in_secs = self.rng.random_range(BETWEEN_JUMPS_SECS);
    }

    /// The tempo of what sounds, as it is heard.
    fn heard_tempo(&self) -> Option<f32> {
        let own = self.index.groove(self.at.0)?.steady_tempo_bpm()?;
        Some(own * self.pace)
    }
}
