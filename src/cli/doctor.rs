//! `songspace doctor`: what this machine offers.

use crate::audio::{self, AudioOptions};
use crate::device::{DeviceChoice, open_device, self_test};

/// Nothing to choose yet but the device.
#[derive(Debug, clap::Args)]
pub struct DoctorArguments {
    #[arg(long, value_enum, default_value = "auto")]
    device: DeviceChoice,
}

/// Prints devices, self-test and audio outputs.
pub fn run(arguments: &DoctorArguments) -> anyhow::Result<()> {
    let device = open_device(arguments.device);
    println!("compute: {}", device.name);
    if let Some(note) = &device.note {
        println!("         {note}");
    }
    println!("self-test against the CPU: {}", self_test(&device.device)?);
    println!("{}", audio::report(AudioOptions::default()));
    Ok(())
}
