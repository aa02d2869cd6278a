//! From threads that import to the one sink of a job.

use super::job::{Control, JobSink};
use super::{ComputeEvent, Stage};
use crate::corpus::{ImportStage, Problem, Progress};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Passes an import's progress on to the sink.
pub(super) struct Relay<'a>(Mutex<&'a mut dyn JobSink>);

impl<'a> Relay<'a> {
    pub(super) fn new(sink: &'a mut dyn JobSink) -> Self {
        Self(Mutex::new(sink))
    }

    fn sink(&self) -> MutexGuard<'_, &'a mut dyn JobSink> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Something about the music that is worth reading.
    pub(super) fn noted(&self, sentence: String) {
        self.sink().event(ComputeEvent::Noted(sentence));
    }

    /// `done` of `total` chunks are encoded.
    pub(super) fn encoded(&self, done: u64, total: u64) {
        self.sink().event(ComputeEvent::Progressed {
            stage: Stage::Encoding,
            done,
            total,
        });
    }
}

impl Progress for Relay<'_> {
    fn advanced(&self, stage: ImportStage, done: u64, total: u64) {
        let stage = match stage {
            ImportStage::Scanning | ImportStage::Reading => Stage::Scanning,
            ImportStage::Decoding => Stage::Decoding,
        };
        self.sink().event(ComputeEvent::Progressed { stage, done, total });
    }

    fn found(&self, problem: &Problem) {
        self.sink().event(ComputeEvent::ProblemFound(problem.clone()));
    }

    fn is_cancelled(&self) -> bool {
        matches!(self.sink().control(), Control::Stop | Control::Leave)
    }
}
