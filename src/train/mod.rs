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
mod threads;
mod trainer;
mod training_set;
mod transpose;
mod update;
mod validation;
mod variations;
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
