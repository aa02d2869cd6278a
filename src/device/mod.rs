//! The device that Burn computes on: which one, whether it computes right, what to say about it.

mod open;
mod self_test;

pub use open::{DeviceChoice, OpenDevice, open_device};
pub use self_test::{SelfTestError, SelfTestReport, compare as self_test};
