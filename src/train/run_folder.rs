//! One training on disk: what it was asked, its curve, its checkpoint.

use super::metrics::Metrics;
use super::{StepReport, TrainOptions};
use crate::files::write_whole;
use serde::{Deserialize, Serialize};
use std::io::Result;
use std::path::{Path, PathBuf};

const DESCRIPTION: &str = "run.json";
const METRICS: &str = "metrics.csv";
const CHECKPOINT: &str = "checkpoint.safetensors";

/// What a training was begun with; enough to continue it later.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RunDescription {
    /// Of the space to be made; the folder may carry a number behind it.
    pub name: String,
    /// Absolute path of the music, dataset or manifest.
    pub source: PathBuf,
    /// Paths in it are absolute; the budget may be raised later.
    pub options: TrainOptions,
    /// Its budget is used up: nothing is left to continue.
    #[serde(default)]
    pub finished: bool,
}

/// `outputs/runs/<name>`: `run.json`, `metrics.csv`, `checkpoint.safetensors`.
#[derive(Debug)]
pub struct RunFolder {
    path: PathBuf,
    metrics: Metrics,
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
        let description = RunDescription {
            name: name.to_owned(),
            source: std::path::absolute(source)?,
            options: options.clone().with_absolute_paths()?,
            finished: false,
        };
        write_description(&path, &description)?;
        Self::open(&path)
    }

    /// The folder of a training that is to go on.
    ///
    /// # Errors
    /// When it is not there.
    pub fn open(path: &Path) -> Result<Self> {
        Ok(Self {
            path: path.to_owned(),
            metrics: Metrics::open(&path.join(METRICS))?,
        })
    }

    /// Takes the rows after `step` out of the curve, see [`Metrics::forget_after`].
    ///
    /// # Errors
    /// When the curve cannot be read or written.
    pub fn forget_after(&mut self, step: u64) -> Result<()> {
        self.metrics.forget_after(step)
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

    /// Notes that the training in `path` has the budget of `options` from now on.
    ///
    /// # Errors
    /// When the disk is full or gone.
    pub fn set_budget(path: &Path, options: &TrainOptions) -> Result<()> {
        let mut description = Self::describe(path)?;
        (description.options.minutes, description.options.steps) = (options.minutes, options.steps);
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
    pub fn append_metrics(&mut self, report: &StepReport) -> Result<()> {
        self.metrics.append(report)
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
