//! `songspace doctor`: what this machine offers, and with `--measure` how fast it is.

use super::device::DeviceArgument;
use super::measure::{self, MeasureArguments};
use super::terminal::print;
use crate::audio::{self, AudioOptions};
use crate::crash::ReportFolder;
use crate::device::{OpenDevice, list, open_untested, self_test};
use std::time::Instant;

/// The device, and what to measure on it.
#[derive(Debug, clap::Args)]
pub struct DoctorArguments {
    #[command(flatten)]
    device: DeviceArgument,
    /// List the adapters and no more.
    #[arg(long)]
    adapters: bool,
    #[command(flatten)]
    measure: MeasureArguments,
}

/// Prints devices, self-test and audio outputs, or measures.
pub fn run(arguments: &DoctorArguments) -> anyhow::Result<()> {
    if arguments.adapters {
        return list_adapters();
    }
    if arguments.measure.measure.is_empty() {
        return report(&arguments.device);
    }
    let begun = Instant::now();
    let device = first(&arguments.device);
    measure::run(&arguments.measure, &device, begun.elapsed())
}

fn list_adapters() -> anyhow::Result<()> {
    let adapters = list();
    if adapters.is_empty() {
        print("no adapter that can compute")?;
    }
    adapters
        .iter()
        .try_for_each(|adapter| print(format_args!("adapter: {adapter}")))
}

fn report(device: &DeviceArgument) -> anyhow::Result<()> {
    list_adapters()?;
    let device = device.open();
    print(format_args!("compute: {}", device.name))?;
    if let Some(note) = &device.note {
        print(format_args!("         {note}"))?;
    }
    let begun = Instant::now();
    let report = self_test(&device.device)?;
    print(format_args!(
        "self-test against the CPU: {report}; {:.1} s",
        begun.elapsed().as_secs_f32()
    ))?;
    print(audio::report(AudioOptions::default()))?;
    print(reports_of_faults())
}

fn reports_of_faults() -> String {
    match ReportFolder::standard() {
        Some(folder) => format!(
            "crash reports: {} in {}",
            folder.reports().len(),
            folder.path().display()
        ),
        None => "crash reports: nowhere, this user has no folder for them".to_owned(),
    }
}

/// The device as asked for, untested: a measurement shows what is wrong with it.
fn first(device: &DeviceArgument) -> OpenDevice {
    let found = open_untested(&device.choice);
    found.adapters.into_iter().next().unwrap_or(found.fallback)
}
