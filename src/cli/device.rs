//! `--device`, the same for every job.

use crate::device::{DeviceChoice, OpenDevice, open_device};

/// What to compute on.
#[derive(Debug, clap::Args)]
pub struct DeviceArgument {
    /// auto, gpu, cpu, software, or a part of an adapter's name as doctor lists it.
    #[arg(long = "device", default_value = "auto", value_name = "DEVICE")]
    pub choice: DeviceChoice,
}

impl DeviceArgument {
    /// Opens and tests it.
    pub fn open(&self) -> OpenDevice {
        open_device(&self.choice)
    }
}
