//! Where decodes are asked for and handed out: the newest request, the newest snapshot, answers in order.
//!
//! Two threads may answer: the decode worker, and the training worker between its steps on an adapter. There a training step
//! holds up whatever another thread asks of the adapter, so whoever is between two steps answers at once.

use super::DecodeEvent;
use crate::space::Snapshot;
use crate::sync::Latest;
use crate::values::{DecodeRequest, DecodedChunk};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// A training that looked at the desk this recently is stepping, and will again soon.
const STEPPING: Duration = Duration::from_millis(250);
/// How long it may take to come by before the decode worker answers by itself.
const HEAD_START: Duration = Duration::from_millis(30);

type OnDecoded = dyn Fn(&[Arc<DecodedChunk>]) + Send + Sync;

/// Clones share the desk.
#[derive(Clone)]
pub(super) struct DecodeDesk(Arc<Desk>);

struct Desk {
    requests: Latest<DecodeRequest>,
    snapshot: Mutex<Option<Arc<Snapshot>>>,
    /// The newest generation that was answered; holding it keeps answers in order.
    answered: Mutex<u64>,
    opened: Instant,
    /// Microseconds from `opened` to the training's last visit.
    visited_us: AtomicU64,
    on_decoded: Box<OnDecoded>,
    on_event: Box<dyn Fn(DecodeEvent) + Send + Sync>,
}

impl DecodeDesk {
    pub fn new(
        on_decoded: impl Fn(&[Arc<DecodedChunk>]) + Send + Sync + 'static,
        on_event: impl Fn(DecodeEvent) + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(Desk {
            requests: Latest::default(),
            snapshot: Mutex::default(),
            answered: Mutex::default(),
            opened: Instant::now(),
            visited_us: AtomicU64::new(0),
            on_decoded: Box::new(on_decoded),
            on_event: Box::new(on_event),
        }))
    }

    /// Decodes are of this snapshot from now on.
    pub fn put_snapshot(&self, snapshot: Arc<Snapshot>) {
        *lock(&self.0.snapshot) = Some(snapshot);
    }

    /// The newest snapshot.
    pub fn snapshot(&self) -> Option<Arc<Snapshot>> {
        lock(&self.0.snapshot).clone()
    }

    /// Asks for a decode; replaces a request that nobody has begun.
    pub fn ask(&self, request: DecodeRequest) {
        self.0.requests.put(request);
    }

    /// The newest request, for the training worker, which comes by between its steps.
    pub fn take_between_steps(&self) -> Option<DecodeRequest> {
        let now = self.0.opened.elapsed().as_micros() as u64;
        // Never the 0 of a desk that nobody has visited.
        self.0.visited_us.store(now.max(1), Ordering::Release);
        self.0.requests.take()
    }

    /// The newest request, for the decode worker, which waits for one at most `timeout`. A training that is stepping gets a
    /// head start.
    pub fn wait(&self, timeout: Duration) -> Option<DecodeRequest> {
        if !self.0.requests.wait_until_filled(timeout) {
            return None;
        }
        if self.training_is_stepping() {
            std::thread::sleep(HEAD_START);
        }
        self.0.requests.take()
    }

    /// Hands out the answer to a request, unless a newer one was answered meanwhile.
    pub fn answer(&self, row: &[Arc<DecodedChunk>]) {
        let Some(first) = row.first() else { return };
        let mut answered = lock(&self.0.answered);
        if first.generation >= *answered {
            *answered = first.generation;
            (self.0.on_decoded)(row);
        }
    }

    /// Whether a newer request waits, so that the rest of a row is no longer wanted.
    pub fn is_waiting(&self) -> bool {
        self.0.requests.is_waiting()
    }

    pub fn tell(&self, event: DecodeEvent) {
        (self.0.on_event)(event);
    }

    fn training_is_stepping(&self) -> bool {
        let visited = self.0.visited_us.load(Ordering::Acquire);
        visited > 0 && self.0.opened.elapsed() < Duration::from_micros(visited) + STEPPING
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What is inside is replaced whole, so a panicking holder leaves nothing half done.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::{ChunkAudio, LoopContext};

    fn desk() -> (DecodeDesk, crossbeam_channel::Receiver<u64>) {
        let (heard_tx, heard) = crossbeam_channel::unbounded();
        let on_decoded = move |row: &[Arc<DecodedChunk>]| heard_tx.send(row[0].generation).unwrap();
        (DecodeDesk::new(on_decoded, |_| {}), heard)
    }

    fn request(generation: u64) -> DecodeRequest {
        DecodeRequest {
            generation,
            asked_at: Instant::now(),
            row: Vec::new(),
            strength: 1.0,
            context: LoopContext::Circular,
            first_number: None,
        }
    }

    fn chunk(generation: u64) -> Arc<DecodedChunk> {
        Arc::new(DecodedChunk {
            generation,
            ..DecodedChunk::of(ChunkAudio::Pcm {
                samples: Vec::new(),
                channels: 1,
                sample_rate_hz: 44_100,
            })
        })
    }

    #[test]
    fn the_newest_request_is_answered_by_one_of_the_two() {
        let (desk, _) = desk();
        (1..=3).for_each(|generation| desk.ask(request(generation)));
        assert_eq!(desk.take_between_steps().map(|request| request.generation), Some(3));
        assert!(desk.wait(Duration::ZERO).is_none());
        desk.ask(request(4));
        // A training was here a moment ago, but does not come again.
        assert_eq!(desk.wait(Duration::ZERO).map(|request| request.generation), Some(4));
    }

    #[test]
    fn an_answer_that_a_newer_one_has_overtaken_is_dropped() {
        let (desk, heard) = desk();
        for generation in [1, 3, 2, 4] {
            desk.answer(&[chunk(generation)]);
        }
        assert_eq!(heard.try_iter().collect::<Vec<_>>(), [1, 3, 4]);
    }
}
