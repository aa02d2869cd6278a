//! The recording behind a chunk, for A/B: read from the space itself or from the corpus, on a thread of its own.

use super::App;
use super::recordings::Recordings;
use crate::corpus::decode::decode;
use crate::session::{Banner, Command, FileAsk, PlaybackSource};
use crate::space::{Chunk, Snapshot};
use crate::sync::{Latest, Waker, Worker};
use crate::values::{ChunkAudio, ChunkId};
use crossbeam_channel::{Receiver, unbounded};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// One recording that is wanted.
struct Wanted {
    snapshot: Arc<Snapshot>,
    /// Moments of one clip, one after the other.
    row: Vec<ChunkId>,
    /// Where it may lie, if it is not in the space itself.
    roots: Vec<PathBuf>,
}

/// What was wanted, as samples.
struct Found {
    row: Vec<ChunkId>,
    audio: Arc<ChunkAudio>,
}

/// Why a recording cannot be heard, in a sentence.
enum Unheard {
    /// It is nowhere; a person may know where.
    Missing(String),
    Broken(String),
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
                    let loaded = load(&wanted, &mut places).map(|audio| Found {
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
}

impl App {
    /// Loads the recording of what sounds.
    pub(super) fn load_original(&mut self) {
        if let Some(view) = &self.session.space {
            self.originals.requests.put(Wanted {
                snapshot: Arc::clone(&view.snapshot),
                row: self.sounding_row(),
                roots: self.recording_roots(&view.snapshot),
            });
        }
    }

    pub(super) fn listen_to_originals(&mut self) {
        while let Ok(found) = self.originals.found.try_recv() {
            match found {
                Ok(Found { row, audio }) => {
                    if self.sounding_row() == row {
                        self.audio.set_original(Some(audio));
                    }
                }
                Err(unheard) => {
                    self.audio.set_original(None);
                    self.perform(Command::SetSource(PlaybackSource::Model));
                    self.session.announce(match unheard {
                        Unheard::Broken(sentence) => Banner::warning(sentence),
                        Unheard::Missing(sentence) => Banner::warning(sentence)
                            .with_action("Find the recordings…", Command::Ask(FileAsk::Recordings)),
                    });
                }
            }
        }
    }
}

/// The samples of what is wanted.
fn load(wanted: &Wanted, places: &mut Vec<Recordings>) -> Result<ChunkAudio, Unheard> {
    let Wanted { snapshot, row, roots } = wanted;
    let moments: Vec<Chunk> = row
        .iter()
        .filter_map(|chunk| snapshot.chunks.get(chunk.0 as usize).copied())
        .collect();
    let clip_id = moments
        .first()
        .map(|moment| moment.clip.0)
        .ok_or_else(|| Unheard::Broken("This point belongs to no recording.".into()))?;
    let clip = &snapshot.clips[clip_id as usize];
    let broken = |reason: &dyn std::fmt::Display| {
        Unheard::Broken(format!(
            "The recording of \"{}\" cannot be heard: {reason}.",
            clip.title
        ))
    };
    let rate_hz = snapshot.meta.model.sample_rate_hz;
    let latest_secs = moments.iter().map(|moment| moment.start_secs).fold(0.0, f32::max);
    let end_secs = latest_secs + snapshot.chunk_secs();
    let decoded = match snapshot.embedded_audio.get(&clip_id) {
        Some(bytes) => {
            let file = unpacked(&clip.path, bytes).map_err(|error| broken(&error))?;
            decode(file.path(), rate_hz, end_secs)
        }
        None => {
            places.retain(|place| roots.iter().any(|root| root == place.root()));
            for root in roots.iter().filter(|root| !root.as_os_str().is_empty()) {
                if places.iter().all(|place| place.root() != root) {
                    places.push(Recordings::below(root));
                }
            }
            let path = places.iter_mut().find_map(|place| place.find(clip));
            decode(&path.ok_or_else(|| missing(&clip.title, snapshot))?, rate_hz, end_secs)
        }
    };
    let samples = decoded.map_err(|error| broken(&error))?.samples;
    let at = |secs: f32| ((secs * rate_hz as f32) as usize).min(samples.len());
    let piece = |moment: &Chunk| &samples[at(moment.start_secs)..at(moment.start_secs + snapshot.chunk_secs())];
    Ok(ChunkAudio::Pcm {
        channels: 1,
        samples: moments.iter().flat_map(piece).copied().collect(),
        sample_rate_hz: rate_hz,
    })
}

fn missing(title: &str, snapshot: &Snapshot) -> Unheard {
    let root = &snapshot.meta.corpus_root;
    Unheard::Missing(format!(
        "The recording of \"{title}\" is neither in this space nor in {root}, where the space was learned from. You hear \
         the model."
    ))
}

/// Embedded bytes as a file, because decoders recognise formats by their names too.
fn unpacked(name: &str, bytes: &[u8]) -> std::io::Result<tempfile::NamedTempFile> {
    let extension = Path::new(name).extension().unwrap_or_default();
    let mut file = tempfile::Builder::new()
        .suffix(&format!(".{}", extension.to_string_lossy()))
        .tempfile()?;
    file.write_all(bytes)?;
    Ok(file)
}
