//! Not real-time: sound cards and what stands in for them.

pub(super) mod cards;
pub(super) mod null_backend;
pub(super) mod stream;
pub(super) mod stream_health;
