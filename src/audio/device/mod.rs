//! Not real-time: sound cards and what stands in for them.

mod cards;
mod null_backend;
mod stream;
mod stream_health;

pub(super) use cards::list;
pub use cards::{DeviceEntry, StreamInfo};
pub(super) use null_backend::RATE_HZ as NULL_RATE_HZ;
pub(super) use stream::{ChooseDevice, StreamManager};
