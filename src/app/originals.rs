//! The recording behind a chunk, for A/B: read from the space itself or from the corpus, on a thread of its own.

use super::App;
use crate::bundle::Snapshot;
use crate::corpus::decode::decode;
use crate::session::Banner;
use crate::space::{ChunkAudio, ChunkId};
use crate::sync::{Latest, Waker, Worker};
use crossbeam_channel::{Receiver, unbounded};
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// The loader; the newest request wins.
pub struct Originals {
    requests: Latest<(Arc<Snapshot>, ChunkId)>,
    found: Receiver<Result<(ChunkId, Arc<ChunkAudio>), String>>,
    _worker: Worker,
}

impl Originals {
    /// Starts the loader.
    pub fn new(waker: Waker) -> Self {
        let requests: Latest<(Arc<Snapshot>, ChunkId)> = Latest::default();
        let inbox = requests.clone();
        let (found_tx, found) = unbounded();
        let worker = Worker::spawn(
            "originals",
            move |stop| {
                while !stop.is_stopped() {
                    let Some((snapshot, chunk)) = inbox.wait(Duration::from_millis(100)) else {
                        continue;
                    };
                    let loaded = load(&snapshot, chunk).map(|audio| (chunk, Arc::new(audio)));
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
}

impl App {
    /// Loads the recording of what sounds.
    pub(super) fn load_original(&mut self) {
        if let (Some(view), Some(selection)) = (&self.session.space, self.session.selection) {
            self.originals
                .requests
                .put((Arc::clone(&view.snapshot), selection.chunk));
        }
    }

    pub(super) fn listen_to_originals(&mut self) {
        while let Ok(found) = self.originals.found.try_recv() {
            match found {
                Ok((chunk, audio)) => {
                    if self.session.selection.is_some_and(|selection| selection.chunk == chunk) {
                        self.audio.set_original(Some(audio));
                    }
                }
                Err(sentence) => {
                    self.audio.set_original(None);
                    self.session.announce(Banner::warning(sentence));
                }
            }
        }
    }
}

/// The samples of `chunk`; a sentence when they cannot be had.
fn load(snapshot: &Snapshot, chunk: ChunkId) -> Result<ChunkAudio, String> {
    let row = snapshot
        .chunks
        .get(chunk.0 as usize)
        .ok_or("This point belongs to no recording.")?;
    let clip = &snapshot.clips[row.clip.0 as usize];
    let rate = snapshot.meta.model.sample_rate_hz;
    let end_secs = row.start_secs + snapshot.chunk_secs();
    let samples = match snapshot.embedded_audio.get(&row.clip.0) {
        Some(bytes) => {
            let extension = Path::new(&clip.path).extension().unwrap_or_default();
            let suffix = format!(".{}", extension.to_string_lossy());
            let mut file = tempfile::Builder::new()
                .suffix(&suffix)
                .tempfile()
                .map_err(|error| format!("No temporary file can be written for the recording: {error}."))?;
            file.write_all(bytes)
                .map_err(|error| format!("The temporary disk is full: {error}."))?;
            read(file.path(), rate, end_secs)
        }
        None => read(&Path::new(&snapshot.meta.corpus_root).join(&clip.path), rate, end_secs),
    }
    .map_err(|error| format!("The recording of \"{}\" cannot be heard: {error}", clip.title))?;
    let at = |secs: f32| ((secs * rate as f32) as usize).min(samples.len());
    Ok(ChunkAudio::Pcm {
        samples: samples[at(row.start_secs)..at(end_secs)].to_vec(),
        sample_rate_hz: rate,
    })
}

fn read(path: &Path, rate_hz: u32, end_secs: f32) -> Result<Vec<f32>, crate::corpus::DecodeError> {
    decode(path, rate_hz, end_secs).map(|decoded| decoded.samples)
}
