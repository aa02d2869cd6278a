//! The thread that loads recordings for A/B.

use crate::jobs::{Folders, RecordingShelf, Unheard, Wanted, load_original};
use crate::sync::{Latest, StopFlag, Waker, Worker};
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
    requests: Latest<(Wanted, StopFlag)>,
    /// Ends the newest request.
    newest: StopFlag,
    found: Receiver<Result<Found, Unheard>>,
    _worker: Worker,
}

impl Originals {
    /// Starts the loader, which takes what it can from `shelf`.
    pub fn new(waker: Waker, shelf: Arc<RecordingShelf>) -> Self {
        let requests: Latest<(Wanted, StopFlag)> = Latest::default();
        let inbox = requests.clone();
        let (found_tx, found) = unbounded();
        let worker = Worker::spawn(
            "originals",
            move |stop| {
                let mut folders = Folders::default();
                while !stop.is_stopped() {
                    let Some((wanted, stop)) = inbox.wait(Duration::from_millis(100)) else {
                        continue;
                    };
                    let loaded = match load_original(&wanted, &mut folders, &shelf, &stop) {
                        Err(Unheard::Stopped) => continue,
                        loaded => loaded.map(|audio| Found {
                            row: wanted.row,
                            audio: Arc::new(audio),
                        }),
                    };
                    // A window that is gone needs no recording.
                    let _ = found_tx.send(loaded);
                    waker.wake();
                }
            },
            |message| log::error!("the loader of recordings died: {message}"),
        );
        Self {
            requests,
            newest: StopFlag::default(),
            found,
            _worker: worker,
        }
    }

    /// Asks for a recording; whatever was asked for before ends.
    pub fn want(&mut self, wanted: Wanted) {
        self.newest.stop();
        self.newest = StopFlag::default();
        self.requests.put((wanted, self.newest.clone()));
    }

    /// What came of a request, once.
    pub fn take(&self) -> Option<Result<Found, Unheard>> {
        self.found.try_recv().ok()
    }
}

impl Drop for Originals {
    fn drop(&mut self) {
        self.newest.stop();
    }
}
