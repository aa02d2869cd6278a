//! The seam between the window and what computes: real workers in the program, a fake in tests.

use crate::device::Candidates;
use crate::jobs::{self, JobFolders, Limiting, SoundLength, Unheard};
use crate::render::Recipe;
use crate::space::Snapshot;
use crate::sync::{StopFlag, Waker};
use crate::values::{ChunkAudio, ChunkId, DecodeRequest, DecodedChunk};
use crate::workers::{DecodeEvent, DecodeWorker, TrainingWorker, WorkerEvent, WorkerRequest};
use crossbeam_channel::{Receiver, unbounded};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Trains, opens, saves, decodes. No call blocks.
pub trait Backend {
    /// Hands over a request; `false` when it cannot be taken.
    fn request(&self, request: WorkerRequest) -> bool;
    /// Asks for a sound; the newest wins.
    fn decode(&self, request: DecodeRequest);
    /// Decodes with `snapshot` from now on.
    fn set_snapshot(&self, snapshot: Arc<Snapshot>);
    /// The next event, if there is one.
    fn poll(&self) -> Option<BackendEvent>;
    /// Starts dead workers again.
    fn restart(&mut self);
    /// What renders offline, to be called on a worker thread.
    fn renderer(&self) -> Arc<RenderToFile>;
    /// What decodes single chunks, to be called on a worker thread.
    fn previewer(&self) -> Arc<Previewer>;
}

/// Renders a recipe of a snapshot, whose recordings may lie in some folders, to a file, and says which recording it had to do
/// without; ends soon after the flag is set. The error is a sentence.
pub type RenderToFile = dyn Fn(&Arc<Snapshot>, (&Recipe, SoundLength), &[PathBuf], &Path, &StopFlag) -> Result<Option<Unheard>, String>
    + Send
    + Sync;

/// Decodes chunks of a snapshot as they were recorded; the error is a sentence.
pub type Previewer = dyn Fn(&Snapshot, &[ChunkId]) -> Result<Vec<ChunkAudio>, String> + Send + Sync;

/// What a [`Backend`] says.
#[derive(Clone, Debug)]
pub enum BackendEvent {
    /// From the worker that trains, opens and saves.
    Worker(WorkerEvent),
    /// From the worker that makes sounds.
    Decode(DecodeEvent),
}

/// The real workers.
pub struct Workers {
    training: TrainingWorker,
    decode: DecodeWorker,
    decode_events: Receiver<DecodeEvent>,
    folders: JobFolders,
    waker: Waker,
}

impl Workers {
    /// Starts both workers, on the CPU until one of the candidates is ready; the decoded row of every request goes to
    /// `on_decoded` on a worker's thread.
    pub fn start(
        device: Candidates,
        folders: JobFolders,
        waker: Waker,
        on_decoded: impl Fn(&[Arc<DecodedChunk>]) + Send + Sync + 'static,
    ) -> Self {
        let (events_tx, decode_events) = unbounded();
        let wake = waker.clone();
        let decode = DecodeWorker::start_preparing(device, on_decoded, move |event| {
            // A window that is gone needs no events.
            let _ = events_tx.send(event);
            wake.wake();
        });
        Self {
            training: TrainingWorker::start_beside(&decode, folders.clone(), waker.clone()),
            decode,
            decode_events,
            folders,
            waker,
        }
    }
}

impl Backend for Workers {
    fn request(&self, request: WorkerRequest) -> bool {
        self.training.request(request)
    }

    fn decode(&self, request: DecodeRequest) {
        self.decode.request(request);
    }

    fn set_snapshot(&self, snapshot: Arc<Snapshot>) {
        self.decode.set_snapshot(snapshot);
    }

    fn poll(&self) -> Option<BackendEvent> {
        let decode = || self.decode_events.try_recv().ok().map(BackendEvent::Decode);
        self.training.poll().map(BackendEvent::Worker).or_else(decode)
    }

    fn restart(&mut self) {
        if self.training.is_dead() {
            self.training = TrainingWorker::start_beside(&self.decode, self.folders.clone(), self.waker.clone());
        }
        if self.decode.is_dead() {
            self.decode.restart();
        }
    }

    fn renderer(&self) -> Arc<RenderToFile> {
        let compute = self.decode.compute().clone();
        Arc::new(move |snapshot, (recipe, length), roots, path, stop| {
            let device = compute.device().device;
            jobs::export_sound(snapshot, recipe, (Limiting::AsLive, length), roots, path, &device, stop)
                .map_err(|error| error.to_string())
        })
    }

    fn previewer(&self) -> Arc<Previewer> {
        let compute = self.decode.compute().clone();
        Arc::new(move |snapshot, chunks| {
            let device = compute.device().device;
            jobs::decode_chunks(snapshot, chunks, &device).map_err(|error| error.to_string())
        })
    }
}
