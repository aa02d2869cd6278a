//! The window on the real workers: what happens to files when requests fail, wait or come too late.

mod window_support;

use songspace::app::App;
use songspace::session::{Command, ExportTarget, FileAsk, Gesture, PlayPoint, TrainingState};
use songspace::space::Snapshot;
use songspace::train::TrainOptions;
use songspace::values::ChunkId;
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
fn a_saved_space_is_no_larger_and_keeps_what_was_kept() {
    let mut window = AppWindow::on_workers();
    let open = open_copy(&mut window, "mine.songspace");
    let size = |path: &Path| std::fs::metadata(path).unwrap().len();
    let (bytes, before) = (size(&open), Snapshot::open(&open).unwrap());
    window.perform(Command::Play(PlayPoint::Chunk(ChunkId(7)), Gesture::Begin));
    window.perform(Command::AddBookmark);
    let place = window.app().session.layout().unwrap().map_from_view([0.1, 0.2]);
    window.perform(Command::AddPin(place));
    window.perform(Command::Save);
    window.wait_for_banner("Saved:");
    assert!(size(&open) < bytes + 4_096, "{} bytes became {}", bytes, size(&open));
    let saved = Snapshot::open(&open).unwrap();
    assert_eq!((saved.meta.kept.bookmarks.len(), saved.meta.kept.pins.len()), (1, 1));
    assert_eq!(
        (&saved.hash, &saved.weights, &saved.embedded_audio),
        (&before.hash, &before.weights, &before.embedded_audio)
    );
    let kept = (
        window.app().session.bookmarks.clone(),
        window.app().session.pins.clone(),
    );
    // What sounds would be asked about.
    window.perform(Command::TogglePlay);
    let other = open_copy(&mut window, "other.songspace");
    assert!(window.app().session.pins.is_empty() && other != open);
    window.perform(Command::Open(open.clone()));
    window.wait_until("opening it again", move |app| app.session.file.as_ref() == Some(&open));
    let session = &window.app().session;
    assert_eq!((session.bookmarks.clone(), session.pins.clone()), kept);
}

#[test]
fn a_loop_is_whole_rounds_that_lead_into_themselves() {
    let mut window = AppWindow::on_workers();
    open_copy(&mut window, "demo.songspace");
    let snapshot = window.app().session.space.as_ref().unwrap().snapshot.clone();
    let round_len = snapshot.meta.model.chunk_frames * snapshot.meta.model.hop_len;
    for (name, detail) in [("recorded.wav", 1.0), ("model.wav", 0.0)] {
        window.perform(Command::SetDetail(detail));
        window.perform(Command::Play(PlayPoint::Chunk(ChunkId(0)), Gesture::Begin));
        let path = window.path(name);
        window.perform(Command::Export(ExportTarget::LoopWav, path.clone()));
        window.wait_for_banner(name);
        let mut reader = hound::WavReader::open(&path).unwrap();
        let scale = 1.0 / (1 << 23) as f32;
        let samples: Vec<f32> = reader
            .samples::<i32>()
            .map(|sample| sample.unwrap() as f32 * scale)
            .collect();
        let frames = samples.len() / usize::from(reader.spec().channels);
        assert!(
            frames.is_multiple_of(round_len),
            "{frames} frames are no rounds of {round_len}"
        );
        assert!((20..=30).contains(&(frames / 44_100)), "{frames} frames");
        let width = usize::from(reader.spec().channels);
        let step = |frame: usize| {
            let next = (frame + 1) % frames;
            (0..width)
                .map(|channel| (samples[next * width + channel] - samples[frame * width + channel]).abs())
                .fold(0.0f32, f32::max)
        };
        // Around the end of every round within the file, which the live loop plays as well.
        let around = |end: usize| {
            (end - 64..end + 64)
                .map(|frame| step(frame % frames))
                .fold(0.0f32, f32::max)
        };
        let inside = (1..frames / round_len)
            .map(|round| around(round * round_len))
            .fold(0.0f32, f32::max);
        assert!(
            step(frames - 1) <= inside,
            "{name}: {} at the join, {inside} inside",
            step(frames - 1)
        );
        let bytes = std::fs::read(&path).unwrap();
        assert!(bytes.windows(4).any(|name| name == b"smpl"), "it has loop points");
    }
}

#[test]
fn a_mistyped_folder_is_named_and_nothing_is_made() {
    let mut window = AppWindow::on_workers();
    open_copy(&mut window, "mine.songspace");
    let slip = window.path("musci");
    window.perform(Command::SaveAs(slip.join("deep/mine.songspace")));
    window.wait_for_banner(&format!("no folder {}", slip.display()));
    window.perform(Command::Export(ExportTarget::TableCsv, slip.join("deep/table.csv")));
    window.wait_for_banner("table.csv");
    assert!(!slip.exists());
    window.perform(Command::SaveAs(slip.join("mine.songspace")));
    window.wait_for_banner("Saved:");
    assert!(
        slip.join("mine.songspace").is_file(),
        "one new folder is what was meant"
    );
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
