//! The only room that owns a `Device`: opening it, the training worker, the decode worker, their messages.

mod device;
mod messages;
mod self_test;

pub use device::{DeviceChoice, OpenDevice, open_device};
pub use messages::{ComputeEvent, ComputeRequest, Stage};
pub use self_test::{SelfTestError, SelfTestReport, compare as self_test};
