//! Not real-time: the device's end of a connection: hops to blocks, and the ways in and out.

pub(super) mod block_output;
pub(super) mod block_renderer;
pub(super) mod connect;
pub(super) mod counters;
pub(super) mod hop_reader;
pub(super) mod monitor_lane;
pub(super) mod rate_converter;
pub(super) mod source_sender;
pub(super) mod synth_loan;
