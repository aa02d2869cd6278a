//! The live decoder: its own thread, the newest request wins, one snapshot at a time.
//!
//! On the CPU it computes in a pool of its own, one thread for a decode, so that a training beside it keeps the other cores and a decode never
//! queues behind a training step. On an adapter the training worker answers too, between its steps.

use super::DecodeEvent;
use super::compute::Compute;
use super::decoders::Decoders;
use super::desk::DecodeDesk;
use super::preparation;
use crate::device::Candidates;
use crate::space::Snapshot;
use crate::sync::{StopFlag, Worker};
use crate::values::{DecodeRequest, DecodedChunk};
use std::sync::Arc;
use std::time::Duration;

/// How long the worker sleeps before it looks at its stop flag again.
const IDLE: Duration = Duration::from_millis(100);

/// Handle of the decode worker. Dropping it ends the thread.
pub struct DecodeWorker {
    desk: DecodeDesk,
    compute: Compute,
    worker: Worker,
    _preparation: Worker,
}

impl DecodeWorker {
    /// Starts the worker on a device that was tested. `on_decoded` receives the row of every request on a worker's thread and
    /// must return at once: the first chunk alone as soon as it is decoded, then the row again with every further chunk, until
    /// a newer request waits.
    pub fn start(
        device: impl Into<Compute>,
        on_decoded: impl Fn(&[Arc<DecodedChunk>]) + Send + Sync + 'static,
        on_event: impl Fn(DecodeEvent) + Send + Sync + 'static,
    ) -> Self {
        let desk = DecodeDesk::new(on_decoded, on_event);
        Self::run(desk, device.into(), None)
    }

    /// The same on the CPU, until the first of `candidates` that proves right is ready.
    pub fn start_preparing(
        candidates: Candidates,
        on_decoded: impl Fn(&[Arc<DecodedChunk>]) + Send + Sync + 'static,
        on_event: impl Fn(DecodeEvent) + Send + Sync + 'static,
    ) -> Self {
        let desk = DecodeDesk::new(on_decoded, on_event);
        Self::run(desk, Compute::from(candidates.fallback.clone()), Some(candidates))
    }

    /// Starts a dead worker again, on the device of now and with what it was decoding.
    pub fn restart(&mut self) {
        *self = Self::run(self.desk.clone(), self.compute.clone(), None);
    }

    fn run(desk: DecodeDesk, compute: Compute, candidates: Option<Candidates>) -> Self {
        let preparation = preparation::start(candidates, compute.clone(), desk.clone());
        let (inbox, device, on_panic) = (desk.clone(), compute.clone(), desk.clone());
        let worker = Worker::spawn(
            "decode",
            move |stop| serve(&inbox, &device, stop),
            move |message| on_panic.tell(DecodeEvent::Died(message)),
        );
        Self {
            desk,
            compute,
            worker,
            _preparation: preparation,
        }
    }

    /// Decodes with this snapshot from now on.
    pub fn set_snapshot(&self, snapshot: Arc<Snapshot>) {
        self.desk.put_snapshot(snapshot);
    }

    /// Asks for a decode; replaces a request that has not begun.
    pub fn request(&self, request: DecodeRequest) {
        self.desk.ask(request);
    }

    /// Whether the thread is gone.
    pub fn is_dead(&self) -> bool {
        self.worker.is_finished()
    }

    /// The device that computes, now and later.
    pub fn compute(&self) -> &Compute {
        &self.compute
    }

    /// Where the training worker finds requests between its steps.
    pub(super) fn desk(&self) -> &DecodeDesk {
        &self.desk
    }
}

fn serve(desk: &DecodeDesk, compute: &Compute, stop: &StopFlag) {
    // A second thread for what a recording is steered away from, which is decoded beside what is asked for.
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().ok();
    let mut decoders = Decoders::default();
    while !stop.is_stopped() {
        // Made ready before the first click, so that the click need not wait for it.
        decoders.take_up(desk, compute);
        if let Some(request) = desk.wait(IDLE) {
            decoders.serve(&request, desk, compute, pool.as_ref(), stop);
        }
    }
}
