//! The planner of music that goes on: its own thread, which looks for the next jumps while others play.
//!
//! It indexes a space when it is first asked about it. The newest request wins.

use crate::decode::{Endless, EndlessIndex, EndlessSteering, Stretch};
use crate::space::Snapshot;
use crate::sync::{Latest, Waker, Worker, priority};
use crate::values::ChunkId;
use crossbeam_channel::{Receiver, unbounded};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long the thread sleeps before it looks at its stop flag again.
const IDLE: Duration = Duration::from_millis(100);

/// One stretch of a walk, and the walk as it was before it.
#[derive(Clone)]
pub struct Leg {
    /// What sounds.
    pub stretch: Stretch,
    /// Gives the stretch again, or another one in its place.
    pub before: Endless,
}

/// What is to be planned.
#[derive(Clone)]
pub enum PlanWish {
    /// A walk that begins with the whole of this chunk.
    Begin {
        /// The chunk that sounds.
        chunk: ChunkId,
        /// What it is drawn to.
        steering: EndlessSteering,
        /// Equal seeds give equal walks.
        seed: u64,
    },
    /// More of a walk.
    GoOn(Endless),
    /// Another way from the next beat of a leg on.
    Turn {
        /// The leg that sounds; the first that comes back is what is left of it.
        leg: Leg,
        /// Frames of it that sound in any case.
        keep_frames: usize,
        /// The chunk that is heard next; `None` = wherever the walk is drawn to, and not before it would have jumped.
        to: Option<ChunkId>,
        /// What it is drawn to from now on.
        steering: EndlessSteering,
    },
}

/// A request to the planner.
#[derive(Clone)]
pub struct PlanRequest {
    /// Comes back with the answer.
    pub id: u64,
    /// The space to walk in.
    pub snapshot: Arc<Snapshot>,
    /// What is to be planned.
    pub wish: PlanWish,
    /// Seconds that the answer lasts at least.
    pub secs: f32,
}

/// The answer to a request.
pub struct Plan {
    /// That of the request.
    pub id: u64,
    /// The beats of the space.
    pub index: Arc<EndlessIndex>,
    /// What sounds, in order.
    pub legs: Vec<Leg>,
    /// The walk behind the last of them.
    pub after: Endless,
    /// Seconds that the planner thought, the index aside.
    pub thought_secs: f32,
}

/// Handle of the planner. Dropping it ends the thread.
pub struct Planner {
    requests: Latest<PlanRequest>,
    plans: Receiver<Plan>,
    _worker: Worker,
}

impl Planner {
    /// Starts the thread; `waker` is called after each answer.
    pub fn start(waker: Waker) -> Self {
        let requests: Latest<PlanRequest> = Latest::default();
        let inbox = requests.clone();
        let (plans_tx, plans) = unbounded();
        let worker = Worker::spawn(
            "planner",
            move |stop| {
                priority::lower();
                let mut index: Option<Arc<EndlessIndex>> = None;
                while !stop.is_stopped() {
                    let Some(request) = inbox.wait(IDLE) else { continue };
                    let known = index
                        .take()
                        .filter(|index| Arc::ptr_eq(index.snapshot(), &request.snapshot));
                    let own = known.unwrap_or_else(|| Arc::new(EndlessIndex::new(Arc::clone(&request.snapshot))));
                    index = Some(Arc::clone(&own));
                    if own.is_empty() {
                        continue;
                    }
                    // A window that is gone needs no plan.
                    let _ = plans_tx.send(plan(request, own));
                    waker.wake();
                }
            },
            |message| log::error!("the planner died: {message}"),
        );
        Self {
            requests,
            plans,
            _worker: worker,
        }
    }

    /// Asks for a plan; replaces a request that has not begun.
    pub fn ask(&self, request: PlanRequest) {
        self.requests.put(request);
    }

    /// What came of a request, once.
    pub fn take(&self) -> Option<Plan> {
        self.plans.try_recv().ok()
    }
}

fn plan(request: PlanRequest, index: Arc<EndlessIndex>) -> Plan {
    let begun = Instant::now();
    let (mut legs, mut walk) = match request.wish {
        PlanWish::Begin { chunk, steering, seed } => {
            let mut walk = Endless::begin(Arc::clone(&index), (chunk, 0), steering, seed);
            let before = walk.clone();
            let stretch = walk.cut_short(usize::MAX);
            (vec![Leg { stretch, before }], walk)
        }
        PlanWish::GoOn(mut walk) => {
            walk.set_index(Arc::clone(&index));
            (Vec::new(), walk)
        }
        PlanWish::Turn {
            mut leg,
            keep_frames,
            to,
            steering,
        } => {
            leg.before.set_index(Arc::clone(&index));
            turn(leg, keep_frames, to, steering)
        }
    };
    let rate = index.snapshot().meta.model.frame_rate_hz();
    let secs_of = |legs: &[Leg]| {
        let secs = legs
            .iter()
            .map(|leg| leg.stretch.frames as f32 / (rate * leg.stretch.pace));
        secs.sum::<f32>()
    };
    while secs_of(&legs) < request.secs {
        let before = walk.clone();
        let stretch = walk.stretch();
        legs.push(Leg { stretch, before });
    }
    Plan {
        id: request.id,
        index,
        legs,
        after: walk,
        thought_secs: begun.elapsed().as_secs_f32(),
    }
}

fn turn(leg: Leg, keep_frames: usize, to: Option<ChunkId>, steering: EndlessSteering) -> (Vec<Leg>, Endless) {
    let Leg { stretch, before } = leg;
    let mut walk = before.clone();
    let end = stretch.from + stretch.frames;
    let beat = walk.beat_in(stretch.chunk, stretch.from + keep_frames.min(stretch.frames));
    let frames = match to.and(beat).filter(|beat| (stretch.from + 1..end).contains(beat)) {
        Some(beat) => beat - stretch.from,
        None => stretch.frames,
    };
    // Without a goal the leg stays as it is, and the walk leaves it as it would have.
    let left = if to.is_some() {
        walk.cut_short(frames)
    } else {
        walk.stretch()
    };
    walk.steer(steering);
    if let Some(chunk) = to {
        walk.go_to(chunk);
    }
    (vec![Leg { stretch: left, before }], walk)
}
