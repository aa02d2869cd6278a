//! The thread that loads recordings for A/B.

use crate::jobs::{Recordings, Unheard, Wanted, load_original};
use crate::sync::{Latest, Waker, Worker};
use crate::values::{ChunkAudio, ChunkId};
use crossbeam_channel::{Receiver, unbounded};
use std::sync::Arc;
use std::time::Duration;

/// What was wanted, as samples.
pub struct Found {
    pub row: Vec<ChunkId>,
    pub audio: Arc<ChunkAudio>,
}

/// The loader; the newest request wins.
pub struct Originals {
    requests: Latest<Wanted>,
    found: Receiver<Result<Found, Unheard>>,
    _worker: Worker,
}

impl Originals {
    /// Starts the loader.
    pub fn new(waker: Waker) -> Self {
        let requests: Latest<Wanted> = Latest::default();
        let inbox = requests.clone();
        let (found_tx, found) = unbounded();
        let worker = Worker::spawn(
            "originals",
            move |stop| {
                let mut places: Vec<Recordings> = Vec::new();
                while !stop.is_stopped() {
                    let Some(wanted) = inbox.wait(Duration::from_millis(100)) else {
                        continue;
                    };
                    let loaded = load_original(&wanted, &mut places, stop).map(|audio| Found {
                        row: wanted.row,
                        audio: Arc::new(audio),
                    });
                    // A window that is gone needs no recording.
                    let _ = found_tx.send(loaded);
                    waker.wake();
                }
            },
            |message| log::error!("the loader of recordings died: {message}"),
        );
        Self {
            requests,
            found,
            _worker: worker,
        }
    }

    /// Asks for a recording; a request that has not begun is forgotten.
    pub fn want(&self, wanted: Wanted) {
        self.requests.put(wanted);
    }

    /// What came of a request, once.
    pub fn take(&self) -> Option<Result<Found, Unheard>> {
        self.found.try_recv().ok()
    }
}
