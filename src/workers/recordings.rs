//! The loader of recordings: brings what sounds, and reads ahead what may sound next; the newest request wins.
//!
//! Three threads, because disks may be slow: one hands out what is in memory or inside the space, one reads files for the row
//! that sounds, one reads ahead. A read that hangs cannot be called back; its thread is left to itself and another takes
//! its place.

use crate::jobs::{Folders, Lane, RecordingRow, RecordingShelf, RowListener, Unheard};
use crate::space::Snapshot;
use crate::sync::{Latest, StopFlag, Worker, priority};
use crate::values::{ChunkId, Recording, RecordingKey};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long a thread sleeps before it looks at its stop flag again.
const IDLE: Duration = Duration::from_millis(100);
/// A thread that has not come for a newer request for so long hangs in a read.
const HANGING: Duration = Duration::from_secs(2);
/// Threads at once, those that hang included.
const MOST_THREADS: usize = 8;
/// How long a closing loader waits for its threads.
const CLOSING: Duration = Duration::from_secs(1);

/// What sounds, and what may sound next.
#[derive(Clone, Debug)]
pub struct RecordingRequest {
    /// The space that the chunks belong to.
    pub snapshot: Arc<Snapshot>,
    /// Chunks in the order in which they sound; after the last comes the first.
    pub row: Vec<ChunkId>,
    /// Chunks that may be asked for next, the likeliest first. Their recordings are read after those of the row and are not
    /// handed out: a request that asks for them gets them at once.
    pub also: Vec<ChunkId>,
    /// Folders in which the recordings may lie, the likeliest first.
    pub roots: Vec<PathBuf>,
}

/// What a listener should know besides recordings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordingEvent {
    /// The recordings of the clip of `chunk`, which is in the row, cannot be heard. Told once in a request.
    Unheard {
        /// The first chunk of the row that it concerns.
        chunk: ChunkId,
        /// A sentence for a person.
        why: Unheard,
    },
    /// A thread of the loader failed; with its message. Another one takes its place.
    Died(String),
}

/// Handle of the loader. Dropping it ends its threads.
pub struct RecordingLoader {
    desk: Arc<Desk>,
    lanes: Mutex<Lanes>,
}

/// What all threads share.
struct Desk {
    shelf: Arc<RecordingShelf>,
    closing: StopFlag,
    on_recording: Box<dyn Fn(Arc<Recording>) + Send + Sync>,
    on_event: Box<dyn Fn(RecordingEvent) + Send + Sync>,
}

impl RowListener for Desk {
    fn on_recording(&self, piece: Arc<Recording>) {
        (self.on_recording)(piece);
    }

    fn on_unheard(&self, chunk: ChunkId, why: Unheard) {
        (self.on_event)(RecordingEvent::Unheard { chunk, why });
    }
}

struct Lanes {
    row: Option<Arc<RecordingRow>>,
    ahead_bytes: usize,
    threads: Vec<LaneThread>,
    /// Held by every running thread.
    token: Arc<()>,
}

#[derive(Clone)]
struct Job {
    row: Arc<RecordingRow>,
    also: Arc<[ChunkId]>,
}

#[derive(Clone, Copy)]
enum Task {
    Serve(Lane),
    ReadAhead,
}

struct LaneThread {
    task: Task,
    inbox: Latest<Job>,
    waiting_since: Instant,
    worker: Worker,
}

impl RecordingLoader {
    /// Starts the loader, which keeps what it reads on `shelf`; half of the shelf is for the row that sounds, half for what may
    /// sound next. `on_recording` gets every recording of a row as soon as it is there, on a thread of the loader; it must
    /// return at once.
    pub fn start(
        shelf: Arc<RecordingShelf>,
        on_recording: impl Fn(Arc<Recording>) + Send + Sync + 'static,
        on_event: impl Fn(RecordingEvent) + Send + Sync + 'static,
    ) -> Self {
        let ahead_bytes = shelf.most_bytes() / 2;
        let desk = Arc::new(Desk {
            shelf,
            closing: StopFlag::default(),
            on_recording: Box::new(on_recording),
            on_event: Box::new(on_event),
        });
        let token = Arc::new(());
        let tasks = [Task::Serve(Lane::Near), Task::Serve(Lane::Far), Task::ReadAhead];
        let lanes = Lanes {
            row: None,
            ahead_bytes,
            threads: tasks.map(|task| LaneThread::start(task, &desk, &token)).into(),
            token,
        };
        Self {
            desk,
            lanes: Mutex::new(lanes),
        }
    }

    /// Asks for recordings; whatever was asked for before ends.
    pub fn want(&self, request: RecordingRequest) {
        let mut lanes = self.lock();
        let RecordingRequest {
            snapshot,
            row,
            also,
            roots,
        } = request;
        let row = Arc::new(RecordingRow::new(
            snapshot,
            &row,
            roots,
            lanes.ahead_bytes,
            &self.desk.shelf,
        ));
        if let Some(before) = lanes.row.replace(Arc::clone(&row)) {
            before.stop();
        }
        let job = Job { row, also: also.into() };
        for thread in &mut lanes.threads {
            thread.put(job.clone());
        }
        self.look_after(&mut lanes);
    }

    /// Asks for nothing any more.
    pub fn rest(&self) {
        if let Some(row) = self.lock().row.take() {
            row.stop();
        }
    }

    /// The recording of `key` sounds now: a row that is longer than what may be in hand is read on from there.
    pub fn played(&self, key: &RecordingKey) {
        let mut lanes = self.lock();
        if let Some(row) = &lanes.row {
            row.played(key);
        }
        self.look_after(&mut lanes);
    }

    /// Replaces threads that hang or have died.
    fn look_after(&self, lanes: &mut Lanes) {
        for thread in &mut lanes.threads {
            let replaceable = Arc::strong_count(&lanes.token) <= MOST_THREADS;
            if thread.worker.is_finished() || (replaceable && thread.hangs()) {
                let fresh = thread.worker_again(&self.desk, &lanes.token);
                std::mem::replace(&mut thread.worker, fresh).release();
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Lanes> {
        // Nothing inside is left half done by a panic.
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for RecordingLoader {
    fn drop(&mut self) {
        self.desk.closing.stop();
        self.rest();
        let lanes = self.lanes.get_mut().unwrap_or_else(PoisonError::into_inner);
        let asked = Instant::now();
        while asked.elapsed() < CLOSING && lanes.threads.iter().any(|thread| !thread.worker.is_finished()) {
            std::thread::sleep(Duration::from_millis(2));
        }
        // What hangs in a read is not waited for.
        for thread in lanes.threads.drain(..) {
            thread.worker.release();
        }
    }
}

impl LaneThread {
    fn start(task: Task, desk: &Arc<Desk>, token: &Arc<()>) -> Self {
        let inbox = Latest::default();
        Self {
            task,
            waiting_since: Instant::now(),
            worker: run(task, inbox.clone(), desk, token),
            inbox,
        }
    }

    fn worker_again(&self, desk: &Arc<Desk>, token: &Arc<()>) -> Worker {
        run(self.task, self.inbox.clone(), desk, token)
    }

    fn put(&mut self, job: Job) {
        if self.inbox.put(job).is_none() {
            self.waiting_since = Instant::now();
        }
    }

    /// Whether it has not come for the newest request for long.
    fn hangs(&self) -> bool {
        self.inbox.is_waiting() && self.waiting_since.elapsed() > HANGING
    }
}

fn run(task: Task, inbox: Latest<Job>, desk: &Arc<Desk>, token: &Arc<()>) -> Worker {
    let (desk, token, on_panic) = (Arc::clone(desk), Arc::clone(token), Arc::clone(desk));
    let name = match task {
        Task::Serve(Lane::Near) => "recordings",
        Task::Serve(Lane::Far) => "recordings-disk",
        Task::ReadAhead => "recordings-ahead",
    };
    Worker::spawn(
        name,
        move |stop| {
            let _token = token;
            if matches!(task, Task::ReadAhead) {
                priority::lower();
            }
            let mut folders = Folders::default();
            while !stop.is_stopped() && !desk.closing.is_stopped() {
                let Some(Job { row, also }) = inbox.wait(IDLE) else {
                    continue;
                };
                match task {
                    Task::Serve(lane) => row.serve(lane, &mut folders, &desk.shelf, &*desk),
                    Task::ReadAhead => row.read_ahead(&also, &mut folders, &desk.shelf),
                }
            }
        },
        move |message| (on_panic.on_event)(RecordingEvent::Died(message)),
    )
}
