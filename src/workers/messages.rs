//! What the window says to the training worker, and what comes back from both workers.
//!
//! The worker owns no space: a request carries the snapshot it is about, and the window decides what becomes of an answer.

use crate::files::SharedStamp;
use crate::jobs::{AddReport, JobEvent};
use crate::space::{Kept, Snapshot};
use crate::train::TrainOptions;
use std::path::PathBuf;
use std::sync::Arc;

/// Imperative; bounded and never dropped.
#[derive(Clone, Debug)]
pub enum WorkerRequest {
    /// Load a `.songspace` file.
    Open(PathBuf),
    /// Write a space.
    Save(SaveRequest),
    /// Import a folder (or manifest, or dataset) and train on it; the linear model is published first.
    Train {
        /// A folder, a manifest or a dataset.
        source: PathBuf,
        /// Checked by the job; a wrong one ends it with a sentence.
        options: TrainOptions,
    },
    /// Place the new clips of a folder in `space`; no old point moves.
    Add {
        /// Stays as it is; the answer brings a grown copy.
        space: Arc<Snapshot>,
        /// A folder, a manifest or a dataset.
        source: PathBuf,
    },
    /// Continue the training whose checkpoint lies in this run folder.
    Continue(PathBuf),
    /// Halt a training at its next step; ignored when no job runs.
    Pause,
    /// Go on after a pause; ignored when no job runs.
    Resume,
    /// End the running job; a training keeps its best snapshot.
    Stop,
    /// Lay `space` out on its map again.
    Remap {
        /// Stays as it is; the answer brings a copy with new layouts.
        space: Arc<Snapshot>,
        /// How much labels count beside sound, 0..=10; 0 = by sound only.
        condition_weight: f32,
        /// Of the t-SNE layout: equal seeds give equal maps.
        seed: u64,
    },
}

/// A space on its way to the disk; when it is there, the training in `finishes` has nothing left to continue.
#[derive(Clone, Debug)]
pub struct SaveRequest {
    /// The space to write.
    pub snapshot: Arc<Snapshot>,
    /// What its file keeps, in place of what it kept before.
    pub kept: Kept,
    /// An existing file is replaced...
    pub path: PathBuf,
    /// ...or, with its stamp, only if it is still the one that was read or written here; a missing one is written.
    pub over: Option<SharedStamp>,
    /// Run folder of a training whose budget is used up; `None` leaves all runs alone.
    pub finishes: Option<PathBuf>,
}

/// Past tense; drained by the window every frame.
#[derive(Clone, Debug)]
pub enum WorkerEvent {
    /// An adapter is being made ready, for so long already; the CPU computes meanwhile. Told every second.
    DevicePreparing {
        /// The adapter's name.
        name: String,
        /// Whole seconds since the preparation began.
        secs: u64,
    },
    /// A device computes from now on, with the reason when it is not the one asked for or used before.
    DeviceChosen {
        /// `CPU (2 threads)` or the adapter's name.
        name: String,
        /// A sentence; `None` when all went as asked.
        note: Option<String>,
    },
    /// The file at `path` was read.
    Opened {
        /// The file that was asked for.
        path: PathBuf,
        /// As it was read; `None` where that could not be told.
        stamp: Option<SharedStamp>,
        /// The space that is in it.
        snapshot: Arc<Snapshot>,
    },
    /// `snapshot` is on disk at `path`.
    Saved {
        /// The file that was written.
        path: PathBuf,
        /// As it is now; `None` where that could not be told.
        stamp: Option<SharedStamp>,
        /// As it was when saving was asked for.
        snapshot: Arc<Snapshot>,
        /// What the file keeps now.
        kept: Kept,
    },
    /// The file at this path is another one than was read or written here. It was left alone; the space is not saved.
    ChangedOnDisk(PathBuf),
    /// The running job has something to say.
    Job(JobEvent),
    /// A training waits at its next step.
    Paused,
    /// The job goes on, after a pause or with what comes after a training that was stopped.
    Resumed,
    /// The job's last event; another job may begin.
    JobEnded(JobOutcome),
    /// One request could not be carried out; nothing changed, and a job that runs goes on. A sentence with the path and what to
    /// do.
    RequestFailed(String),
    /// The worker died; it can be restarted.
    Died(String),
}

/// How a job ended.
#[derive(Clone, Debug)]
pub enum JobOutcome {
    /// `note` says in a sentence how the training went; `finished_run` is its folder when its budget is used up.
    Trained {
        /// The space to keep; not saved yet.
        snapshot: Arc<Snapshot>,
        /// One sentence for a person to read.
        note: String,
        /// `None` while the training can still be continued.
        finished_run: Option<PathBuf>,
    },
    /// Clips were looked for; `grown` is `before` with those that are new, `None` where nothing has changed.
    Added {
        /// The space that the request named.
        before: Arc<Snapshot>,
        /// Not saved yet.
        grown: Option<Arc<Snapshot>>,
        /// What became of each file.
        report: AddReport,
    },
    /// `remapped` is `before` with its layouts drawn again.
    Remapped {
        /// The space that the request named.
        before: Arc<Snapshot>,
        /// Not saved yet; its sounds are the same.
        remapped: Arc<Snapshot>,
    },
    /// A sentence with the path and what to do. What was published stays valid.
    Failed(String),
}

/// What the decode worker has to tell beside sound.
#[derive(Clone, Debug)]
pub enum DecodeEvent {
    /// A request or a snapshot could not be decoded; a sentence.
    Failed(String),
    /// The snapshot's codec needs weights that are not there; a sentence.
    NeedsWeights(String),
    /// The adapter is too slow to decode; a sentence.
    CpuTookOver(String),
    /// The thread is gone.
    Died(String),
}
