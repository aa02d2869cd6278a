//! Not real-time: frees, measures and records what was played.

pub(super) mod engine_meters;
pub(super) mod monitor_thread;
pub(super) mod recorder;
