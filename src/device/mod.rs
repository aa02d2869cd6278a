//! The device that Burn computes on: which ones there are, which one to take, whether it computes right.

mod adapters;
mod choice;
mod open;
mod self_test;

pub use adapters::{Adapter, AdapterKind};
pub use choice::DeviceChoice;
pub use open::{Candidates, OpenDevice, has_failed, list, open_device, open_untested};
pub use self_test::{SelfTestError, SelfTestReport, compare as self_test};
