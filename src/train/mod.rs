//! The trainer as a value: `step() -> StepReport`; schedule, judges, metrics, checkpoints.

mod adversary;
mod augment;
mod aux_classifier;
mod batch;
mod checkpoint;
mod cost;
mod data_parallel;
mod encode;
mod error_unit;
mod initial_weights;
mod label_loss;
pub mod linear_model;
mod loss;
mod model_selection;
mod noise_set;
mod objective;
mod params;
mod rate_control;
mod report;
mod run_folder;
mod sharded_optimizer;
mod threads;
mod trainer;
mod training_set;
mod transpose;
mod validation;

pub use checkpoint::{CheckpointError, checkpoint_options};
pub use cost::step_memory_bytes;
pub use encode::encode_chunks;
pub use error_unit::ErrorUnit;
pub use model_selection::ModelSelection;
pub use report::{Health, StepReport, TrainOptions, Validation};
pub use run_folder::{RunDescription, RunFolder};
pub use trainer::{TrainError, Trainer};
pub use training_set::{ChunkPlace, FrameSource, TrainingClip, TrainingSet};
pub use validation::ValidationSet;
