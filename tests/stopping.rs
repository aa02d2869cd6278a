//! Every long job ends soon after it is told to: told in work done after the stop, which no loaded machine can change.

mod window_support;

use burn::tensor::Device;
use songspace::corpus::{ImportOptions, ImportStage, Progress};
use songspace::jobs::{
    Control, Job, JobError, JobEvent, JobFolders, JobSink, JobStage, audit, export_table, inspect, layouts,
};
use songspace::space::{LayoutKind, Snapshot};
use songspace::sync::StopFlag;
use songspace::train::TrainOptions;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

fn songs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/fixtures/songs")
}

/// Files that may be in work when the stop comes.
fn threads() -> u64 {
    std::thread::available_parallelism().map_or(1, |threads| threads.get() as u64)
}

/// Wants `wish` from the first news of `stage` on.
struct Impatient {
    stage: JobStage,
    wish: Control,
    since: Option<u64>,
    news_after: u64,
    leaving: StopFlag,
}

impl Impatient {
    fn new(stage: JobStage, wish: Control) -> Self {
        Self {
            stage,
            wish,
            since: None,
            news_after: 0,
            leaving: StopFlag::default(),
        }
    }
}

impl JobSink for Impatient {
    fn event(&mut self, event: JobEvent) {
        let JobEvent::Progressed { stage, done, .. } = event else {
            return;
        };
        if self.since.is_some() {
            self.news_after += 1;
        } else if stage == self.stage && done > 0 {
            self.since = Some(done);
            if self.wish == Control::Leave {
                self.leaving.stop();
            }
        }
    }

    fn control(&mut self) -> Control {
        if self.since.is_some() {
            self.wish
        } else {
            Control::Continue
        }
    }

    fn leaving(&self) -> StopFlag {
        self.leaving.clone()
    }
}

fn run_job(sink: &mut Impatient) -> Result<(), JobError> {
    let outputs = tempfile::tempdir().unwrap();
    let job = Job {
        source: &songs(),
        options: TrainOptions {
            minutes: Some(0.0),
            ..TrainOptions::default()
        },
        device: &Device::flex(),
        folders: &JobFolders::below(outputs.path()),
        resume: None,
    };
    job.run(sink).map(|_| ())
}

#[test]
fn an_import_ends_with_the_files_in_work() {
    let mut sink = Impatient::new(JobStage::Decoding, Control::Stop);
    assert!(matches!(run_job(&mut sink), Err(JobError::Stopped)));
    assert!(sink.news_after <= threads(), "{} files after the stop", sink.news_after);
}

#[test]
fn encoding_ends_with_the_batch_in_work() {
    for wish in [Control::Stop, Control::Leave] {
        let mut sink = Impatient::new(JobStage::Encoding, wish);
        assert!(matches!(run_job(&mut sink), Err(JobError::Stopped)), "{wish:?}");
        assert_eq!(sink.news_after, 0, "{wish:?}");
    }
}

#[test]
fn a_map_ends_with_the_epoch_in_work() {
    // More than the engine that knows no epochs is used for.
    let space = window_support::snapshot(1_200);
    for wish in [Control::Stop, Control::Leave] {
        let mut sink = Impatient::new(JobStage::Mapping, wish);
        let drawn = layouts(&space, 0.5, 1, &mut sink);
        assert!(matches!(drawn, Err(JobError::Stopped)), "{wish:?}");
        assert_eq!(
            (sink.since, sink.news_after),
            (Some(1), 0),
            "{wish:?}: told after every epoch"
        );
    }
}

/// Cancels after the first decoded file.
#[derive(Default)]
struct OneFile(AtomicU64);

impl Progress for OneFile {
    fn advanced(&self, stage: ImportStage, _done: u64, _total: u64) {
        self.0
            .fetch_add(u64::from(stage == ImportStage::Decoding), Ordering::Relaxed);
    }

    fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed) > 0
    }
}

#[test]
fn an_audit_ends_with_the_files_in_work() {
    let outputs = tempfile::tempdir().unwrap();
    let (folders, progress) = (JobFolders::below(outputs.path()), OneFile::default());
    let found = audit(&[songs()], &ImportOptions::default(), &folders, (3.0, 1), &progress);
    assert!(matches!(found, Err(JobError::Stopped)));
    let decoded = progress.0.into_inner();
    assert!((1..=1 + threads()).contains(&decoded), "{decoded} files");
}

#[test]
fn a_look_and_a_table_that_are_stopped_leave_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let stop = StopFlag::default();
    stop.stop();
    let looked = inspect(&[songs()], &ImportOptions::default(), folder.path(), &stop);
    assert!(matches!(looked, Err(JobError::Stopped)));
    let path = folder.path().join("table.csv");
    let space = window_support::snapshot(50);
    let stopped = export_table(&space, LayoutKind::Pca, &path, &stop);
    assert!(matches!(stopped, Err(JobError::Stopped)) && !path.exists());
    export_table(&space, LayoutKind::Pca, &path, &StopFlag::default()).unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap().lines().count(), 51);
}

/// Puts a folder where the checkpoint of a running training belongs, as a disk that fails would.
struct Saboteur {
    runs: PathBuf,
    warnings: Vec<String>,
}

impl JobSink for Saboteur {
    fn event(&mut self, event: JobEvent) {
        match event {
            JobEvent::Stepped(_) => {
                let run = std::fs::read_dir(&self.runs).unwrap().flatten().next().unwrap();
                std::fs::create_dir_all(run.path().join("checkpoint.safetensors")).unwrap();
            }
            JobEvent::Warned(sentence) => self.warnings.push(sentence),
            _ => {}
        }
    }

    fn control(&mut self) -> Control {
        Control::Continue
    }
}

#[test]
fn a_checkpoint_that_cannot_be_written_does_not_cost_what_was_learned() {
    let outputs = tempfile::tempdir().unwrap();
    let folders = JobFolders::below(outputs.path());
    let mut sink = Saboteur {
        runs: folders.runs.clone(),
        warnings: Vec::new(),
    };
    let job = Job {
        source: &songs(),
        options: TrainOptions {
            minutes: None,
            steps: Some(1),
            batch: 2,
            ..TrainOptions::default()
        },
        device: &Device::flex(),
        folders: &folders,
        resume: None,
    };
    let space: std::sync::Arc<Snapshot> = job.run(&mut sink).unwrap().snapshot;
    assert_eq!(space.meta.trained_steps, 1);
    assert!(
        sink.warnings.iter().any(|said| said.contains("checkpoint.safetensors")),
        "{:?}",
        sink.warnings
    );
}
