//! The seam between the window and what computes: real workers in the program, a fake in tests.

use crate::device::OpenDevice;
use crate::jobs::{self, JobFolders, Limiting};
use crate::render::Recipe;
use crate::space::Snapshot;
use crate::sync::Waker;
use crate::values::{ChunkAudio, ChunkId, DecodeRequest, DecodedChunk};
use crate::workers::{DecodeEvent, DecodeWorker, TrainingWorker, WorkerEvent, WorkerRequest};
use crossbeam_channel::{Receiver, unbounded};
use std::path::Path;
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

/// Renders a recipe of a snapshot to a file; the error is a sentence.
pub type RenderToFile = dyn Fn(&Arc<Snapshot>, &Recipe, &Path) -> Result<(), String> + Send + Sync;

/// Decodes chunks of a snapshot as they were recorded; the error is a sentence.
pub type Previewer = dyn Fn(&Snapshot, &[ChunkId]) -> Result<Vec<ChunkAudio>, String> + Send + Sync;

/// What a [`Backend`] says.
#[derive(Clone, Debug)]
pub enum BackendEvent {
    Worker(WorkerEvent),
    Decode(DecodeEvent),
}

/// The real workers.
pub struct Workers {
    training: TrainingWorker,
    decode: DecodeWorker,
    decode_events: Receiver<DecodeEvent>,
    device: OpenDevice,
    folders: JobFolders,
    waker: Waker,
    on_decoded: OnDecoded,
}

type OnDecoded = Arc<dyn Fn(&[Arc<DecodedChunk>]) + Send + Sync>;

impl Workers {
    /// Starts both workers on `device`; the decoded row of every request goes to `on_decoded` on the decode worker's thread.
    pub fn start(
        device: OpenDevice,
        folders: JobFolders,
        waker: Waker,
        on_decoded: impl Fn(&[Arc<DecodedChunk>]) + Send + Sync + 'static,
    ) -> Self {
        let on_decoded: OnDecoded = Arc::new(on_decoded);
        let training = TrainingWorker::start(device.clone(), folders.clone(), waker.clone());
        let (decode, decode_events) = start_decoder(&device, &waker, &on_decoded);
        Self {
            training,
            decode,
            decode_events,
            device,
            folders,
            waker,
            on_decoded,
        }
    }
}

fn start_decoder(device: &OpenDevice, waker: &Waker, on_decoded: &OnDecoded) -> (DecodeWorker, Receiver<DecodeEvent>) {
    let (events_tx, events_rx) = unbounded();
    let on_decoded = Arc::clone(on_decoded);
    let waker = waker.clone();
    let worker = DecodeWorker::start(
        device.clone(),
        move |row| on_decoded(row),
        move |event| {
            // A window that is gone needs no events.
            let _ = events_tx.send(event);
            waker.wake();
        },
    );
    (worker, events_rx)
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
            self.training = TrainingWorker::start(self.device.clone(), self.folders.clone(), self.waker.clone());
        }
        if self.decode.is_dead() {
            (self.decode, self.decode_events) = start_decoder(&self.device, &self.waker, &self.on_decoded);
        }
    }

    fn renderer(&self) -> Arc<RenderToFile> {
        let device = self.device.device.clone();
        Arc::new(move |snapshot, recipe, path| {
            jobs::export_sound(snapshot, recipe, Limiting::AsLive, path, &device).map_err(|error| error.to_string())
        })
    }

    fn previewer(&self) -> Arc<Previewer> {
        let device = self.device.device.clone();
        Arc::new(move |snapshot, chunks| {
            jobs::decode_chunks(snapshot, chunks, &device).map_err(|error| error.to_string())
        })
    }
}
