//! Clips whose frames the disk has no room for, some of them in memory at a time, so that each is learned from in its turn.
//!
//! A thread goes round the clips in an order drawn once and replaces the oldest guest by the next clip. It works a small share of
//! the time, so that training keeps its pace: music is decoded two thousand times as fast as it plays.

use super::entry::Packed;
use super::remaking::Remaking;
use super::stored_clip::StoredClip;
use crate::sync::{StopFlag, Worker};
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use std::collections::VecDeque;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

/// Clips in memory, about 1.2 MB each where they are half a minute long, and bytes at most.
const MOST_GUESTS: usize = 64;
const MOST_BYTES: usize = 128 << 20;
/// Of the time that a clip took, so much is waited before the next.
const REST: u32 = 6;
/// Where nothing had to be made, or it failed at once.
const LEAST_REST: Duration = Duration::from_millis(2);
/// Between two looks at the stop flag while waiting.
const LOOK: Duration = Duration::from_millis(20);

/// A clip and its frames.
type Seat = (usize, Arc<Packed>);
type Seats = Arc<RwLock<VecDeque<Seat>>>;

/// The clips that are here now.
#[derive(Debug)]
pub(super) struct Guests {
    seats: Seats,
    _host: Worker,
}

impl Guests {
    /// Lets `away` take turns.
    pub fn new(away: Vec<usize>, clips: Arc<[StoredClip]>, remaking: Arc<Remaking>) -> Self {
        let seats = Seats::default();
        let taken = Arc::clone(&seats);
        let host = Worker::spawn(
            "guests",
            move |stop| host(away, &clips, &remaking, &taken, stop),
            |message| log::error!("clips that are not on disk are no longer learned from: {message}"),
        );
        Self { seats, _host: host }
    }

    /// The frames of `clip`, if it is here.
    pub fn frames_of(&self, clip: usize) -> Option<Arc<Packed>> {
        let seats = self.seats.read().unwrap_or_else(PoisonError::into_inner);
        seats.iter().find(|seat| seat.0 == clip).map(|seat| Arc::clone(&seat.1))
    }

    /// One of those here, the long ones as much oftener; `draw` decides.
    pub fn one(&self, draw: u64) -> Option<usize> {
        let seats = self.seats.read().unwrap_or_else(PoisonError::into_inner);
        let total: usize = seats.iter().map(|seat| seat.1.frames()).sum();
        let mut at = draw.checked_rem(total as u64)? as usize;
        seats.iter().find_map(|seat| match at.checked_sub(seat.1.frames()) {
            None => Some(seat.0),
            Some(rest) => {
                at = rest;
                None
            }
        })
    }
}

fn host(mut away: Vec<usize>, clips: &[StoredClip], remaking: &Remaking, seats: &Seats, stop: &StopFlag) {
    // One order, so that each clip's turn comes as often as another's.
    let seed = away.len() as u64;
    away.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
    let room = MOST_GUESTS.min(away.len());
    for clip in away.iter().copied().cycle() {
        let begun = Instant::now();
        let held = seats
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
            .any(|seat| seat.0 == clip);
        match (!held).then(|| remaking.make(&clips[clip])) {
            Some(Ok(frames)) => {
                let mut seats = seats.write().unwrap_or_else(PoisonError::into_inner);
                seats.push_back((clip, Arc::new(frames)));
                let bytes = |seats: &VecDeque<Seat>| seats.iter().map(|seat| seat.1.bytes()).sum::<usize>();
                while seats.len() > room || (seats.len() > 1 && bytes(&seats) > MOST_BYTES) {
                    seats.pop_front();
                }
            }
            Some(Err(error)) => log::warn!("{error}. It is left out until its next turn"),
            None => {}
        }
        let is_full = seats.read().unwrap_or_else(PoisonError::into_inner).len() >= room;
        let rest = begun.elapsed() * if is_full { REST } else { 0 };
        let until = Instant::now() + rest.max(LEAST_REST);
        loop {
            if stop.is_stopped() {
                return;
            }
            match until.checked_duration_since(Instant::now()) {
                Some(left) if !left.is_zero() => std::thread::sleep(left.min(LOOK)),
                _ => break,
            }
        }
    }
}
