//! One training on disk: what it was asked, its curve, its checkpoint.

use super::{StepReport, TrainOptions};
use crate::files::write_whole;
use serde::{Deserialize, Serialize};
use std::fs::{File, OpenOptions};
use std::io::{Result, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

const DESCRIPTION: &str = "run.json";
const METRICS: &str = "metrics.csv";
const CHECKPOINT: &str = "checkpoint.safetensors";
const COLUMNS: &str = "step,elapsed_secs,loss,reconstruction_db,kl_global_nats,kl_local_nats,learning_rate,steps_per_sec,\
validation_distance,linear_distance,active_global,active_local,map_effect,condition_to_map_ratio";

/// What a training was begun with; enough to continue it later.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RunDescription {
    pub name: String,
    pub source: PathBuf,
    pub options: TrainOptions,
    /// Its budget is used up: nothing is left to continue.
    #[serde(default)]
    pub finished: bool,
}

/// `outputs/runs/<name>`: `run.json`, `metrics.csv`, `checkpoint.safetensors`.
#[derive(Debug)]
pub struct RunFolder {
    path: PathBuf,
    metrics: Mutex<File>,
}

impl RunFolder {
    /// A new folder below `runs`, named after the space, with a number when the name is taken.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn create(runs: &Path, name: &str, source: &Path, options: &TrainOptions) -> Result<Self> {
        std::fs::create_dir_all(runs)?;
        let mut path = runs.join(name);
        let mut number = 2;
        while let Err(error) = std::fs::create_dir(&path) {
            if error.kind() != std::io::ErrorKind::AlreadyExists {
                return Err(error);
            }
            path = runs.join(format!("{name}-{number}"));
            number += 1;
        }
        let source = std::path::absolute(source)?;
        let description = RunDescription {
            name: name.to_owned(),
            source,
            options: options.clone(),
            finished: false,
        };
        write_description(&path, &description)?;
        let folder = Self::open(&path)?;
        folder.write_line(COLUMNS)?;
        Ok(folder)
    }

    /// The folder of a training that is to go on.
    ///
    /// # Errors
    /// When it is not there.
    pub fn open(path: &Path) -> Result<Self> {
        let metrics = OpenOptions::new().append(true).create(true).open(path.join(METRICS))?;
        Ok(Self {
            path: path.to_owned(),
            metrics: Mutex::new(metrics),
        })
    }

    /// Takes the rows after `step` out of the curve: a training that was killed is resumed from a checkpoint before its last
    /// rows, and they will come again.
    ///
    /// # Errors
    /// When the curve cannot be read or written.
    pub fn forget_after(&self, step: u64) -> Result<()> {
        let path = self.path.join(METRICS);
        let mut metrics = self.metrics.lock().unwrap_or_else(PoisonError::into_inner);
        let written = std::fs::read_to_string(&path)?;
        let step_of = |row: &str| row.split(',').next().and_then(|step| step.parse::<u64>().ok());
        // A row that was cut off while it was written has no end of line, whatever its step.
        let whole = written.split_inclusive('\n').filter(|row| row.ends_with('\n'));
        let kept: String = whole.filter(|row| step_of(row).is_none_or(|own| own <= step)).collect();
        if kept != written {
            write_whole(&path, kept.as_bytes())?;
            *metrics = OpenOptions::new().append(true).open(&path)?;
        }
        Ok(())
    }

    /// What the training in `path` was begun with.
    ///
    /// # Errors
    /// When `path` holds no training.
    pub fn describe(path: &Path) -> Result<RunDescription> {
        Ok(serde_json::from_slice(&std::fs::read(path.join(DESCRIPTION))?)?)
    }

    /// Notes that the budget of the training in `path` is used up and its space is kept.
    ///
    /// # Errors
    /// When the disk is full or gone.
    pub fn mark_finished(path: &Path) -> Result<()> {
        let description = RunDescription {
            finished: true,
            ..Self::describe(path)?
        };
        write_description(path, &description)
    }

    /// The newest run below `runs` that has a checkpoint, was begun on `source` and ended before its budget.
    pub fn newest_for(runs: &Path, source: &Path) -> Option<PathBuf> {
        let source = std::path::absolute(source).ok()?;
        let candidates = std::fs::read_dir(runs).ok()?.flatten().map(|entry| entry.path());
        candidates
            .filter(|path| Self::describe(path).is_ok_and(|run| run.source == source && !run.finished))
            .filter_map(|path| Some((path.join(CHECKPOINT).metadata().ok()?.modified().ok()?, path)))
            .max()
            .map(|(_, path)| path)
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where the checkpoint lies.
    pub fn checkpoint(&self) -> PathBuf {
        self.path.join(CHECKPOINT)
    }

    /// Adds one row to the curve.
    ///
    /// # Errors
    /// When the disk is full or gone.
    pub fn append_metrics(&self, report: &StepReport) -> Result<()> {
        let validation = report.validation.map_or_else(
            || ",,,,,".to_owned(),
            |v| {
                format!(
                    "{},{},{},{},{},{}",
                    v.distance,
                    v.linear_distance,
                    v.active_global,
                    v.active_local,
                    v.map_effect,
                    v.condition_to_map_ratio
                )
            },
        );
        self.write_line(&format!(
            "{},{:.3},{},{},{},{},{},{},{validation}",
            report.step,
            report.elapsed_secs,
            report.loss,
            report.reconstruction,
            report.kl_global,
            report.kl_local,
            report.learning_rate,
            report.steps_per_sec,
        ))
    }

    fn write_line(&self, line: &str) -> Result<()> {
        let mut file = self.metrics.lock().unwrap_or_else(PoisonError::into_inner);
        writeln!(file, "{line}")
    }
}

fn write_description(folder: &Path, description: &RunDescription) -> Result<()> {
    let bytes = serde_json::to_vec_pretty(description)?;
    Ok(write_whole(&folder.join(DESCRIPTION), &bytes)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_will_come_again_are_forgotten_and_the_curve_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        let run = RunFolder::create(folder.path(), "music", folder.path(), &TrainOptions::default()).unwrap();
        let curve = || std::fs::read_to_string(run.path().join(METRICS)).unwrap();
        for step in 1..=9 {
            run.write_line(&format!("{step},0.5")).unwrap();
        }
        run.metrics.lock().unwrap().write_all(b"1").unwrap();
        run.forget_after(6).unwrap();
        run.write_line("7,0.25").unwrap();
        let steps: Vec<String> = curve().lines().skip(1).map(str::to_owned).collect();
        let wanted = ["1,0.5", "2,0.5", "3,0.5", "4,0.5", "5,0.5", "6,0.5", "7,0.25"];
        assert_eq!(steps, wanted, "the cut-off row is gone too");
        assert_eq!(curve().lines().next(), Some(COLUMNS));
    }

    #[test]
    fn only_a_run_with_budget_left_can_go_on() {
        let folder = tempfile::tempdir().unwrap();
        let (runs, source) = (folder.path().join("runs"), folder.path().join("music"));
        let run = RunFolder::create(&runs, "music", &source, &TrainOptions::default()).unwrap();
        assert_eq!(
            RunFolder::newest_for(&runs, &source),
            None,
            "there is no checkpoint yet"
        );
        std::fs::write(run.checkpoint(), "weights").unwrap();
        assert_eq!(RunFolder::newest_for(&runs, &source).as_deref(), Some(run.path()));
        RunFolder::mark_finished(run.path()).unwrap();
        assert_eq!(RunFolder::newest_for(&runs, &source), None, "its budget is used up");
    }
}
