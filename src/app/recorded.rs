//! The loader of recordings as the window holds it, and what it was asked for last.

use crate::audio::AudioEngine;
use crate::jobs::RecordingShelf;
use crate::sync::Waker;
use crate::values::{ChunkId, RecordingKey};
use crate::workers::{RecordingEvent, RecordingLoader};
use crossbeam_channel::{Receiver, unbounded};
use std::sync::Arc;

/// Hands what it loads to the engine; [`App`](super::App) asks and listens.
pub struct Recorded {
    pub loader: RecordingLoader,
    pub events: Receiver<RecordingEvent>,
    /// Hash of the space and the row that was asked for.
    pub wanted: Option<(String, Vec<ChunkId>)>,
    /// The row's recordings, with the frames of each that sound.
    pub row: Vec<(RecordingKey, usize)>,
    pub sounding: Option<usize>,
}

impl Recorded {
    /// Starts the loader, which keeps what it reads on `shelf` and hands it to `audio`.
    pub fn start(shelf: Arc<RecordingShelf>, audio: AudioEngine, waker: Waker) -> Self {
        let (events_tx, events) = unbounded();
        let on_event = move |event| {
            // A window that is gone needs no events.
            let _ = events_tx.send(event);
            waker.wake();
        };
        Self {
            loader: RecordingLoader::start(shelf, move |recording| audio.publish_recording(recording), on_event),
            events,
            wanted: None,
            row: Vec::new(),
            sounding: None,
        }
    }

    /// Asks again even for the same row: it may be found now.
    pub fn forget(&mut self) {
        self.wanted = None;
    }
}
