//! The curve of a training on disk: one row a step, with a header, for any program that reads CSV.

use super::{ErrorUnit, StepReport};
use crate::files::write_whole;
use serde::{Deserialize, Serialize};
use std::fs::{File, OpenOptions};
use std::io::{Result, Write};
use std::path::{Path, PathBuf};

/// One row; the aliases are the columns' names in older files.
#[derive(Debug, Serialize, Deserialize)]
struct Row {
    step: u64,
    elapsed_secs: f64,
    loss: f32,
    /// In `unit`.
    #[serde(alias = "reconstruction_db")]
    reconstruction: f32,
    #[serde(default = "decibel")]
    unit: String,
    kl_global_nats: f32,
    kl_local_nats: f32,
    learning_rate: f64,
    steps_per_sec: f32,
    /// In `unit`, like the linear model's.
    validation_distance: Option<f32>,
    #[serde(alias = "closed_form_distance")]
    linear_distance: Option<f32>,
    #[serde(default)]
    listener_similarity: Option<f32>,
    #[serde(default)]
    linear_similarity: Option<f32>,
    active_global: Option<f32>,
    active_local: Option<f32>,
    map_effect: Option<f32>,
    #[serde(alias = "ignore_index")]
    condition_to_map_ratio: Option<f32>,
}

impl Row {
    fn of(report: &StepReport) -> Self {
        let figure = |of: fn(&super::Validation) -> f32| report.validation.as_ref().map(of);
        Self {
            step: report.step,
            elapsed_secs: (report.elapsed_secs * 1e3).round() / 1e3,
            loss: report.loss,
            reconstruction: report.reconstruction,
            unit: report.unit.symbol().to_owned(),
            kl_global_nats: report.kl_global,
            kl_local_nats: report.kl_local,
            learning_rate: report.learning_rate,
            steps_per_sec: report.steps_per_sec,
            validation_distance: figure(|v| v.distance),
            linear_distance: figure(|v| v.linear_distance),
            listener_similarity: figure(|v| v.similarity),
            linear_similarity: figure(|v| v.linear_similarity),
            active_global: figure(|v| v.active_global),
            active_local: figure(|v| v.active_local),
            map_effect: figure(|v| v.map_effect),
            condition_to_map_ratio: figure(|v| v.condition_to_map_ratio),
        }
    }
}

/// What curves without a column for it were measured in.
fn decibel() -> String {
    ErrorUnit::Decibel.symbol().to_owned()
}

/// The file of one training, open for more rows.
#[derive(Debug)]
pub struct Metrics {
    path: PathBuf,
    file: File,
}

impl Metrics {
    /// Opens the curve at `path`, or begins one.
    ///
    /// # Errors
    /// When it can be neither opened nor made.
    pub fn open(path: &Path) -> Result<Self> {
        Ok(Self {
            path: path.to_owned(),
            file: OpenOptions::new().append(true).create(true).open(path)?,
        })
    }

    /// Adds a row.
    ///
    /// # Errors
    /// When the disk is full or gone.
    pub fn append(&mut self, report: &StepReport) -> Result<()> {
        let is_new = self.file.metadata()?.len() == 0;
        self.file.write_all(&table(is_new, [Row::of(report)])?)
    }

    /// Takes the rows after `step` out: a training that was killed is resumed from a checkpoint before its last rows, and they
    /// will come again. A row that was cut off while it was written goes too.
    ///
    /// # Errors
    /// When the curve cannot be read or written.
    pub fn forget_after(&mut self, step: u64) -> Result<()> {
        let written = std::fs::read_to_string(&self.path)?;
        let whole = written.rfind('\n').map_or("", |end| &written[..=end]);
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(whole.as_bytes());
        let rows = reader.deserialize::<Row>().flatten().filter(|row| row.step <= step);
        write_whole(&self.path, &table(true, rows)?)?;
        self.file = OpenOptions::new().append(true).open(&self.path)?;
        Ok(())
    }
}

fn table(with_header: bool, rows: impl IntoIterator<Item = Row>) -> Result<Vec<u8>> {
    let mut table = csv::WriterBuilder::new()
        .has_headers(with_header)
        .from_writer(Vec::new());
    for row in rows {
        table.serialize(row)?;
    }
    table.into_inner().map_err(csv::IntoInnerError::into_error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::Validation;

    fn report(step: u64) -> StepReport {
        StepReport {
            step,
            loss: 0.5,
            unit: ErrorUnit::Deviation,
            validation: step.is_multiple_of(2).then(Validation::default),
            ..StepReport::default()
        }
    }

    fn steps(path: &Path) -> Vec<u64> {
        let mut reader = csv::Reader::from_path(path).unwrap();
        let rows = reader.deserialize::<Row>().map(|row| row.unwrap().step);
        rows.collect()
    }

    #[test]
    fn a_resumed_training_draws_its_curve_on_from_the_checkpoint() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("metrics.csv");
        let mut metrics = Metrics::open(&path).unwrap();
        for step in 1..=9 {
            metrics.append(&report(step)).unwrap();
        }
        metrics.file.write_all(b"1").unwrap();
        metrics.forget_after(6).unwrap();
        metrics.append(&report(7)).unwrap();
        assert_eq!(steps(&path), [1, 2, 3, 4, 5, 6, 7], "the cut-off row is gone too");
        let text = std::fs::read_to_string(&path).unwrap();
        let header = text.lines().next().unwrap();
        assert!(header.contains("reconstruction,unit,"), "{header}");
        assert_eq!(
            text.matches("step").count(),
            header.matches("step").count(),
            "one header"
        );
        assert!(text.lines().nth(1).unwrap().contains(",σ,"), "{text}");
    }

    #[test]
    fn the_curve_of_an_older_program_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("metrics.csv");
        let old = "step,elapsed_secs,loss,reconstruction_db,kl_global_nats,kl_local_nats,learning_rate,steps_per_sec,\
                   validation_distance,linear_distance,active_global,active_local,map_effect,condition_to_map_ratio\n\
                   1,0.5,2,6.5,90,5000,0.001,2,,,,,,\n2,1,1.9,6.25,90,5000,0.001,2,6,7,1,1,0.9,0.4\n";
        std::fs::write(&path, old).unwrap();
        let mut metrics = Metrics::open(&path).unwrap();
        metrics.forget_after(2).unwrap();
        metrics.append(&report(3)).unwrap();
        assert_eq!(steps(&path), [1, 2, 3]);
        assert!(std::fs::read_to_string(&path).unwrap().contains(",6.25,"));
    }
}
