//! The walk that sounds in the window, as it holds it: what is planned, and what was asked for.

use crate::decode::{Endless, EndlessIndex};
use crate::space::Snapshot;
use crate::sync::Waker;
use crate::values::ChunkId;
use crate::workers::{Leg, PlanRequest, PlanWish, Planner};
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Instant;

/// The walk that sounds.
pub struct EndlessPlay {
    pub(super) planner: Planner,
    /// What is planned from the leg that sounds on.
    pub(super) legs: VecDeque<Leg>,
    /// Number of the first of them in the row.
    pub(super) first: u64,
    /// The walk behind the last of them.
    pub(super) after: Option<Endless>,
    pub(super) index: Option<Arc<EndlessIndex>>,
    /// The chunk that the choice and the sliders lead to.
    pub(super) goal: Option<ChunkId>,
    /// The newest request to the planner, and whether it is still out.
    pub(super) asked_for: u64,
    pub(super) is_out: bool,
    /// The row that is asked for: its generation, its time, and when a decode was asked for last.
    pub(super) row: Option<(u64, Instant, Instant)>,
    /// Wanted of the loader last.
    pub(super) recordings: Vec<ChunkId>,
    pub(super) strength: f32,
    /// How far g was moved by hand.
    pub(super) moved: Option<Vec<f32>>,
    pub(super) seed: u64,
}

impl EndlessPlay {
    /// Nothing planned yet.
    pub fn new(waker: Waker) -> Self {
        Self {
            planner: Planner::start(waker),
            legs: VecDeque::new(),
            first: 0,
            after: None,
            index: None,
            goal: None,
            asked_for: 0,
            is_out: false,
            row: None,
            recordings: Vec::new(),
            strength: 1.0,
            moved: None,
            seed: 1,
        }
    }

    /// Forgets the walk; the next one begins anew.
    pub fn end(&mut self) {
        // Numbers go on, so that no old answer is taken for a new one.
        self.first += self.legs.len() as u64 + 1;
        self.legs.clear();
        (self.after, self.goal, self.row) = (None, None, None);
        self.asked_for += 1;
        self.is_out = false;
        self.recordings.clear();
    }

    /// The same walk again gives the same way.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// From the next walk on.
    pub fn set_seed(&mut self, seed: u64) {
        self.seed = seed;
    }

    /// Asks the planner for `wish`, `secs` long at least.
    pub(super) fn ask(&mut self, snapshot: &Arc<Snapshot>, wish: PlanWish, secs: f32) {
        self.asked_for += 1;
        self.is_out = true;
        self.planner.ask(PlanRequest {
            id: self.asked_for,
            snapshot: Arc::clone(snapshot),
            wish,
            secs,
        });
    }

    /// Whether there is a walk.
    pub(super) fn is_walking(&self) -> bool {
        !self.legs.is_empty()
    }
}
