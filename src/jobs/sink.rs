//! How a job tells its progress and is steered.

use crate::corpus::{ImportStage, Problem, Progress};
use crate::space::Snapshot;
use crate::sync::StopFlag;
use crate::train::{Health, StepReport};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What the user wants of a running job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Control {
    /// Keep working, or go on after a pause.
    Continue,
    /// Wait between training steps; other parts of a job run on.
    Pause,
    /// End the import, the training or the refinement, whichever runs; a space that is there still gets its map.
    Stop,
    /// The program is closing: write the checkpoint and return at once.
    Leave,
}

/// Hears a job and steers it. Called from the job's thread; events also from import threads.
pub trait JobSink: Send {
    /// The job waits until it returns.
    fn event(&mut self, event: JobEvent);

    /// Polled between steps, files and batches.
    fn control(&mut self) -> Control;

    /// A stop has ended one part of the job and another begins, which may be stopped for itself: a sink whose user still watches
    /// forgets the stop; for one that does not, it holds for all that is left.
    fn next_part(&mut self) {}

    /// Set when [`control`](Self::control) would say [`Control::Leave`], for work on other threads.
    fn leaving(&self) -> StopFlag {
        StopFlag::default()
    }
}

/// What a job says while it runs; how it ended is what it returns.
#[derive(Clone, Debug)]
pub enum JobEvent {
    /// A new version of the space that is being learned.
    Published(Arc<Snapshot>),
    /// The space with its map as far as it has settled: for the eye, not to be kept.
    Settling(Arc<Snapshot>),
    /// How far the current part is.
    Progressed {
        /// May come back: encoding happens at every publication.
        stage: JobStage,
        /// Files, chunks or iterations, depending on the stage.
        done: u64,
        /// In the same unit; 0 while it is unknown.
        total: u64,
    },
    /// A file was skipped, or is used with a remark.
    ProblemFound(Problem),
    /// A sentence about the music that is worth reading once.
    Noted(String),
    /// The adapter failed and the job goes on, on the CPU. A sentence.
    DeviceLost(String),
    /// Something failed that the job survives. A sentence with the path and what to do.
    Warned(String),
    /// After every step of the optimiser.
    Stepped(StepReport),
    /// When a validation changes the verdict of the collapse alarm.
    HealthChanged(Health),
}

impl JobEvent {
    /// `done` of `total` chunks have been through `stage`.
    pub(super) fn chunks_done(stage: JobStage, done: usize, total: usize) -> Self {
        Self::Progressed {
            stage,
            done: done as u64,
            total: total as u64,
        }
    }
}

/// The parts of a long job, in the order they happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobStage {
    /// Listing files and reading headers, tags and tables.
    Scanning,
    /// Decoding audio and analysing it into the codec's frames.
    Decoding,
    /// Fitting the model that plays before any training; 0 or 1 of 1.
    LinearModel,
    /// Optimising the network.
    Training,
    /// Computing the latents of every chunk.
    Encoding,
    /// Bringing the latents of every chunk nearer to what is heard.
    Refining,
    /// Laying out the map.
    Mapping,
}

/// An import that nobody watches, but that ends when the flag is set.
pub struct UntilStopped<'a>(pub &'a StopFlag);

impl Progress for UntilStopped<'_> {
    fn advanced(&self, _stage: ImportStage, _done: u64, _total: u64) {}

    fn is_cancelled(&self) -> bool {
        self.0.is_stopped()
    }
}

/// Passes the progress of an import, told by many threads, on to the one sink of a job.
pub(super) struct ImportRelay<'a>(Mutex<&'a mut dyn JobSink>);

impl<'a> ImportRelay<'a> {
    pub(super) fn new(sink: &'a mut dyn JobSink) -> Self {
        Self(Mutex::new(sink))
    }

    fn sink(&self) -> MutexGuard<'_, &'a mut dyn JobSink> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// As a job without an import tells it.
    pub(super) fn event(&self, event: JobEvent) {
        self.sink().event(event);
    }
}

impl Progress for ImportRelay<'_> {
    fn advanced(&self, stage: ImportStage, done: u64, total: u64) {
        let stage = match stage {
            ImportStage::Scanning | ImportStage::Reading => JobStage::Scanning,
            ImportStage::Decoding => JobStage::Decoding,
        };
        self.sink().event(JobEvent::Progressed { stage, done, total });
    }

    fn found(&self, problem: &Problem) {
        self.sink().event(JobEvent::ProblemFound(problem.clone()));
    }

    fn is_cancelled(&self) -> bool {
        matches!(self.sink().control(), Control::Stop | Control::Leave)
    }
}
