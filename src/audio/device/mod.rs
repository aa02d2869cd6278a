//! Not real-time: sound cards and what stands in for them.

mod alsa_messages;
mod block_sizes;
mod cards;
mod jack_server;
mod null_backend;
mod refusals;
mod sound_cards;
mod stream;
mod stream_health;
#[cfg(test)]
mod stream_tests;

pub use alsa_messages::with_alsa_logged;
pub(super) use block_sizes::BlockSizes;
pub(super) use cards::{SystemCards, list};
pub(super) use null_backend::RATE_HZ as NULL_RATE_HZ;
pub use sound_cards::{DeviceEntry, StreamInfo};
pub(super) use stream::{ChooseDevice, StreamManager};
