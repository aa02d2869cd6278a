//! A training as the window sees it.

use crate::jobs::JobStage;
use crate::train::{ErrorUnit, Health, StepReport, TrainOptions, Validation, closeness};
use crate::values::DecodedChunk;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

/// Another ten minutes that bring less than this many percent of what the linear model misses bring nothing.
const LEAST_PERCENT: f64 = 0.5;
/// The same as a share of the distance, where a listener cannot be asked.
const LEAST_SHARE: f64 = 0.002;

/// Curves, progress, health and what was skipped.
#[derive(Clone, Debug, Default)]
pub struct Training {
    /// Whether one is active, and how the last one ended.
    pub state: TrainingState,
    /// The music it learns from; `None` for a continued one.
    pub source: Option<PathBuf>,
    /// Of whatever long job runs; `None` when none does.
    pub progress: Option<Progress>,
    /// Thinned to at most [`Training::CURVE_POINTS`] rows.
    pub curve: Vec<StepReport>,
    /// The newest verdict; `None` until there is one.
    pub health: Option<Health>,
    /// What it was begun with; a continued one keeps its own.
    pub options: Option<TrainOptions>,
    /// Minutes asked for, for the remaining time.
    pub budget_minutes: Option<f32>,
    /// Files that were passed over, each with the reason.
    pub skipped: Vec<(PathBuf, String)>,
    /// What was found in the folder that may be trained on next.
    pub inspected: Option<Estimate>,
    /// Segments to look at and hear before training.
    pub segments: Vec<SampleSegment>,
    /// The doctor's report on that folder, once it was asked for.
    pub diagnosis: Option<Diagnosis>,
    /// What the import had to say about the music.
    pub notes: Vec<String>,
    /// A run folder whose training can go on.
    pub resumable: Option<PathBuf>,
    /// The same few points, heard with every new map.
    pub previews: Vec<Preview>,
    /// The run whose space is on screen, its budget used up: once the space is saved, nothing is left to continue.
    pub finished_run: Option<PathBuf>,
    /// What it publishes first is a space of its own, not a newer version of the one on screen.
    pub begins_new_space: bool,
    /// The part that runs was asked to stop and has not ended yet.
    pub stopping: bool,
}

/// A fixed point of the corpus, to hear and see how the training changes it.
#[derive(Clone, Debug)]
pub struct Preview {
    /// The clip's title.
    pub title: String,
    /// The clip's leading genre; empty if unknown.
    pub genre: String,
    /// As the first map decodes it.
    pub before: Take,
    /// As the newest map does, once there is one.
    pub now: Option<Take>,
}

/// One decoding of a preview's point.
#[derive(Clone, Debug)]
pub struct Take {
    /// Training steps behind it.
    pub step: u64,
    /// [`Take::ROWS`] rows of [`Take::COLUMNS`] levels, highest pitch first; empty where a codec has no bands.
    pub picture: Arc<[u8]>,
    /// Decoded already, ready to play.
    pub audio: Arc<DecodedChunk>,
}

impl Take {
    /// Cells across, from the start of the chunk to its end.
    pub const COLUMNS: usize = 64;
    /// Cells down, from the highest pitch to the lowest.
    pub const ROWS: usize = 28;
}

/// Where a training stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum TrainingState {
    /// None was asked for since the window opened.
    #[default]
    Idle,
    /// From the moment it is asked for, so the import counts too.
    Running,
    /// Waiting to be resumed or stopped.
    Paused,
    /// How it ended, in a sentence.
    Ended(String),
}

/// A long job's position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Which part of the job the figures belong to.
    pub stage: JobStage,
    /// In a unit that depends on the stage; in training, seconds of the time budget.
    pub done: u64,
    /// In the unit of `done`.
    pub total: u64,
}

/// What a training on an inspected folder would take.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Estimate {
    /// The music inspected first, which may be a manifest; music joined to it is not named.
    pub folder: PathBuf,
    /// Clips that can be learned, joined music included.
    pub files: usize,
    /// Sum of the clips' durations.
    pub minutes_of_music: f32,
    /// Name and number of files.
    pub genres: Vec<(String, usize)>,
    /// Points of the map, at the usual chunk length.
    pub map_points: usize,
    /// Until the first map; what was analysed before costs nothing.
    pub import_secs: f32,
    /// Frames on disk, as they will be in the end.
    pub cache_bytes: u64,
    /// Things to know first (missing labels, unbalanced classes, duplicates).
    pub notes: Vec<String>,
    /// Valence and arousal of the files that came with both.
    pub moods: Vec<Mood>,
    /// Every spelling of a genre that was met, with what it became.
    pub spellings: BTreeMap<String, Vec<String>>,
}

/// One file in the plane of moods.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mood {
    /// Unpleasant -1 .. pleasant 1.
    pub valence: f32,
    /// Calm -1 .. excited 1.
    pub arousal: f32,
    /// Heard, not given.
    pub estimated: bool,
}

/// What the doctor found after every file was decoded.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Diagnosis {
    /// The whole report, for reading.
    pub text: String,
    /// As in [`Estimate::moods`], plus those estimated from the sound.
    pub moods: Vec<Mood>,
    /// Files that a careful person would leave out: second copies and silence.
    pub leave_out: BTreeSet<String>,
}

/// A few seconds of a file that may be trained on.
#[derive(Clone, Debug, PartialEq)]
pub struct SampleSegment {
    /// The clip's title.
    pub title: String,
    /// The clip's main genre, or "no genre".
    pub genre: String,
    /// Peaks in 0..1, one per pixel column of its picture.
    pub peaks: Vec<f32>,
}

impl Training {
    /// Rows kept for the curves; older ones are thinned evenly.
    pub const CURVE_POINTS: usize = 2_000;

    /// Appends a report, thinning when there are too many; rows with a validation survive.
    pub fn push(&mut self, report: StepReport) {
        self.curve.push(report);
        if self.curve.len() > Self::CURVE_POINTS {
            let mut keep = false;
            self.curve.retain(|row| {
                keep = !keep;
                keep || row.validation.is_some()
            });
        }
    }

    /// How far the budget is used. Between two steps something else may have been reported (a map drawn, clips placed).
    pub fn advance_to(&mut self, report: &StepReport) {
        if let Some(minutes) = self.budget_minutes {
            let total = (f64::from(minutes) * 60.0).max(1.0);
            self.progress = Some(Progress {
                stage: JobStage::Training,
                done: report.elapsed_secs.min(total) as u64,
                total: total as u64,
            });
        }
    }

    /// Whether the worker is busy with it.
    pub fn is_active(&self) -> bool {
        matches!(self.state, TrainingState::Running | TrainingState::Paused)
    }

    fn unit(&self) -> &'static str {
        let last = self.curve.iter().rev().find_map(|row| row.validation);
        last.map_or_else(ErrorUnit::default, |check| check.unit).symbol()
    }

    /// "When to stop": how far it has come, and what another ten minutes would bring, from the last validations.
    pub fn forecast(&self) -> Option<String> {
        let checks: Vec<(f64, Validation)> = self
            .curve
            .iter()
            .filter_map(|row| Some((row.elapsed_secs, row.validation?)))
            .collect();
        let tail = &checks[checks.len().saturating_sub(5)..];
        let [(t0, first), .., (t1, last)] = *tail else {
            return None;
        };
        let in_ten_minutes = |change: f32| f64::from(change) / (t1 - t0).max(1.0) * 600.0;
        let (so_far, gain, is_little) = match (first.closer(), last.closer()) {
            (Some(before), Some(now)) => {
                let gain = 100.0 * in_ten_minutes(now - before);
                let so_far = format!("So far {} your recordings: {:.0} %. ", closeness(now), 100.0 * now);
                (so_far, format!("{gain:.0} % more"), gain < LEAST_PERCENT)
            }
            _ => {
                let gain = in_ten_minutes(first.distance - last.distance);
                let is_little = gain < LEAST_SHARE * f64::from(first.distance);
                (String::new(), format!("{gain:.2} {}", self.unit()), is_little)
            }
        };
        Some(if is_little {
            format!("{so_far}It has stopped improving: this is a good moment to stop.")
        } else {
            format!("{so_far}Ten more minutes would bring about {gain}.")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Minutes into a training, this similar to the recordings.
    fn heard(minutes: u64, similarity: f32) -> StepReport {
        let mut report = report(minutes * 60, Some(4.0));
        report.validation = report.validation.map(|check| Validation {
            similarity,
            linear_similarity: 0.8,
            ..check
        });
        report
    }

    #[test]
    fn the_forecast_says_how_close_a_listener_finds_it() {
        let (mut rising, mut flat) = (Training::default(), Training::default());
        for minute in 0..5u8 {
            rising.push(heard(minute.into(), 0.81 + 0.002 * f32::from(minute)));
            flat.push(heard(minute.into(), 0.9));
        }
        let said = rising.forecast().unwrap();
        assert!(
            said.contains("slightly closer to your recordings: 9 %") && said.contains("10 % more"),
            "{said}"
        );
        let said = flat.forecast().unwrap();
        assert!(
            said.contains("much closer to your recordings: 50 %") && said.contains("stop"),
            "{said}"
        );
    }

    fn report(step: u64, distance: Option<f32>) -> StepReport {
        StepReport {
            step,
            elapsed_secs: step as f64,
            validation: distance.map(|distance| Validation {
                distance,
                ..Validation::default()
            }),
            ..StepReport::default()
        }
    }

    #[test]
    fn curves_stay_bounded_and_keep_their_validations() {
        let mut training = Training::default();
        for step in 0..10_000 {
            training.push(report(step, (step % 500 == 0).then_some(5.0)));
        }
        assert!(training.curve.len() <= Training::CURVE_POINTS);
        let validations = training.curve.iter().filter(|row| row.validation.is_some()).count();
        assert_eq!(validations, 20);
        assert!(training.curve.is_sorted_by_key(|row| row.step));
    }

    #[test]
    fn the_forecast_tells_a_plateau_from_progress() {
        let mut falling = Training::default();
        let mut flat = Training::default();
        for i in 0..5u64 {
            falling.push(report(i * 60, Some(5.0 - 0.1 * i as f32)));
            flat.push(report(i * 60, Some(4.0)));
        }
        assert!(falling.forecast().unwrap().contains("1.00 dB"));
        assert!(flat.forecast().unwrap().contains("stop"));
        assert_eq!(Training::default().forecast(), None);
    }
}
