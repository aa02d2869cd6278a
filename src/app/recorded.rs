//! The loader of recordings as the window holds it, and what it was asked for last.

use crate::audio::AudioEngine;
use crate::dsp::{BandAxis, Pitch, pitch_of};
use crate::jobs::RecordingShelf;
use crate::sync::Waker;
use crate::values::{ChunkId, Recording, RecordingKey};
use crate::workers::{RecordingEvent, RecordingLoader};
use crossbeam_channel::{Receiver, unbounded};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// Hands what it loads to the engine; [`App`](super::App) asks and listens.
pub struct Recorded {
    pub loader: RecordingLoader,
    pub events: Receiver<RecordingEvent>,
    /// Hash of the space and the row that was asked for.
    pub wanted: Option<(String, Vec<ChunkId>)>,
    /// The row's recordings, with the frames of each that sound.
    pub row: Vec<(RecordingKey, usize)>,
    pub sounding: Option<usize>,
    /// What pitch each recording has that came, while that is wanted.
    pub pitches: Receiver<(RecordingKey, Option<Pitch>)>,
    finds_pitch: Arc<AtomicBool>,
}

impl Recorded {
    /// Starts the loader, which keeps what it reads on `shelf` and hands it to `audio`.
    pub fn start(shelf: Arc<RecordingShelf>, audio: AudioEngine, waker: Waker) -> Self {
        let (events_tx, events) = unbounded();
        let pitch_waker = waker.clone();
        let on_event = move |event| {
            // A window that is gone needs no events.
            let _ = events_tx.send(event);
            waker.wake();
        };
        let (pitches_tx, pitches) = unbounded();
        let finds_pitch = Arc::<AtomicBool>::default();
        let wanted = Arc::clone(&finds_pitch);
        let on_recording = move |recording: Arc<Recording>| {
            audio.publish_recording(Arc::clone(&recording));
            if wanted.load(Relaxed) {
                let _ = pitches_tx.send((recording.key().clone(), pitch(&recording)));
                pitch_waker.wake();
            }
        };
        Self {
            loader: RecordingLoader::start(shelf, on_recording, on_event),
            events,
            wanted: None,
            row: Vec::new(),
            sounding: None,
            pitches,
            finds_pitch,
        }
    }

    /// Whether the pitch of recordings that come is to be found.
    pub fn wants_pitch(&self, wanted: bool) {
        self.finds_pitch.store(wanted, Relaxed);
    }

    /// Asks again even for the same row: it may be found now.
    pub fn forget(&mut self) {
        self.wanted = None;
    }
}

/// The pitch of the middle between both channels.
fn pitch(recording: &Recording) -> Option<Pitch> {
    let own = Recording::MARGIN..Recording::MARGIN + recording.key().len;
    let samples = recording.samples().get(own)?.iter();
    let middle: Vec<f32> = samples.map(|[left, right]| 0.5 * (left + right)).collect();
    pitch_of(&middle, BandAxis::standard().sample_rate_hz())
}
