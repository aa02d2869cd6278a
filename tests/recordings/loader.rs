//! The loader's threads: the newest request wins, a bounded amount is in hand, a slow disk holds up nothing but itself.

use crate::spaces::{RATE_HZ, clip_of, ids, roots, space, two_tones, wav};
use songspace::jobs::{RecordingShelf, Unheard};
use songspace::space::Snapshot;
use songspace::values::{ChunkId, Recording, RecordingKey};
use songspace::workers::{RecordingEvent, RecordingLoader, RecordingRequest};
use std::collections::HashSet;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Longer than a loaded machine takes for anything here.
const PATIENCE: Duration = Duration::from_secs(60);

/// A loader whose callbacks can be held up, and what came out of it.
struct Rig {
    loader: Option<RecordingLoader>,
    shelf: Arc<RecordingShelf>,
    heard: Arc<Heard>,
}

#[derive(Default)]
struct Heard {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    pieces: Vec<RecordingKey>,
    events: Vec<RecordingEvent>,
    /// Recordings of this clip keep the thread that brings them, as a disk would that does not answer.
    held_clip: Option<String>,
    holding: usize,
}

impl Heard {
    fn wait_until(&self, what: &str, reached: impl Fn(&State) -> bool) {
        let asked = Instant::now();
        let mut state = self.state.lock().unwrap();
        while !reached(&state) {
            assert!(
                asked.elapsed() < PATIENCE,
                "{what}: {:?}, {:?}",
                starts(&state.pieces),
                state.events
            );
            (state, _) = self.changed.wait_timeout(state, Duration::from_millis(50)).unwrap();
        }
    }

    fn on_recording(&self, piece: &Recording) {
        let clip = piece.key().clip.to_string();
        let mut state = self.state.lock().unwrap();
        state.pieces.push(piece.key().clone());
        state.holding += 1;
        self.changed.notify_all();
        while state.held_clip.as_ref() == Some(&clip) {
            state = self.changed.wait(state).unwrap();
        }
        state.holding -= 1;
    }
}

fn starts(keys: &[RecordingKey]) -> Vec<u64> {
    keys.iter().map(|key| key.start).collect()
}

fn rig(shelf_bytes: usize) -> Rig {
    let (shelf, heard) = (Arc::new(RecordingShelf::new(shelf_bytes)), Arc::new(Heard::default()));
    let (pieces, events, bound) = (Arc::clone(&heard), Arc::clone(&heard), Arc::clone(&shelf));
    let loader = RecordingLoader::start(
        Arc::clone(&shelf),
        move |piece| {
            assert!(bound.bytes() <= bound.most_bytes());
            pieces.on_recording(&piece);
        },
        move |event| {
            events.state.lock().unwrap().events.push(event);
            events.changed.notify_all();
        },
    );
    Rig {
        loader: Some(loader),
        shelf,
        heard,
    }
}

impl Rig {
    fn want(&self, snapshot: &Arc<Snapshot>, row: Vec<ChunkId>, also: Vec<ChunkId>) {
        self.loader().want(RecordingRequest {
            snapshot: Arc::clone(snapshot),
            row,
            also,
            roots: roots(snapshot),
        });
    }

    fn loader(&self) -> &RecordingLoader {
        self.loader.as_ref().unwrap()
    }

    /// Waits for the recordings of `chunks`, and no others, since the last call.
    fn expect(&self, what: &str, snapshot: &Snapshot, chunks: &[u32]) {
        let wanted: Vec<RecordingKey> = chunks
            .iter()
            .map(|chunk| snapshot.recording_key(ChunkId(*chunk)))
            .collect();
        self.heard.wait_until(what, |state| state.pieces.len() >= wanted.len());
        let pieces = std::mem::take(&mut self.heard.state.lock().unwrap().pieces);
        assert_eq!(starts(&pieces), starts(&wanted), "{what}");
        assert_eq!(pieces, wanted, "{what}");
    }

    fn hold(&self, clip: Option<&str>) {
        self.heard.state.lock().unwrap().held_clip = clip.map(str::to_owned);
        self.heard.changed.notify_all();
    }

    fn wait_until_held(&self) {
        self.heard.wait_until("a thread is held", |state| state.holding > 0);
    }
}

/// Bytes of a recording in these spaces.
fn piece_bytes(snapshot: &Snapshot) -> usize {
    (snapshot.recording_key(ChunkId(0)).len + 2 * Recording::MARGIN) * 8
}

/// A space of clips of `chunks` chunks, each another sound.
fn made(names: &[&str], chunks: usize) -> (TempDir, Snapshot) {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    for (i, name) in names.iter().enumerate() {
        let mut tones = two_tones(0.75 * chunks as f32 + 0.1, RATE_HZ);
        tones.drain(..i * 1_000);
        wav(&root.join(name), &tones, RATE_HZ);
    }
    let clips = names.iter().map(|name| clip_of(root, name)).collect();
    let snapshot = space(root, clips, chunks);
    (folder, snapshot)
}

fn embed(snapshot: &mut Snapshot, root: &Path, clip: u32) {
    let path = root.join(&snapshot.clips[clip as usize].path);
    snapshot
        .embedded_audio
        .insert(clip, std::fs::read(&path).unwrap().into());
    std::fs::remove_file(path).unwrap();
}

#[test]
fn a_row_comes_in_its_order_and_what_was_read_ahead_comes_without_its_file() {
    let (folder, snapshot) = made(&["a.wav", "b.wav"], 4);
    let (snapshot, rig) = (Arc::new(snapshot), rig(200_000_000));
    rig.want(&snapshot, ids(0..4), ids(5..7));
    rig.expect("the row", &snapshot, &[0, 1, 2, 3]);
    let asked = Instant::now();
    while rig.shelf.bytes() < 6 * piece_bytes(&snapshot) {
        assert!(asked.elapsed() < PATIENCE, "nothing is read ahead");
        std::thread::sleep(Duration::from_millis(5));
    }
    std::fs::remove_file(folder.path().join("b.wav")).unwrap();
    rig.want(&snapshot, ids(5..7), Vec::new());
    rig.expect("what was read ahead", &snapshot, &[5, 6]);
    rig.want(&snapshot, ids(5..8), Vec::new());
    rig.expect("what is on the shelf", &snapshot, &[5, 6]);
    rig.heard.wait_until("the rest is missing", |state| {
        matches!(
            &state.events[..],
            [RecordingEvent::Unheard {
                chunk: ChunkId(7),
                why: Unheard::Missing(_)
            }]
        )
    });
}

#[test]
fn a_long_row_is_read_as_the_player_needs_it_and_goes_round() {
    let (_folder, snapshot) = made(&["a.wav"], 9);
    // Half of the shelf is the row's: three recordings.
    let rig = rig(6 * piece_bytes(&snapshot) + 100);
    let snapshot = Arc::new(snapshot);
    let played = |chunk: u32| rig.loader().played(&snapshot.recording_key(ChunkId(chunk)));
    let row: Vec<ChunkId> = (4..9).chain(0..4).map(ChunkId).collect();
    rig.want(&snapshot, row, Vec::new());
    rig.expect("the first three", &snapshot, &[4, 5, 6]);
    played(5);
    rig.expect("one more", &snapshot, &[7]);
    played(7);
    // The pass has gone by the beginning: another one begins.
    rig.expect("to the end and round", &snapshot, &[8, 0]);
    played(1);
    rig.expect("a jump ahead", &snapshot, &[1, 2, 3]);
    for (chunk, next) in [(2, 4), (3, 5), (4, 6), (5, 7)] {
        played(chunk);
        rig.expect("round again", &snapshot, &[next]);
    }
    assert!(rig.shelf.bytes() <= rig.shelf.most_bytes());
}

#[test]
fn a_newer_request_breaks_off_an_older_one() {
    let (_folder, snapshot) = made(&["a.wav", "b.wav"], 6);
    let rig = rig(4 * piece_bytes(&snapshot) + 100);
    let (snapshot, old) = (Arc::new(snapshot.clone()), snapshot.clips[0].content_hash.clone());
    rig.want(&snapshot, ids(0..6), ids(6..9));
    rig.expect("two of six", &snapshot, &[0, 1]);
    // Held while it brings the next one.
    rig.hold(Some(&old));
    rig.loader().played(&snapshot.recording_key(ChunkId(1)));
    rig.wait_until_held();
    rig.want(&snapshot, ids(7..9), Vec::new());
    rig.hold(None);
    rig.heard.wait_until("the newer one", |state| {
        state.pieces.iter().filter(|key| *key.clip != old).count() == 2
    });
    rig.loader().played(&snapshot.recording_key(ChunkId(3)));
    let state = rig.heard.state.lock().unwrap();
    let late: HashSet<u64> = state
        .pieces
        .iter()
        .filter(|key| *key.clip == old)
        .map(|key| key.start)
        .collect();
    assert!(late.len() <= 1, "the older request went on: {late:?}");
}

#[test]
fn a_slow_disk_holds_up_neither_the_space_itself_nor_for_ever_another_file() {
    let (folder, mut snapshot) = made(&["slow.wav", "inside.wav", "other.wav"], 2);
    embed(&mut snapshot, folder.path(), 1);
    let (snapshot, rig) = (Arc::new(snapshot), rig(200_000_000));
    let slow = snapshot.clips[0].content_hash.clone();
    rig.hold(Some(&slow));
    rig.want(&snapshot, ids(0..2), Vec::new());
    rig.wait_until_held();
    rig.expect("from the slow disk", &snapshot, &[0]);
    rig.want(&snapshot, ids(2..4), Vec::new());
    rig.expect("from inside the space", &snapshot, &[2, 3]);
    rig.want(&snapshot, ids(4..6), Vec::new());
    let asked = Instant::now();
    rig.heard.wait_until("another file", |state| {
        // The player tells where it is all the time.
        rig.loader().played(&snapshot.recording_key(ChunkId(4)));
        state.pieces.len() == 2
    });
    assert!(
        asked.elapsed() > Duration::from_secs(1),
        "only a thread that hangs is replaced"
    );
    assert_eq!(rig.heard.state.lock().unwrap().holding, 1, "the first is still held");
}

#[test]
fn closing_does_not_wait_for_a_disk_that_does_not_answer() {
    let (_folder, snapshot) = made(&["a.wav"], 2);
    let (snapshot, mut rig) = (Arc::new(snapshot), rig(200_000_000));
    rig.hold(Some(&snapshot.clips[0].content_hash));
    rig.want(&snapshot, ids(0..2), Vec::new());
    rig.wait_until_held();
    drop(rig.loader.take());
    assert_eq!(rig.heard.state.lock().unwrap().holding, 1, "it is still held");
    rig.hold(None);
}

#[test]
fn a_changed_file_is_said_once() {
    let (folder, snapshot) = made(&["a.wav"], 4);
    let (snapshot, rig) = (Arc::new(snapshot), rig(200_000_000));
    wav(&folder.path().join("a.wav"), &two_tones(9.0, RATE_HZ), RATE_HZ);
    rig.want(&snapshot, ids(1..4), Vec::new());
    rig.heard
        .wait_until("the change is said", |state| !state.events.is_empty());
    let state = rig.heard.state.lock().unwrap();
    match &state.events[..] {
        [
            RecordingEvent::Unheard {
                chunk: ChunkId(1),
                why: Unheard::Changed(text),
            },
        ] => {
            assert!(text.contains("a.wav"), "{text}");
        }
        other => panic!("{other:?}"),
    }
    assert!(state.pieces.is_empty());
}
