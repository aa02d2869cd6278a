//! A row of chunks that sound one after the other, and their recordings as they are needed: those that sound soon, no more
//! than a bounded amount ahead of the player.
//!
//! Two threads may serve one row: one what is inside the space, one what lies on the disk, which may be slow. Each reads a
//! clip in one go from its beginning and keeps it open: where enough is read ahead, the recording waits at the next chunk
//! until the player has moved on. After the row's end comes its beginning.

use super::clip::{ClipPass, known_gain_db};
use super::cut::{Admit, Audience};
use super::find::Search;
use super::shelf::RecordingShelf;
use super::source::Folders;
use super::unheard::Unheard;
use crate::space::Snapshot;
use crate::sync::{Latest, StopFlag};
use crate::values::{ChunkId, Recording, RecordingKey};
use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

/// How long a row that waits for the player sleeps before it looks for itself.
const IDLE: Duration = Duration::from_millis(100);
/// How long what is read ahead sleeps before it looks whether the row is complete.
const SETTLING: Duration = Duration::from_millis(20);

/// Which of the two threads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// What is in memory: on the shelf already, or inside the space.
    Near,
    /// What lies on the disk.
    Far,
}

/// Hears what comes of a row.
pub trait RowListener {
    /// A recording is there.
    fn on_recording(&self, piece: Arc<Recording>);

    /// The recordings of the clip of `chunk` cannot be heard; told once in a row.
    fn on_unheard(&self, chunk: ChunkId, why: Unheard);
}

/// A row, where it sounds and what becomes of it. Shared by those who serve it and those who know what sounds.
#[derive(Debug)]
pub struct RecordingRow {
    snapshot: Arc<Snapshot>,
    roots: Vec<PathBuf>,
    pieces: Vec<RowPiece>,
    piece_bytes: usize,
    /// Pieces from the sounding one on that may be in hand.
    most_ahead: usize,
    /// What was on the shelf when the row was asked for: the near lane hands it out, the far one need not read it.
    ready: Vec<Option<Arc<Recording>>>,
    /// Index of the piece that sounds.
    playing: AtomicUsize,
    near: LaneState,
    far: LaneState,
    stop: StopFlag,
}

#[derive(Debug)]
struct RowPiece {
    chunk: ChunkId,
    clip: u32,
    key: RecordingKey,
}

#[derive(Debug, Default)]
struct LaneState {
    /// Filled when there is something new to look at.
    wake: Latest<()>,
    /// Whether everything that may be in hand is there, or cannot be.
    settled: AtomicBool,
}

impl RecordingRow {
    /// The row of those of `chunks` that `snapshot` has, in the order in which they sound. Recordings for at most `ahead_bytes`
    /// and [`MOST_AHEAD`](Recording::MOST_AHEAD) from the sounding one on are in hand at once, and one in any case.
    pub fn new(
        snapshot: Arc<Snapshot>,
        chunks: &[ChunkId],
        roots: Vec<PathBuf>,
        ahead_bytes: usize,
        shelf: &RecordingShelf,
    ) -> Self {
        let piece = |chunk: &ChunkId| {
            let clip = snapshot.chunks.get(chunk.0 as usize)?.clip.0;
            let key = snapshot.recording_key(*chunk);
            Some(RowPiece {
                chunk: *chunk,
                clip,
                key,
            })
        };
        let pieces: Vec<RowPiece> = chunks.iter().filter_map(piece).collect();
        let longest = pieces.iter().map(|piece| piece.key.len).max().unwrap_or(0);
        let piece_bytes = (longest + 2 * Recording::MARGIN) * size_of::<[f32; 2]>();
        let most_ahead = (ahead_bytes / piece_bytes).clamp(1, Recording::MOST_AHEAD);
        let on_shelf = |piece: &RowPiece| shelf.get(&piece.key, known_gain_db(&snapshot, piece.clip, shelf)?);
        let ready = pieces.iter().take(most_ahead).map(on_shelf).collect();
        Self {
            roots,
            piece_bytes,
            most_ahead,
            ready,
            pieces,
            playing: AtomicUsize::new(0),
            near: LaneState::default(),
            far: LaneState::default(),
            stop: StopFlag::default(),
            snapshot,
        }
    }

    /// The chunk whose recording is `key` sounds now.
    pub fn played(&self, key: &RecordingKey) {
        let (now, len) = (self.playing.load(Ordering::Acquire), self.pieces.len());
        // A row may hold a chunk several times: the next one is meant.
        let found = (0..len)
            .map(|step| (now + step) % len)
            .find(|index| self.pieces[*index].key == *key);
        if let Some(found) = found.filter(|found| *found != now) {
            self.playing.store(found, Ordering::Release);
            self.wake();
        }
    }

    /// Ends whatever serves the row soon.
    pub fn stop(&self) {
        self.stop.stop();
        self.wake();
    }

    /// Whether everything that may be in hand is there, or cannot be had.
    fn is_settled(&self) -> bool {
        let settled = |lane: &LaneState| lane.settled.load(Ordering::Acquire);
        settled(&self.near) && settled(&self.far)
    }

    /// Hands what `lane` has to bring to `listener` until the row is complete or stopped. A row that can never be in hand as
    /// a whole is served until it is stopped.
    pub fn serve(&self, lane: Lane, folders: &mut Folders, shelf: &RecordingShelf, listener: &dyn RowListener) {
        let mut server = Server {
            row: self,
            lane,
            shelf,
            listener,
            in_hand: self.ready.iter().map(Option::is_some).collect(),
            lost: HashSet::new(),
        };
        server.in_hand.resize(self.pieces.len(), false);
        if lane == Lane::Near {
            for piece in self.ready.iter().flatten() {
                listener.on_recording(Arc::clone(piece));
            }
        }
        server.run(folders);
        self.lane(lane).settled.store(true, Ordering::Release);
    }

    /// Puts the recordings of `chunks`, which may sound next, on the shelf once this row's own are there: as many as fit
    /// beside them. What cannot be had is left out. Ends when the row is stopped.
    pub fn read_ahead(&self, chunks: &[ChunkId], folders: &mut Folders, shelf: &RecordingShelf) {
        while !self.is_settled() {
            if self.stop.is_stopped() {
                return;
            }
            std::thread::sleep(SETTLING);
        }
        let mut chunks: Vec<ChunkId> = chunks.iter().copied().take(self.most_beside(shelf)).collect();
        // A disk may keep them waiting.
        let is_far = |chunk: &ChunkId| {
            let row = self.snapshot.chunks.get(chunk.0 as usize);
            row.is_none_or(|row| self.lane_of(row.clip.0) == Lane::Far)
        };
        chunks.sort_by_key(is_far);
        let search = Search {
            snapshot: &self.snapshot,
            roots: &self.roots,
            shelf,
            stop: &self.stop,
        };
        search.each(&chunks, folders, &mut |_, _| {});
    }

    /// Pieces that fit on the shelf beside the row's own.
    fn most_beside(&self, shelf: &RecordingShelf) -> usize {
        let fit = shelf.most_bytes() / self.piece_bytes;
        fit.saturating_sub(self.pieces.len().min(self.most_ahead))
    }

    fn lane(&self, lane: Lane) -> &LaneState {
        match lane {
            Lane::Near => &self.near,
            Lane::Far => &self.far,
        }
    }

    fn wake(&self) {
        self.near.wake.put(());
        self.far.wake.put(());
    }

    /// Who brings the recordings of `clip`.
    fn lane_of(&self, clip: u32) -> Lane {
        match self.snapshot.embedded_audio.contains_key(&clip) {
            true => Lane::Near,
            false => Lane::Far,
        }
    }

    /// Indices of the pieces that may be in hand, in the order in which they sound.
    fn window(&self) -> impl Iterator<Item = usize> + use<> {
        let (now, len) = (self.playing.load(Ordering::Acquire), self.pieces.len());
        (0..len.min(self.most_ahead)).map(move |step| (now + step) % len)
    }
}

/// One lane at work on a row.
struct Server<'a> {
    row: &'a RecordingRow,
    lane: Lane,
    shelf: &'a RecordingShelf,
    listener: &'a dyn RowListener,
    /// For every piece whether it was handed out and is still within what may be in hand.
    in_hand: Vec<bool>,
    /// What cannot be had.
    lost: HashSet<usize>,
}

impl Server<'_> {
    fn run(&mut self, folders: &mut Folders) {
        let never_whole = self.row.pieces.len() > self.row.most_ahead;
        while !self.row.stop.is_stopped() {
            self.let_go();
            match self.next() {
                Some(index) if self.hand_out_shelved(index) => {}
                Some(index) => self.read(index, folders),
                None if never_whole && self.has_part() => self.wait(),
                None => return,
            }
        }
    }

    /// Whether any piece is this lane's to bring.
    fn has_part(&self) -> bool {
        self.row
            .pieces
            .iter()
            .any(|piece| self.row.lane_of(piece.clip) == self.lane)
    }

    /// What the player has left behind may have to come again when the row goes round.
    fn let_go(&mut self) {
        if self.in_hand.len() > self.row.most_ahead {
            let mut kept = vec![false; self.in_hand.len()];
            for index in self.row.window() {
                kept[index] = self.in_hand[index];
            }
            self.in_hand = kept;
        }
    }

    /// The piece that is missed first.
    fn next(&self) -> Option<usize> {
        self.row.window().find(|index| self.is_missed(*index))
    }

    fn is_missed(&self, index: usize) -> bool {
        let piece = &self.row.pieces[index];
        !self.in_hand[index] && !self.lost.contains(&index) && self.row.lane_of(piece.clip) == self.lane
    }

    fn hand_out_shelved(&mut self, index: usize) -> bool {
        let RowPiece { clip, key, .. } = &self.row.pieces[index];
        let known = known_gain_db(&self.row.snapshot, *clip, self.shelf);
        match known.and_then(|gain_db| self.shelf.get(key, gain_db)) {
            Some(piece) => {
                self.in_hand[index] = true;
                self.listener.on_recording(piece);
                true
            }
            None => false,
        }
    }

    /// One pass over the recording of piece `first` with all that is missed of it.
    fn read(&mut self, first: usize, folders: &mut Folders) {
        let row = self.row;
        let RowPiece { chunk, clip, .. } = row.pieces[first];
        let keys = row.pieces.iter().filter(|piece| piece.clip == clip);
        let keys = keys.map(|piece| piece.key.clone()).collect();
        let pass = ClipPass {
            snapshot: &row.snapshot,
            clip,
            roots: &row.roots,
            shelf: self.shelf,
            stop: &row.stop,
        };
        match pass.read(folders, keys, self) {
            Ok(()) | Err(Unheard::Stopped) => {}
            Err(why) => {
                let of_clip = (0..row.pieces.len()).filter(|index| row.pieces[*index].clip == clip);
                self.lost.extend(of_clip);
                self.listener.on_unheard(chunk, why);
            }
        }
    }

    fn wait(&self) {
        let state = self.row.lane(self.lane);
        state.settled.store(true, Ordering::Release);
        state.wake.wait(IDLE);
        state.settled.store(false, Ordering::Release);
    }

    /// Indices of the pieces that are stretch `key`.
    fn places(&self, key: &RecordingKey) -> Vec<usize> {
        let pieces = self.row.pieces.iter().enumerate();
        pieces
            .filter(|(_, piece)| piece.key == *key)
            .map(|(index, _)| index)
            .collect()
    }
}

impl Audience for Server<'_> {
    fn admit(&mut self, key: &RecordingKey, waits: bool) -> Admit {
        let places = self.places(key);
        loop {
            if self.row.stop.is_stopped() {
                return Admit::Stop;
            }
            self.let_go();
            let window: Vec<usize> = self.row.window().collect();
            let within = || places.iter().filter(|index| window.contains(index));
            if within().any(|index| self.is_missed(*index)) {
                return Admit::Take;
            }
            if within().next().is_some() {
                // It is in hand or cannot be had.
                return Admit::Skip;
            }
            // Not to come yet: first what is missed, here further on or elsewhere.
            match self.next().map(|index| &self.row.pieces[index].key) {
                Some(missed) if missed.clip == key.clip && missed.start >= key.start => return Admit::Skip,
                Some(_) if waits => return Admit::Stop,
                Some(_) => return Admit::Hold,
                None if waits => self.wait(),
                None => return Admit::Hold,
            }
        }
    }

    fn deliver(&mut self, piece: Arc<Recording>) {
        for index in self.places(piece.key()) {
            self.in_hand[index] = true;
        }
        self.listener.on_recording(piece);
    }

    fn lacks(&mut self, key: &RecordingKey) {
        self.lost.extend(self.places(key));
    }
}
