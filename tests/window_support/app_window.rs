//! The whole app in a window that nobody sees, with the real sound engine on its silent back-end and a folder of its own.

use egui_kittest::Harness;
use songspace::app::{App, Backend, SettingsFile, Workers};
use songspace::audio::{AudioEngine, AudioOptions};
use songspace::device::{DeviceChoice, open_untested};
use songspace::jobs::JobFolders;
use songspace::session::Command;
use songspace::sync::Waker;
use std::path::PathBuf;
use std::time::{Duration, Instant};

pub struct AppWindow {
    pub harness: Harness<'static, App>,
    pub folder: tempfile::TempDir,
}

impl AppWindow {
    /// With the back-end that `make` starts beside the engine.
    pub fn with(make: impl FnOnce(&AudioEngine, JobFolders) -> Box<dyn Backend> + 'static) -> Self {
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
                let backend = make(&audio, folders.clone());
                let settings = SettingsFile::at(Some(root.join("settings.json")));
                App::with_engines(&cc.egui_ctx, backend, audio, folders, settings)
            });
        Self { harness, folder }
    }

    /// With the real workers on the CPU; what they decode is played.
    pub fn on_workers() -> Self {
        Self::with(|audio, folders| {
            let (speaker, device) = (audio.clone(), open_untested(&DeviceChoice::Cpu));
            Box::new(Workers::start(device, folders, Waker::silent(), move |row| {
                speaker.publish_row(row);
            }))
        })
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn frames(&mut self, count: usize) {
        self.harness.run_steps(count);
    }

    pub fn perform(&mut self, command: Command) {
        self.harness.state_mut().perform(command);
    }

    pub fn app(&self) -> &App {
        self.harness.state()
    }

    /// Draws frames until `done`, while threads of the app work.
    pub fn wait_until(&mut self, what: &str, done: impl Fn(&App) -> bool) {
        let deadline = Instant::now() + Duration::from_secs(180);
        while !done(self.app()) {
            assert!(
                Instant::now() < deadline,
                "{what} did not happen; banners: {:?}",
                self.app().session.banners
            );
            self.frames(1);
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    pub fn wait_for_banner(&mut self, text: &str) {
        self.wait_until(text, |app| {
            app.session.banners.iter().any(|banner| banner.text.contains(text))
        });
    }
}
