//! Figures as lines for people and, in a file, as one JSON object a line.

use crate::cli::terminal::print;
use crate::device::OpenDevice;
use anyhow::Context;
use serde::Serialize;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::time::Duration;

/// Where figures go.
pub struct Readings {
    device: String,
    json: Option<File>,
    /// Why nobody reads the lines, once it is so.
    output: anyhow::Result<()>,
}

#[derive(Serialize)]
struct Reading<'a> {
    device: &'a str,
    kernels: &'a str,
    what: &'a str,
    value: f64,
    unit: &'a str,
}

impl Readings {
    pub fn new(device: &OpenDevice, json: Option<&Path>) -> anyhow::Result<Self> {
        let open = |path: &Path| {
            let file = File::options().create(true).append(true).open(path);
            file.with_context(|| format!("{}: figures cannot be written there", path.display()))
        };
        Ok(Self {
            device: device.name.clone(),
            json: json.map(open).transpose()?,
            output: Ok(()),
        })
    }

    /// A line that is no figure.
    pub fn say(&mut self, text: &str) {
        if self.output.is_ok() {
            self.output = print(text);
        }
    }

    /// Whether neither a reader nor a file takes the figures.
    pub fn are_lost(&self) -> bool {
        self.output.is_err() && self.json.is_none()
    }

    /// How the lines fared.
    pub fn end(self) -> anyhow::Result<()> {
        self.output
    }

    /// One figure.
    pub fn tell(&mut self, what: &str, value: f64, unit: &str) {
        let digits = match value.abs() {
            0.0 => "0".to_owned(),
            size if size < 1e-3 => format!("{value:.1e}"),
            size if size < 10.0 => format!("{value:.3}"),
            size if size < 1_000.0 => format!("{value:.1}"),
            _ => format!("{value:.0}"),
        };
        self.say(&format!("  {what:58} {digits:>9} {unit}"));
        let reading = Reading {
            device: &self.device,
            kernels: if cfg!(feature = "spirv") { "SPIR-V" } else { "WGSL" },
            what,
            value,
            unit,
        };
        let line = serde_json::to_string(&reading).unwrap_or_default();
        if let Some(file) = &mut self.json
            && let Err(error) = writeln!(file, "{line}")
        {
            log::warn!("a figure was not written to the file: {error}");
            self.json = None;
        }
    }
}

/// The value below which `share` of the sorted `times` lie, in milliseconds.
pub fn percentile_ms(times: &mut [Duration], share: f64) -> f64 {
    times.sort_unstable();
    let at = ((times.len().max(1) - 1) as f64 * share).round() as usize;
    times.get(at).map_or(f64::NAN, |time| time.as_secs_f64() * 1e3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_the_sorted_times() {
        let mut times: Vec<Duration> = (0..=100).rev().map(Duration::from_millis).collect();
        assert_eq!(percentile_ms(&mut times, 0.5), 50.0);
        assert_eq!(percentile_ms(&mut times, 0.95), 95.0);
        assert!(percentile_ms(&mut [], 0.5).is_nan());
    }
}
