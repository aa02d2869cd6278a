//! Not real-time: the device's end of a connection: hops to blocks, and the ways in and out.

mod block_output;
mod block_renderer;
mod connect;
mod counters;
mod device_clock;
mod fade;
mod hop_reader;
mod monitor_lane;
mod mono_downmix;
mod rate_converter;
mod sent_row;
mod source_sender;
mod synth_loan;

pub(super) use block_output::Output;
pub use block_renderer::BlockRenderer;
pub(super) use connect::{Link, connect};
pub(super) use counters::Counters;
pub(super) use device_clock::DeviceClock;
pub(super) use fade::Fade;
pub(super) use monitor_lane::{Heard, MonitorLane};
pub(super) use rate_converter::RateConverter;
pub(super) use source_sender::SourceSender;
pub(super) use synth_loan::SynthHome;
