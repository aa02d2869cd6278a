//! Not real-time: frees, measures and records what was played.

mod engine_meters;
mod monitor_thread;
mod recorder;

pub use engine_meters::{EngineMeters, Percentiles};
pub(super) use monitor_thread::{Monitor, MonitorShared, lock};
pub(super) use recorder::Recorder;
