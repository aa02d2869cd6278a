//! The trainer as a value: `step() -> StepReport`; schedule, judges, metrics, checkpoints.

mod adversary;
mod batch;
mod checkpoint;
pub mod closed_form;
mod cost;
mod encode;
mod error_unit;
mod judge;
mod label_loss;
mod loss;
mod objective;
mod params;
mod rate_control;
mod report;
mod run_folder;
mod shares;
mod trainer;
mod training_set;
mod transpose;
mod validation;
mod watch;

pub use checkpoint::{CheckpointError, checkpoint_options};
pub use cost::step_memory_bytes;
pub use encode::encode_chunks;
pub use error_unit::ErrorUnit;
pub use report::{Health, StepReport, TrainOptions, Validation};
pub use run_folder::{RunDescription, RunFolder};
pub use trainer::{TrainError, Trainer};
pub use training_set::{ChunkPlace, FrameSource, TrainingClip, TrainingSet};
pub use validation::ValidationSet;
pub use watch::Watch;

/// Decibels per neper of amplitude: 20 / ln 10.
pub const DB_PER_NAT: f32 = 8.685_89;
