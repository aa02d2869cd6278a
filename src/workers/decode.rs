//! The live decoder: its own thread, the newest request wins, one snapshot at a time.
//!
//! On a CPU it computes in a pool of one thread, so that a training beside it keeps the other cores and a decode never
//! queues behind a training step. On a GPU it shares the device with the trainer through a stream of its own.

use crate::decode::{DecodeError, SpaceDecoder};
use crate::device::OpenDevice;
use crate::space::Snapshot;
use crate::sync::{Latest, StopFlag, Worker};
use crate::values::{DecodeRequest, DecodedChunk, Latent};
use burn::tensor::Device;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long the worker sleeps before it looks at its stop flag again.
const IDLE: Duration = Duration::from_millis(100);

/// What the decode worker has to tell beside sound.
#[derive(Clone, Debug)]
pub enum DecodeEvent {
    /// A request or a snapshot could not be decoded; a sentence.
    Failed(String),
    /// The snapshot's codec needs weights that are not there; a sentence.
    NeedsWeights(String),
    /// The thread is gone.
    Died(String),
}

/// Handle of the decode worker. Dropping it ends the thread.
pub struct DecodeWorker {
    requests: Latest<DecodeRequest>,
    snapshots: Latest<Arc<Snapshot>>,
    worker: Worker,
}

impl DecodeWorker {
    /// Starts the worker. `on_decoded` receives the chunks of every request as a row on the worker's thread and must
    /// return at once.
    pub fn start(
        device: OpenDevice,
        on_decoded: impl Fn(&[Arc<DecodedChunk>]) + Send + 'static,
        on_event: impl Fn(DecodeEvent) + Send + Sync + Clone + 'static,
    ) -> Self {
        let (requests, snapshots) = (Latest::default(), Latest::default());
        let inbox = (requests.clone(), snapshots.clone());
        let on_panic = on_event.clone();
        let worker = Worker::spawn(
            "decode",
            move |stop| run(&device, &inbox.0, &inbox.1, stop, &on_decoded, &on_event),
            move |message| on_panic(DecodeEvent::Died(message)),
        );
        Self {
            requests,
            snapshots,
            worker,
        }
    }

    /// Decodes with this snapshot from now on.
    pub fn set_snapshot(&self, snapshot: Arc<Snapshot>) {
        self.snapshots.put(snapshot);
    }

    /// Asks for a decode; replaces a request that has not begun.
    pub fn request(&self, request: DecodeRequest) {
        self.requests.put(request);
    }

    /// Whether the thread is gone.
    pub fn is_dead(&self) -> bool {
        self.worker.is_finished()
    }
}

fn run(
    device: &OpenDevice,
    requests: &Latest<DecodeRequest>,
    snapshots: &Latest<Arc<Snapshot>>,
    stop: &StopFlag,
    on_decoded: &dyn Fn(&[Arc<DecodedChunk>]),
    on_event: &dyn Fn(DecodeEvent),
) {
    let pool = if device.is_gpu() {
        None
    } else {
        rayon::ThreadPoolBuilder::new().num_threads(1).build().ok()
    };
    let mut slot = Slot::default();
    while !stop.is_stopped() {
        // Made ready before the first click, so that the click need not wait for it.
        slot.take_up(snapshots, &device.device, on_event);
        let Some(request) = requests.wait(IDLE) else { continue };
        slot.take_up(snapshots, &device.device, on_event);
        let Some(decoder) = &slot.decoder else { continue };
        let row = || decode_row(decoder, &request);
        let decoded = match &pool {
            Some(pool) => pool.install(row),
            None => row(),
        };
        match decoded {
            Ok(row) => on_decoded(&row),
            Err(error) => on_event(DecodeEvent::Failed(error.to_string())),
        }
    }
}

fn decode_row(decoder: &SpaceDecoder, request: &DecodeRequest) -> Result<Vec<Arc<DecodedChunk>>, DecodeError> {
    let decode = |latent: &Arc<Latent>| {
        let begun = Instant::now();
        let audio = decoder.decode(latent, &request.condition, request.strength, request.context)?;
        Ok(Arc::new(DecodedChunk {
            generation: request.generation,
            asked_at: request.asked_at,
            decode_secs: begun.elapsed().as_secs_f32(),
            audio,
        }))
    };
    std::iter::once(&request.latent)
        .chain(&request.rest)
        .map(decode)
        .collect()
}

/// The decoder of the newest snapshot; none where that cannot sound, lest it sound like the one before.
#[derive(Default)]
struct Slot {
    hash: String,
    decoder: Option<SpaceDecoder>,
}

impl Slot {
    /// Changes to a newer snapshot, if there is one.
    fn take_up(&mut self, snapshots: &Latest<Arc<Snapshot>>, device: &Device, on_event: &dyn Fn(DecodeEvent)) {
        let Some(snapshot) = snapshots.take() else { return };
        if self.decoder.is_some() && self.hash == snapshot.hash {
            return;
        }
        let fresh = SpaceDecoder::succeeding(self.decoder.as_ref(), &snapshot, device);
        self.hash.clone_from(&snapshot.hash);
        self.decoder = match fresh {
            Ok(decoder) => Some(decoder),
            Err(error) => {
                let sentence = error.to_string();
                on_event(match error {
                    DecodeError::Voice(_) => DecodeEvent::NeedsWeights(sentence),
                    _ => DecodeEvent::Failed(sentence),
                });
                None
            }
        };
    }
}
