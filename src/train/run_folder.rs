//! One training on disk: what it was asked, its curve, its checkpoint.

use super::{StepReport, TrainOptions};
use serde::{Deserialize, Serialize};
use std::fs::{File, OpenOptions};
use std::io::{Result, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

const DESCRIPTION: &str = "run.json";
const METRICS: &str = "metrics.csv";
const CHECKPOINT: &str = "checkpoint.safetensors";
const COLUMNS: &str = "step,elapsed_secs,loss,reconstruction_db,kl_global_nats,kl_local_nats,learning_rate,steps_per_sec,\
validation_distance,closed_form_distance,active_global,active_local,map_effect,ignore_index";

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

    /// What the training in `path` was begun with.
    ///
    /// # Errors
    /// When `path` holds no training.
    pub fn describe(path: &Path) -> Result<RunDescription> {
        Ok(serde_json::from_slice(&std::fs::read(path.join(DESCRIPTION))?)?)
    }

    /// Notes that the budget is used up.
    ///
    /// # Errors
    /// When the disk is full or gone.
    pub fn mark_finished(&self) -> Result<()> {
        let description = RunDescription {
            finished: true,
            ..Self::describe(&self.path)?
        };
        write_description(&self.path, &description)
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
                    v.distance, v.closed_form_distance, v.active_global, v.active_local, v.map_effect, v.ignore_index
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

/// Whole or not at all: it is written again when the run is over.
fn write_description(folder: &Path, description: &RunDescription) -> Result<()> {
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(&serde_json::to_vec_pretty(description)?)?;
    file.persist(folder.join(DESCRIPTION))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

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
        run.mark_finished().unwrap();
        assert_eq!(RunFolder::newest_for(&runs, &source), None, "its budget is used up");
    }
}
