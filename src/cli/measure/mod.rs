//! `songspace doctor --measure`: what this machine does a second, with nothing but the program, a space and a few songs.
//!
//! Every figure is printed as soon as it is known, so that a part that hangs takes none of the others with it.

mod decode;
mod latency;
mod network;
mod readings;
mod train;

use crate::cli::terminal::print;
use crate::device::{OpenDevice, self_test};
use crate::model::Preset;
use crate::space::Snapshot;
use anyhow::Context;
use network::sizes;
use readings::Readings;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// What is measured, and on what.
#[derive(Debug, clap::Args)]
pub struct MeasureArguments {
    /// Measure how fast this machine is instead.
    #[arg(long, value_enum, value_delimiter = ',', value_name = "PARTS")]
    pub measure: Vec<Part>,
    /// Seconds of every reading.
    #[arg(long, default_value_t = 4.0, overrides_with = "seconds")]
    seconds: f32,
    /// Network sizes to measure with.
    #[arg(long, value_enum, value_delimiter = ',', default_value = "s,m")]
    presets: Vec<Preset>,
    /// Crops per training step, one reading each.
    #[arg(long, value_delimiter = ',', default_value = "10")]
    batches: Vec<usize>,
    /// The space that is decoded.
    #[arg(long, default_value = "assets/demo.songspace")]
    space: PathBuf,
    /// The songs that are learned beside playing.
    #[arg(long, default_value = "assets/fixtures/songs")]
    songs: PathBuf,
    /// Append every figure to this file too, as one JSON object a line.
    #[arg(long)]
    json: Option<PathBuf>,
}

/// Parts of a measurement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Part {
    /// The self-test, the first kernels included.
    Test,
    /// Decoding one point after the other.
    Decode,
    /// From a request to its first sample, by the live engine without a sound card.
    Latency,
    /// Training steps on noise.
    Train,
    /// As `latency`, beside a training.
    Beside,
    /// The networks' sizes as JSON, for a peer that is to build the same.
    Sizes,
}

/// Measures on `device`.
pub fn run(arguments: &MeasureArguments, device: &OpenDevice, opening: Duration) -> anyhow::Result<()> {
    let mut readings = Readings::new(device, arguments.json.as_deref())?;
    if arguments.measure == [Part::Sizes] {
        for preset in &arguments.presets {
            print(serde_json::to_string(&sizes(*preset))?)?;
        }
        return Ok(());
    }
    readings.say(&format!("measuring on {}", device.name));
    readings.tell("opening the device", opening.as_secs_f64(), "s");
    for part in &arguments.measure {
        if readings.are_lost() {
            break;
        }
        match part {
            Part::Test => test(device, &mut readings)?,
            Part::Decode => {
                let space = arguments.open_space()?;
                for preset in &arguments.presets {
                    decode::measure(&space, *preset, device, arguments.duration(), &mut readings)?;
                }
            }
            Part::Latency => latency::alone(&arguments.open_space()?, device, arguments.duration(), &mut readings),
            Part::Beside => {
                let (space, songs) = (arguments.open_space()?, arguments.songs.clone());
                latency::beside_training(&space, songs, device, arguments.duration(), &mut readings)?;
            }
            Part::Train => {
                for preset in &arguments.presets {
                    for batch in &arguments.batches {
                        train::measure(*preset, *batch, device, arguments.duration(), &mut readings)?;
                    }
                }
            }
            Part::Sizes => {}
        }
    }
    readings.end()
}

impl MeasureArguments {
    fn open_space(&self) -> anyhow::Result<Snapshot> {
        let opened = Snapshot::open(&self.space);
        opened.with_context(|| format!("{}: name a space with --space", self.space.display()))
    }

    fn duration(&self) -> Duration {
        Duration::from_secs_f32(self.seconds.clamp(0.1, 3_600.0))
    }
}

fn test(device: &OpenDevice, readings: &mut Readings) -> anyhow::Result<()> {
    let begun = Instant::now();
    let report = self_test(&device.device)?;
    readings.tell(
        "self-test, the first kernels included",
        begun.elapsed().as_secs_f64(),
        "s",
    );
    readings.tell("self-test, forward, relative difference", f64::from(report.forward), "");
    let step = f64::from(report.training_step);
    readings.tell("self-test, training step, relative difference", step, "");
    Ok(())
}
