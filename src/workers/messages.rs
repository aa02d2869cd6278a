//! What the window says to the training worker, and what comes back from both workers.
//!
//! The worker owns no space: a request carries the snapshot it is about, and the window decides what becomes of an answer.

use crate::jobs::{AddReport, JobEvent};
use crate::space::Snapshot;
use crate::train::TrainOptions;
use std::path::PathBuf;
use std::sync::Arc;

/// Imperative; bounded and never dropped.
#[derive(Clone, Debug)]
pub enum WorkerRequest {
    /// Load a `.songspace` file.
    Open(PathBuf),
    /// Write `snapshot`; when it is on disk the training in `finishes` has nothing left to continue.
    Save {
        snapshot: Arc<Snapshot>,
        path: PathBuf,
        finishes: Option<PathBuf>,
    },
    /// Import a folder (or manifest, or dataset) and train on it; the linear model is published first.
    Train {
        source: PathBuf,
        options: TrainOptions,
    },
    /// Place the new clips of a folder in `space`; no old point moves.
    Add {
        space: Arc<Snapshot>,
        source: PathBuf,
    },
    /// Continue the training whose checkpoint lies in this run folder.
    Continue(PathBuf),
    Pause,
    Resume,
    /// End the running job; a training keeps its best snapshot.
    Stop,
    /// Lay `space` out on its map again.
    Remap {
        space: Arc<Snapshot>,
        condition_weight: f32,
        seed: u64,
    },
}

/// Past tense; drained by the window every frame.
#[derive(Clone, Debug)]
pub enum WorkerEvent {
    /// An adapter is being made ready, for so long already; the CPU computes meanwhile. Told every second.
    DevicePreparing {
        name: String,
        secs: u64,
    },
    /// A device computes from now on, with the reason when it is not the one asked for or used before.
    DeviceChosen {
        name: String,
        note: Option<String>,
    },
    /// The file at `path` was read.
    Opened {
        path: PathBuf,
        snapshot: Arc<Snapshot>,
    },
    /// `snapshot` is on disk at `path`.
    Saved {
        path: PathBuf,
        snapshot: Arc<Snapshot>,
    },
    /// The running job has something to say.
    Job(JobEvent),
    Paused,
    Resumed,
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
        snapshot: Arc<Snapshot>,
        note: String,
        finished_run: Option<PathBuf>,
    },
    /// Clips were looked for; `grown` is `before` with those that are new, `None` where nothing has changed.
    Added {
        before: Arc<Snapshot>,
        grown: Option<Arc<Snapshot>>,
        report: AddReport,
    },
    /// `remapped` is `before` with its layouts drawn again.
    Remapped {
        before: Arc<Snapshot>,
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
