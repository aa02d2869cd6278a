//! The threads that own a device: the training worker, the decode worker, their messages; the planner of
//! music that goes on; and the loader of recordings.

mod compute;
mod decode;
mod decoders;
mod desk;
mod messages;
mod planner;
mod preparation;
mod recordings;
mod saving;
mod training;

pub use compute::Compute;
pub use decode::DecodeWorker;
pub use messages::DecodeEvent;
pub use messages::{JobOutcome, SaveRequest, WorkerEvent, WorkerRequest};
pub use planner::{Leg, Plan, PlanRequest, PlanWish, Planner};
pub use recordings::{RecordingEvent, RecordingLoader, RecordingRequest};
pub use training::TrainingWorker;
