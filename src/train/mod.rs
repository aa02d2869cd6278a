//! The trainer as a value: `step() -> StepReport`; schedule, judges, metrics, checkpoints.

mod report;

pub use report::{Health, StepReport, TrainOptions, Validation};
