//! The threads that own a device: the training worker, the decode worker, their messages.

mod decode;
mod messages;
mod training;

pub use decode::{DecodeEvent, DecodeWorker};
pub use messages::{JobOutcome, WorkerEvent, WorkerRequest};
pub use training::TrainingWorker;
