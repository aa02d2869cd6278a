//! Recordings for rendering: one after the other as they sound, read on a thread while the ones before are voiced.

use super::row::{Lane, RecordingRow, RowListener};
use super::shelf::RecordingShelf;
use super::source::Folders;
use super::unheard::Unheard;
use crate::space::Snapshot;
use crate::sync::{StopFlag, Worker};
use crate::values::{ChunkId, Recording, RecordingKey};
use crossbeam_channel::{Receiver, Sender, bounded};
use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// How long a wait for a disk lasts before the stop flag is looked at again.
const IDLE: Duration = Duration::from_millis(50);

/// Reads the recordings of a row in its order, no more than a bounded amount ahead.
pub struct RecordingReader {
    row: Arc<RecordingRow>,
    stop: StopFlag,
    arrived: Receiver<Arrival>,
    /// Handed out by the row and perhaps asked for again, the newest at the end.
    held: VecDeque<Arc<Recording>>,
    unheard: Vec<(Arc<str>, Unheard)>,
    _lanes: [Worker; 2],
}

enum Arrival {
    Here(Arc<Recording>),
    Unheard(Arc<str>, Unheard),
}

/// Passes on what a row says; a reader that is gone needs nothing.
struct Messenger {
    snapshot: Arc<Snapshot>,
    arrivals: Sender<Arrival>,
}

impl RowListener for Messenger {
    fn on_recording(&self, piece: Arc<Recording>) {
        let _ = self.arrivals.send(Arrival::Here(piece));
    }

    fn on_unheard(&self, chunk: ChunkId, why: Unheard) {
        let clip = self.snapshot.recording_key(chunk).clip;
        let _ = self.arrivals.send(Arrival::Unheard(clip, why));
    }
}

impl RecordingReader {
    /// Begins to read the recordings of `chunks`, from the space itself or from where they lie below `roots`.
    pub fn start(snapshot: &Arc<Snapshot>, chunks: &[ChunkId], roots: &[PathBuf], stop: &StopFlag) -> Self {
        let shelf = Arc::new(RecordingShelf::default());
        let row = Arc::new(RecordingRow::new(
            Arc::clone(snapshot),
            chunks,
            roots.to_vec(),
            shelf.most_bytes() / 2,
            &shelf,
        ));
        // As many as the row has in hand: a reader that does not read never keeps it waiting for good.
        let (arrivals, arrived) = bounded(2 * Recording::MOST_AHEAD);
        let lanes = [Lane::Near, Lane::Far].map(|lane| {
            let (row, shelf) = (Arc::clone(&row), Arc::clone(&shelf));
            let messenger = Messenger {
                snapshot: Arc::clone(snapshot),
                arrivals: arrivals.clone(),
            };
            Worker::spawn(
                "recordings to render",
                move |_| row.serve(lane, &mut Folders::default(), &shelf, &messenger),
                |message| log::error!("a reader of recordings died: {message}"),
            )
        });
        Self {
            row,
            stop: stop.clone(),
            arrived,
            held: VecDeque::new(),
            unheard: Vec::new(),
            _lanes: lanes,
        }
    }

    /// The recording of `key`, waited for; `None` where it cannot be had.
    pub fn read(&mut self, key: &RecordingKey) -> Option<Arc<Recording>> {
        self.row.played(key);
        loop {
            if let Some(here) = self.held.iter().find(|held| held.key() == key) {
                return Some(Arc::clone(here));
            }
            if self.stop.is_stopped() || self.unheard.iter().any(|(clip, _)| *clip == key.clip) {
                return None;
            }
            match self.arrived.recv_timeout(IDLE) {
                Ok(Arrival::Here(piece)) => {
                    if self.held.len() == 2 * Recording::MOST_AHEAD {
                        self.held.pop_front();
                    }
                    self.held.push_back(piece);
                }
                Ok(Arrival::Unheard(clip, why)) => self.unheard.push((clip, why)),
                Err(error) if error.is_disconnected() => return None,
                Err(_) => {}
            }
        }
    }

    /// Why the first of those that could not be had cannot be heard.
    pub fn unheard(&self) -> Option<&Unheard> {
        self.unheard.first().map(|(_, why)| why)
    }
}

impl Drop for RecordingReader {
    fn drop(&mut self) {
        self.row.stop();
        // Makes room, so that nobody waits to hand over the last of them.
        self.arrived = crossbeam_channel::never();
    }
}
