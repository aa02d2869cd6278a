//! What the window (or the command line) says to the compute worker, and what comes back.

use super::AddReport;
use crate::bundle::Snapshot;
use crate::corpus::Problem;
use crate::train::{Health, StepReport, TrainOptions};
use std::path::PathBuf;
use std::sync::Arc;

/// Imperative; bounded and never dropped.
#[derive(Clone, Debug)]
pub enum ComputeRequest {
    /// Load a `.songspace` file.
    Open(PathBuf),
    /// Write the current snapshot.
    Save(PathBuf),
    /// Import a folder (or manifest, or dataset) and train on it; the closed form is published first.
    Train {
        source: PathBuf,
        options: TrainOptions,
    },
    /// Place the new clips of a folder in the current space; no old point moves.
    Add(PathBuf),
    /// Continue the training whose checkpoint lies in this run folder.
    Continue(PathBuf),
    Pause,
    Resume,
    /// End the training and keep its best snapshot.
    Stop,
    /// Compute the layouts again.
    Remap {
        condition_weight: f32,
        seed: u64,
    },
}

/// Past tense; drained by the window every frame.
#[derive(Clone, Debug)]
pub enum ComputeEvent {
    /// A device was chosen, with the reason when it is not the one asked for.
    DeviceChosen {
        name: String,
        note: Option<String>,
    },
    /// A new version of the space is current.
    Published(Arc<Snapshot>),
    Saved(PathBuf),
    /// A long job moved on.
    Progressed {
        stage: Stage,
        done: u64,
        total: u64,
    },
    /// A file was skipped, or is used with a remark.
    ProblemFound(Problem),
    /// A sentence about the music that is worth reading once.
    Noted(String),
    Stepped(StepReport),
    HealthChanged(Health),
    Paused,
    Resumed,
    /// Clips were looked for, and those that are new have joined the space.
    Added(AddReport),
    /// The training ended; `note` says in a sentence how.
    Finished {
        note: String,
    },
    /// A request failed; nothing changed. A sentence with the path and what to do.
    Failed(String),
    /// The worker died; it can be restarted.
    Died(String),
}

/// The long jobs, in the order they happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    Scanning,
    Decoding,
    ClosedForm,
    Training,
    Encoding,
    Mapping,
}
