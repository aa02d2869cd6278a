//! Every long job ends soon after it is told to: told in work done after the stop, which no loaded machine can change.

mod window_support;

use burn::tensor::Device;
use songspace::corpus::{ImportOptions, ImportStage, Progress};
use songspace::jobs::{
    Control, Job, JobError, JobEvent, JobFolders, JobSink, JobStage, Limiting, SoundLength, audit, export_sound,
    export_table, inspect, layouts,
};
use songspace::render::{Recipe, RecipeSource};
use songspace::space::{LayoutKind, Snapshot};
use songspace::sync::{StopFlag, Worker};
use songspace::train::TrainOptions;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

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
        } else if stage == self.stage && (done > 0 || matches!(stage, JobStage::LinearModel | JobStage::Mapping)) {
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
fn a_linear_model_ends_before_it_is_fitted() {
    for wish in [Control::Stop, Control::Leave] {
        let mut sink = Impatient::new(JobStage::LinearModel, wish);
        assert!(matches!(run_job(&mut sink), Err(JobError::Stopped)), "{wish:?}");
        assert_eq!(
            (sink.since, sink.news_after),
            (Some(0), 0),
            "{wish:?}: never told as done"
        );
    }
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
fn a_stop_while_points_are_compared_keeps_the_space_and_leaving_does_not_wait_for_it() {
    let mut sink = Impatient::new(JobStage::Refining, Control::Stop);
    run_job(&mut sink).expect("what is compared until then is kept");
    let compared = sink.since.expect("points are compared");
    assert!(compared > 0);
    let mut sink = Impatient::new(JobStage::Refining, Control::Leave);
    assert!(matches!(run_job(&mut sink), Err(JobError::Stopped)));
    assert_eq!((sink.since, sink.news_after), (Some(compared), 0));
}

#[test]
fn a_map_ends_with_the_epoch_in_work() {
    // A map whose solver tells of no epoch, and one of Barnes and Hut.
    for points in [300, 1_200] {
        let space = window_support::snapshot(points);
        for wish in [Control::Stop, Control::Leave] {
            let mut sink = Impatient::new(JobStage::Mapping, wish);
            let drawn = layouts(&space, 0.5, 1, &mut sink);
            assert!(matches!(drawn, Err(JobError::Stopped)), "{points} {wish:?}");
            let told = (sink.since, sink.news_after);
            let first = if points == 300 { 0 } else { 1 };
            assert_eq!(told, (Some(first), 0), "{points} {wish:?}: told after every epoch");
        }
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

/// Cancels at the look of this number, and counts on.
struct AtLook(u64, AtomicU64, AtomicU64);

impl Progress for AtLook {
    fn advanced(&self, stage: ImportStage, _done: u64, _total: u64) {
        self.2
            .fetch_add(u64::from(stage == ImportStage::Decoding), Ordering::Relaxed);
    }

    fn is_cancelled(&self) -> bool {
        self.1.fetch_add(1, Ordering::Relaxed) >= self.0
    }
}

#[test]
fn a_long_file_ends_in_its_middle() {
    let (folder, outputs) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: 8_000,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::create(folder.path().join("long.wav"), spec).unwrap();
    for i in 0..15 * 60 * 8_000 {
        writer.write_sample(((i as f32 * 0.3).sin() * 9_000.0) as i16).unwrap();
    }
    writer.finalize().unwrap();
    // A look before the file and some of the import; the others come while it is decoded.
    let progress = AtLook(16, AtomicU64::new(0), AtomicU64::new(0));
    let folders = JobFolders::below(outputs.path());
    let found = audit(
        &[folder.path().to_owned()],
        &ImportOptions::default(),
        &folders,
        (3.0, 1),
        &progress,
    );
    assert!(matches!(found, Err(JobError::Stopped)));
    assert_eq!(progress.2.into_inner(), 0, "the file was decoded to its end");
    let looks = progress.1.into_inner();
    assert!(looks <= 16 + 2, "{looks} looks: it went on after the stop");
}

#[test]
fn a_long_render_that_is_stopped_leaves_no_file() {
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/demo.songspace");
    let space = Arc::new(Snapshot::open(&demo).unwrap());
    let folder = tempfile::tempdir().unwrap();
    let point = space.layouts[0].points[0];
    let at = RecipeSource::At {
        layout: space.layouts[0].kind,
        point,
    };
    // Along a path it is the decoding that takes long, at one place the synthesis.
    let path = RecipeSource::Path {
        layout: space.layouts[0].kind,
        points: vec![point, space.layouts[0].points[1]],
    };
    for (source, name) in [(at, "point.wav"), (path, "path.flac")] {
        let recipe = Recipe {
            seconds: Some(600.0),
            ..Recipe::new(source)
        };
        let stop = StopFlag::default();
        let later = stop.clone();
        // Far too early for ten minutes to be ready, on any machine.
        let _timer = Worker::spawn(
            "stopping a render",
            move |_| {
                std::thread::sleep(Duration::from_millis(200));
                later.stop();
            },
            |_| {},
        );
        let file = folder.path().join(name);
        let exported = export_sound(
            &space,
            &recipe,
            (Limiting::AsLive, SoundLength::AsAsked),
            &[],
            &file,
            &Device::flex(),
            &stop,
        );
        assert!(matches!(exported, Err(JobError::Stopped)), "{name}: {exported:?}");
        assert!(!file.exists(), "{name}");
    }
}

#[test]
fn a_look_and_a_table_that_are_stopped_leave_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let stop = StopFlag::default();
    stop.stop();
    let looked = inspect(
        &[songs()],
        &ImportOptions::default(),
        &JobFolders::below(folder.path()),
        &stop,
    );
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
    let space: Arc<Snapshot> = job.run(&mut sink).unwrap().snapshot;
    assert_eq!(space.meta.trained_steps, 1);
    assert!(
        sink.warnings.iter().any(|said| said.contains("checkpoint.safetensors")),
        "{:?}",
        sink.warnings
    );
}

/// Stops the learning at its first step and, where it watches, waits for what comes after.
struct StopsLearning {
    watches: bool,
    wish: Control,
    compared: u64,
}

impl JobSink for StopsLearning {
    fn event(&mut self, event: JobEvent) {
        match event {
            JobEvent::Stepped(_) => self.wish = Control::Stop,
            JobEvent::Progressed {
                stage: JobStage::Refining,
                done,
                ..
            } => self.compared = done,
            _ => {}
        }
    }

    fn control(&mut self) -> Control {
        self.wish
    }

    fn next_part(&mut self) {
        if self.watches {
            self.wish = Control::Continue;
        }
    }
}

#[test]
fn learning_that_is_stopped_leads_to_comparing_unless_the_stop_holds_for_all() {
    for watches in [true, false] {
        let outputs = tempfile::tempdir().unwrap();
        let job = Job {
            source: &songs(),
            options: TrainOptions {
                minutes: None,
                steps: Some(1_000),
                batch: 2,
                refine: Some(1),
                ..TrainOptions::default()
            },
            device: &Device::flex(),
            folders: &JobFolders::below(outputs.path()),
            resume: None,
        };
        let mut sink = StopsLearning {
            watches,
            wish: Control::Continue,
            compared: 0,
        };
        let space = job.run(&mut sink).unwrap().snapshot;
        assert_eq!(space.meta.trained_steps, 1);
        let compared = if watches { space.chunks.len() as u64 } else { 0 };
        assert_eq!(sink.compared, compared);
        assert_eq!(space.meta.refined_steps, Some(usize::from(watches)));
    }
}
