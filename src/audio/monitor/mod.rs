//! Not real-time: frees, measures and records what was played.

mod engine_meters;
mod monitor_shared;
mod monitor_thread;
mod recorder;

pub use engine_meters::{EngineMeters, Percentiles};
pub(super) use monitor_shared::{MonitorShared, lock};
pub(super) use monitor_thread::Monitor;
pub(super) use recorder::Recorder;
