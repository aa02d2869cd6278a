//! The window on the real workers: what happens to files when requests fail, wait or come too late.

mod window_support;

use songspace::app::App;
use songspace::session::{Command, FileAsk, TrainingState};
use songspace::space::Snapshot;
use songspace::train::TrainOptions;
use std::path::{Path, PathBuf};
use window_support::app_window::AppWindow;

/// Opens a copy of the demo space under `name`.
fn open_copy(window: &mut AppWindow, name: &str) -> PathBuf {
    let path = window.path(name);
    std::fs::copy(demo(), &path).unwrap();
    window.perform(Command::Open(path.clone()));
    let wanted = path.clone();
    window.wait_until("opening", move |app| app.session.file.as_ref() == Some(&wanted));
    path
}

fn demo() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/demo.songspace")
}

#[test]
fn a_file_that_could_not_be_opened_is_never_written() {
    let mut window = AppWindow::on_workers();
    let own = open_copy(&mut window, "own.songspace");
    let foreign = window.path("foreign.songspace");
    std::fs::write(&foreign, "somebody's only copy").unwrap();
    window.perform(Command::Open(foreign.clone()));
    window.wait_for_banner("foreign.songspace");
    std::fs::remove_file(&own).unwrap();
    window.perform(Command::Save);
    window.wait_for_banner("Saved:");
    assert_eq!(std::fs::read_to_string(&foreign).unwrap(), "somebody's only copy");
    let saved = Snapshot::open(&own).expect("the space on screen went to its own file");
    assert_eq!(saved.hash, window.app().session.space.as_ref().unwrap().snapshot.hash);
}

#[test]
fn a_file_that_somebody_else_has_written_since_is_left_alone_and_save_as_is_the_way_out() {
    let mut window = AppWindow::on_workers();
    let open = open_copy(&mut window, "shared.songspace");
    // Its own saves, one behind the other, are nobody else's.
    for _ in 0..3 {
        window.perform(Command::Save);
    }
    // Requests are carried out in their order.
    let copy = window.path("copy.songspace");
    window.perform(Command::SaveAs(copy));
    window.wait_for_banner("copy.songspace");
    let refused = |app: &App| {
        app.session
            .banners
            .iter()
            .any(|banner| banner.text.contains("another program"))
    };
    assert!(!refused(window.app()), "{:?}", window.app().session.banners);
    window.perform(Command::Open(open.clone()));
    let shared = open.clone();
    window.wait_until("opening it again", move |app| {
        app.session.file.as_ref() == Some(&shared)
    });
    let mut theirs = Snapshot::open(&open).unwrap();
    theirs.meta.name = "theirs".into();
    theirs.save(&open, theirs.stored_precision()).unwrap();
    window.perform(Command::Save);
    window.wait_until("a refusal", refused);
    let banner = window.app().session.banners.last().unwrap().clone();
    assert!(banner.text.contains("shared.songspace"), "{}", banner.text);
    assert_eq!(*banner.action.unwrap().command, Command::Ask(FileAsk::SaveSpace));
    assert_eq!(Snapshot::open(&open).unwrap().meta.name, "theirs");

    let mine = window.path("mine.songspace");
    window.perform(Command::SaveAs(mine.clone()));
    window.wait_for_banner("mine.songspace");
    assert_eq!(Snapshot::open(&open).unwrap().meta.name, "theirs");
    assert_ne!(Snapshot::open(&mine).unwrap().meta.name, "theirs");
    assert_eq!(window.app().session.file.as_ref(), Some(&mine));
}

#[test]
fn a_training_survives_a_save_that_fails_and_its_space_does_not_take_over_the_open_file() {
    let mut window = AppWindow::on_workers();
    let open = open_copy(&mut window, "open.songspace");
    let before = std::fs::read(&open).unwrap();
    window.perform(Command::Train {
        source: Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/fixtures/songs"),
        options: Box::new(TrainOptions {
            minutes: Some(60.0),
            ..TrainOptions::default()
        }),
    });
    window.wait_until("the first step", |app| !app.session.training.curve.is_empty());
    let blocked = window.path("a file");
    std::fs::write(&blocked, "in the way").unwrap();
    window.perform(Command::SaveAs(blocked.join("below.songspace")));
    window.wait_for_banner("below.songspace");
    let steps = window.app().session.training.curve.len();
    window.wait_until("another step", |app| app.session.training.curve.len() > steps);
    assert_eq!(window.app().session.training.state, TrainingState::Running);

    // What is learned has no file yet, although another space was open when it began.
    assert_eq!(window.app().session.file, None);
    window.perform(Command::SaveAs(window.path("learned.songspace")));
    window.wait_for_banner("Saved:");
    assert_eq!(
        std::fs::read(&open).unwrap(),
        before,
        "the file that was open is untouched"
    );
    let learned = Snapshot::open(&window.path("learned.songspace")).unwrap();
    assert_ne!(learned.meta.genres, Snapshot::open(&open).unwrap().meta.genres);
    window.perform(Command::StopTraining);
    window.wait_until("the end", |app| {
        matches!(app.session.training.state, TrainingState::Ended(_))
    });
}
