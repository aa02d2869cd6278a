//! How many training steps a second a device does on noise, frames in memory.

use super::network::{name_of, sizes};
use super::readings::{Readings, percentile_ms};
use crate::device::OpenDevice;
use crate::model::{Preset, Weights};
use crate::train::{TrainOptions, Trainer, TrainingSet};
use std::time::{Duration, Instant};

const WARM_UP: usize = 3;

/// Reads the time of the first step and the median of the others.
pub fn measure(
    preset: Preset,
    batch: usize,
    device: &OpenDevice,
    duration: Duration,
    readings: &mut Readings,
) -> anyhow::Result<()> {
    let options = TrainOptions {
        preset,
        batch,
        minutes: None,
        steps: Some(1_000_000),
        swap: false,
        adversary: false,
        ..TrainOptions::default()
    };
    let set = TrainingSet::of_noise(sizes(preset));
    let mut trainer = Trainer::new(set, options, &Weights::default(), &device.device)?;
    let mut step = || {
        let begun = Instant::now();
        trainer.step().map(|_| begun.elapsed())
    };
    let name = |what: &str| format!("training, preset {}, batch {batch}: {what}", name_of(preset));
    readings.tell(&name("the first step, kernels included"), step()?.as_secs_f64(), "s");
    for _ in 0..WARM_UP {
        step()?;
    }
    let begun = Instant::now();
    let mut times = Vec::new();
    while begun.elapsed() < duration || times.is_empty() {
        times.push(step()?);
    }
    let median = percentile_ms(&mut times, 0.5);
    readings.tell(&name("step p50"), median, "ms");
    readings.tell(&name("step p95"), percentile_ms(&mut times, 0.95), "ms");
    readings.tell(&name("steps a second"), 1e3 / median, "/s");
    readings.tell(&name("crops a second"), batch as f64 * 1e3 / median, "/s");
    Ok(())
}
