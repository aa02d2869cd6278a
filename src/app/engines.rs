//! The seam between the window and what computes: real workers in the program, a fake in tests.

use crate::bundle::Snapshot;
use crate::compute::{Compute, ComputeEvent, ComputeRequest, DecodeEvent, DecodeWorker, JobFolders, OpenDevice};
use crate::render::{self, Recipe, SpaceDecoder};
use crate::space::{ChunkAudio, ChunkId, DecodeRequest, DecodedChunk, LoopContext};
use crate::sync::Waker;
use crossbeam_channel::{Receiver, unbounded};
use std::path::Path;
use std::sync::Arc;

/// Trains, opens, saves, decodes. No call blocks.
pub trait Brain {
    /// Hands over a request; `false` when it cannot be taken.
    fn request(&self, request: ComputeRequest) -> bool;
    /// Asks for a sound; the newest wins.
    fn decode(&self, request: DecodeRequest);
    /// Decodes with `snapshot` from now on.
    fn set_snapshot(&self, snapshot: Arc<Snapshot>);
    /// The next event, if there is one.
    fn poll(&self) -> Option<BrainEvent>;
    /// Starts dead workers again.
    fn restart(&mut self);
    /// What renders offline, to be called on a worker thread.
    fn renderer(&self) -> Arc<Renderer>;
    /// What decodes single chunks, to be called on a worker thread.
    fn previewer(&self) -> Arc<Previewer>;
}

/// Renders a recipe of a snapshot to a file; the error is a sentence.
pub type Renderer = dyn Fn(&Arc<Snapshot>, &Recipe, &Path) -> Result<(), String> + Send + Sync;

/// Decodes chunks of a snapshot as they were recorded; the error is a sentence.
pub type Previewer = dyn Fn(&Snapshot, &[ChunkId]) -> Result<Vec<ChunkAudio>, String> + Send + Sync;

/// What a [`Brain`] says.
#[derive(Clone, Debug)]
pub enum BrainEvent {
    Compute(ComputeEvent),
    Decode(DecodeEvent),
}

/// The real workers.
pub struct Workers {
    compute: Compute,
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
        let compute = Compute::start(device.clone(), folders.clone(), waker.clone());
        let (decode, decode_events) = start_decoder(&device, &waker, &on_decoded);
        Self {
            compute,
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

impl Brain for Workers {
    fn request(&self, request: ComputeRequest) -> bool {
        self.compute.request(request)
    }

    fn decode(&self, request: DecodeRequest) {
        self.decode.request(request);
    }

    fn set_snapshot(&self, snapshot: Arc<Snapshot>) {
        self.decode.set_snapshot(snapshot);
    }

    fn poll(&self) -> Option<BrainEvent> {
        let decode = || self.decode_events.try_recv().ok().map(BrainEvent::Decode);
        self.compute.poll().map(BrainEvent::Compute).or_else(decode)
    }

    fn restart(&mut self) {
        if self.compute.is_dead() {
            self.compute = Compute::start(self.device.clone(), self.folders.clone(), self.waker.clone());
        }
        if self.decode.is_dead() {
            (self.decode, self.decode_events) = start_decoder(&self.device, &self.waker, &self.on_decoded);
        }
    }

    fn renderer(&self) -> Arc<Renderer> {
        let device = self.device.device.clone();
        Arc::new(move |snapshot, recipe, path| {
            let decoder = SpaceDecoder::new(snapshot, &device).map_err(|error| error.to_string())?;
            let rendered = render::render(snapshot, &decoder, recipe).map_err(|error| error.to_string())?;
            render::write_audio(path, &rendered).map_err(|error| error.to_string())
        })
    }

    fn previewer(&self) -> Arc<Previewer> {
        let device = self.device.device.clone();
        Arc::new(move |snapshot, chunks| {
            let decoder = SpaceDecoder::new(snapshot, &device).map_err(|error| error.to_string())?;
            let decode = |chunk: &ChunkId| {
                let (latent, labels) = (snapshot.latents.get(*chunk), snapshot.labels(*chunk));
                decoder.decode(&latent, &labels, 1.0, LoopContext::Circular)
            };
            chunks
                .iter()
                .map(|chunk| decode(chunk).map_err(|error| error.to_string()))
                .collect()
        })
    }
}
