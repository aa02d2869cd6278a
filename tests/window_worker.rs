//! The window on the real workers: what happens to files when requests fail, wait or come too late.

use egui_kittest::Harness;
use songspace::app::{App, SettingsFile, Workers};
use songspace::audio::{AudioEngine, AudioOptions};
use songspace::device::{DeviceChoice, open_untested};
use songspace::jobs::JobFolders;
use songspace::session::{Command, TrainingState};
use songspace::space::Snapshot;
use songspace::sync::Waker;
use songspace::train::TrainOptions;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// A window with real workers in a folder of its own.
struct Rig {
    harness: Harness<'static, App>,
    folder: tempfile::TempDir,
}

impl Rig {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().to_owned();
        let harness = Harness::builder()
            .with_size([1280.0, 800.0])
            .with_step_dt(1.0 / 60.0)
            .build_eframe(move |cc| {
                let audio = AudioEngine::start(AudioOptions {
                    silent: true,
                    ..AudioOptions::default()
                });
                let folders = JobFolders::below(&root);
                let device = open_untested(&DeviceChoice::Cpu);
                let workers = Workers::start(device, folders.clone(), Waker::silent(), |_| {});
                let settings = SettingsFile::at(Some(root.join("settings.json")));
                App::with_engines(&cc.egui_ctx, Box::new(workers), audio, folders, settings)
            });
        Self { harness, folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn perform(&mut self, command: Command) {
        self.harness.state_mut().perform(command);
    }

    fn app(&self) -> &App {
        self.harness.state()
    }

    /// Draws frames until `done`.
    fn wait_until(&mut self, what: &str, done: impl Fn(&App) -> bool) {
        let deadline = Instant::now() + Duration::from_secs(180);
        while !done(self.app()) {
            assert!(
                Instant::now() < deadline,
                "{what} did not happen; banners: {:?}",
                self.app().session.banners
            );
            self.harness.run_steps(1);
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn wait_for_banner(&mut self, text: &str) {
        self.wait_until(text, |app| {
            app.session.banners.iter().any(|banner| banner.text.contains(text))
        });
    }

    /// Opens a copy of the demo space under `name`.
    fn open_copy(&mut self, name: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::copy(demo(), &path).unwrap();
        self.perform(Command::Open(path.clone()));
        let wanted = path.clone();
        self.wait_until("opening", move |app| app.session.file.as_ref() == Some(&wanted));
        path
    }
}

fn demo() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/demo.songspace")
}

#[test]
fn a_file_that_could_not_be_opened_is_never_written() {
    let mut rig = Rig::start();
    let own = rig.open_copy("own.songspace");
    let foreign = rig.path("foreign.songspace");
    std::fs::write(&foreign, "somebody's only copy").unwrap();
    rig.perform(Command::Open(foreign.clone()));
    rig.wait_for_banner("foreign.songspace");
    std::fs::remove_file(&own).unwrap();
    rig.perform(Command::Save);
    rig.wait_for_banner("Saved:");
    assert_eq!(std::fs::read_to_string(&foreign).unwrap(), "somebody's only copy");
    let saved = Snapshot::open(&own).expect("the space on screen went to its own file");
    assert_eq!(saved.hash, rig.app().session.space.as_ref().unwrap().snapshot.hash);
}

#[test]
fn a_training_survives_a_save_that_fails_and_its_space_does_not_take_over_the_open_file() {
    let mut rig = Rig::start();
    let open = rig.open_copy("open.songspace");
    let before = std::fs::read(&open).unwrap();
    rig.perform(Command::Train {
        source: Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/fixtures/songs"),
        options: Box::new(TrainOptions {
            minutes: Some(60.0),
            ..TrainOptions::default()
        }),
    });
    rig.wait_until("the first step", |app| !app.session.training.curve.is_empty());
    let blocked = rig.path("a file");
    std::fs::write(&blocked, "in the way").unwrap();
    rig.perform(Command::SaveAs(blocked.join("below.songspace")));
    rig.wait_for_banner("below.songspace");
    let steps = rig.app().session.training.curve.len();
    rig.wait_until("another step", |app| app.session.training.curve.len() > steps);
    assert_eq!(rig.app().session.training.state, TrainingState::Running);

    // What is learned has no file yet, although another space was open when it began.
    assert_eq!(rig.app().session.file, None);
    rig.perform(Command::SaveAs(rig.path("learned.songspace")));
    rig.wait_for_banner("Saved:");
    assert_eq!(
        std::fs::read(&open).unwrap(),
        before,
        "the file that was open is untouched"
    );
    let learned = Snapshot::open(&rig.path("learned.songspace")).unwrap();
    assert_ne!(learned.meta.genres, Snapshot::open(&open).unwrap().meta.genres);
    rig.perform(Command::StopTraining);
    rig.wait_until("the end", |app| {
        matches!(app.session.training.state, TrainingState::Ended(_))
    });
}
