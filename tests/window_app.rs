//! The app with a recording stand-in for the model and the real sound engine on its silent back-end: what a command
//! leads to.

#[path = "window_app/hidden.rs"]
mod hidden;
#[path = "window_app/osc.rs"]
mod osc;
#[path = "window_app/played.rs"]
mod played;
#[path = "window_app/scores.rs"]
mod scores;
mod window_support;

use eframe::App as _;
use egui_kittest::kittest::Queryable as _;
use songspace::app::SettingsFile;
use songspace::crash::ReportFolder;
use songspace::jobs::{JobEvent, JobStage};
use songspace::session::{
    Bookmark, Command, ExportTarget, FileAsk, Gesture, PlayMode, PlayPoint, PlaybackSource, Recipe, Standing, Tour,
    TrainingState,
};
use songspace::space::{Kept, KeptBookmark, LayoutKind, Snapshot};
use songspace::train::{StepReport, TrainOptions};
use songspace::values::{ChunkId, LoopContext, LoopRegion, MapPoint};
use songspace::workers::{JobOutcome, WorkerEvent, WorkerRequest};
use std::ffi::OsString;
use std::ops::{Deref, DerefMut};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use window_support::app_window::AppWindow;
use window_support::stand::Stand;

/// A window with a space of 400 chunks, and the stand-in behind it.
struct Rig {
    window: AppWindow,
    stand: Stand,
}

fn rig() -> Rig {
    let stand = Stand::default();
    let backend = stand.clone();
    let window = AppWindow::with(|_, _| Box::new(backend));
    let mut rig = Rig { window, stand };
    rig.opens("/first.songspace", window_support::snapshot(400));
    rig.frames(3);
    rig
}

impl Deref for Rig {
    type Target = AppWindow;

    fn deref(&self) -> &AppWindow {
        &self.window
    }
}

impl DerefMut for Rig {
    fn deref_mut(&mut self) -> &mut AppWindow {
        &mut self.window
    }
}

impl Rig {
    /// Says that `snapshot` was read from `path`.
    fn opens(&self, path: &str, snapshot: Snapshot) {
        self.stand.tell(WorkerEvent::Opened {
            path: path.into(),
            stamp: None,
            snapshot: Arc::new(snapshot),
        });
    }

    fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.window.app().session.space.as_ref().unwrap().snapshot)
    }

    /// Draws frames until it is so.
    fn wait(&mut self, what: &str, is_so: impl Fn(&Self) -> bool) {
        let begun = std::time::Instant::now();
        while !is_so(self) {
            assert!(begun.elapsed().as_secs() < 60, "{what}: never");
            self.frames(1);
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
    }

    fn play_chunk(&mut self, chunk: u32) {
        self.perform(Command::Play(PlayPoint::Chunk(ChunkId(chunk)), Gesture::Begin));
        self.perform(Command::Release);
    }
}

#[test]
fn a_chunk_sounds_as_recorded_until_a_fader_is_moved() {
    let mut rig = rig();
    rig.play_chunk(40);
    let (first, generation) = (rig.stand.last_part(), rig.stand.last_decode().generation);
    let snapshot = Arc::clone(&rig.app().session.space.as_ref().unwrap().snapshot);
    assert_eq!(first.latent, snapshot.latents.get(ChunkId(40)));
    assert_eq!(first.condition, snapshot.labels(ChunkId(40)));
    // Colour only; otherwise a genre leads to a recording of it.
    rig.perform(Command::SetHoldContent(true));
    rig.perform(Command::SetFader { genre: 2, level: 1.0 });
    let mixed = rig.stand.last_part();
    assert!(rig.stand.last_decode().generation > generation);
    assert!(mixed.condition.genre[2] > 0.4, "{:?}", mixed.condition.genre);
    assert_eq!(mixed.latent, first.latent, "a condition does not move the point");
    rig.perform(Command::AsRecorded);
    assert_eq!(rig.stand.last_part().condition, snapshot.labels(ChunkId(40)));
}

#[test]
fn a_drag_blends_and_hold_keeps_what_happens() {
    let mut rig = rig();
    rig.play_chunk(40);
    let held = rig.stand.last_part().latent.local.clone();
    rig.perform(Command::SetHoldContent(true));
    let far = rig.app().session.layout().unwrap().map_from_view([-0.5, 0.4]);
    rig.perform(Command::Play(PlayPoint::At(far), Gesture::Continue));
    let moved = rig.stand.last_part();
    assert_eq!(moved.latent.local, held);
    assert_ne!(moved.latent.global, rig.stand.decodes.borrow()[0].row[0].latent.global);
    assert_eq!(rig.app().session.selection.unwrap().chunk, ChunkId(40));
}

#[test]
fn a_one_shot_is_decoded_open_but_goes_round_under_the_hand() {
    let mut rig = rig();
    rig.perform(Command::SetMode(PlayMode::OneShot));
    rig.perform(Command::Play(PlayPoint::Chunk(ChunkId(3)), Gesture::Begin));
    assert_eq!(rig.stand.last_decode().context, LoopContext::Circular);
    rig.perform(Command::Release);
    rig.perform(Command::SetStrength(1.2));
    assert_eq!(rig.stand.last_decode().context, LoopContext::Open);
}

#[test]
fn a_song_is_every_moment_of_the_clip_from_the_one_that_was_pressed() {
    let mut rig = rig();
    rig.perform(Command::SetMode(PlayMode::Song));
    rig.play_chunk(5);
    let snapshot = Arc::clone(&rig.app().session.space.as_ref().unwrap().snapshot);
    let song = snapshot.song_from(ChunkId(5));
    let clip = |chunk: &ChunkId| snapshot.chunks[chunk.0 as usize].clip;
    assert!(song.len() > 1 && song.iter().all(|chunk| clip(chunk) == clip(&song[0])));
    let asked = rig.stand.last_decode();
    assert_eq!(asked.context, LoopContext::Open);
    let homes: Vec<_> = song.iter().map(|chunk| snapshot.latents.get(*chunk)).collect();
    assert!(asked.row.iter().map(|part| &part.latent).eq(&homes));
    // Another timbre is another timbre for all of it.
    let value = homes[0].global[0] + 1.0;
    rig.perform(Command::SetGlobal { dim: 0, value });
    let asked = rig.stand.last_decode();
    assert_eq!(asked.row.len(), homes.len());
    for (moved, home) in asked.row.iter().map(|part| &part.latent).zip(&homes) {
        assert!((moved.global[0] - home.global[0] - 1.0).abs() < 1e-3);
        assert_eq!(moved.global[1..], home.global[1..]);
    }
}

#[test]
fn endless_begins_with_the_chunk_and_asks_for_more_of_the_same_row() {
    let mut rig = rig();
    rig.perform(Command::SetMode(PlayMode::Endless));
    rig.play_chunk(5);
    let first = rig.stand.last_decode();
    assert_eq!((first.context, first.row.len()), (LoopContext::Open, 1));
    let number = first.first_number.expect("a row without end");
    assert_eq!(
        first.row[0].anchor.as_ref().unwrap().recording,
        rig.snapshot().recording_key(ChunkId(5))
    );
    rig.wait("the planner has answered", |rig| rig.stand.last_decode().row.len() > 2);
    let more = rig.stand.last_decode();
    assert_eq!(
        (more.generation, more.asked_at),
        (first.generation, first.asked_at),
        "it is the same row"
    );
    assert_eq!(more.first_number, Some(number));
    assert_eq!(more.row[0].anchor, first.row[0].anchor);
    rig.perform(Command::AddBookmark);
    let recipe = rig.app().session.bookmarks[0].recipe.clone();
    assert_eq!(recipe.span, songspace::decode::Span::Endless);
    rig.perform(Command::SetMode(PlayMode::Loop));
    assert_eq!(rig.stand.last_decode().first_number, None);
    rig.perform(Command::Recall(Box::new(recipe)));
    assert_eq!(
        rig.app().session.transport.mode,
        PlayMode::Endless,
        "a bookmark carries the mode"
    );
}

#[test]
fn undo_brings_place_and_mix_back_and_a_slide_is_one_step() {
    let mut rig = rig();
    rig.play_chunk(10);
    rig.play_chunk(200);
    let before = rig.app().session.mixer.clone();
    for i in 1..=20 {
        rig.perform(Command::SetFader {
            genre: 1,
            level: i as f32 / 20.0,
        });
    }
    rig.perform(Command::Undo);
    assert_eq!(rig.app().session.mixer, before);
    rig.perform(Command::Undo);
    assert_eq!(rig.app().session.selection.unwrap().chunk, ChunkId(10));
    rig.perform(Command::Redo);
    assert_eq!(rig.app().session.selection.unwrap().chunk, ChunkId(200));
}

#[test]
fn switching_the_layout_keeps_the_sound_and_moves_its_place() {
    let mut rig = rig();
    rig.play_chunk(77);
    let decodes = rig.stand.decodes.borrow().len();
    let before = rig.app().session.selection.unwrap();
    rig.perform(Command::SetLayout(LayoutKind::Pca));
    rig.frames(3);
    let after = rig.app().session.selection.unwrap();
    assert_eq!(after.chunk, before.chunk);
    assert_ne!(after.point, before.point);
    assert_eq!(rig.stand.decodes.borrow().len(), decodes, "nothing is decoded again");
}

#[test]
fn pins_are_walked_round_and_a_press_ends_the_walk() {
    let mut rig = rig();
    for view in [[-0.4, 0.0], [0.4, 0.3]] {
        let point = rig.app().session.layout().unwrap().map_from_view(view);
        rig.perform(Command::AddPin(point));
    }
    rig.perform(Command::WalkPins);
    rig.frames(10);
    let first = rig.app().session.selection.unwrap().point;
    rig.frames(10);
    assert_ne!(rig.app().session.selection.unwrap().point, first, "it moves by itself");
    assert!(
        rig.stand.decodes.borrow().len() >= 15,
        "every frame asks for the newest place"
    );
    rig.play_chunk(5);
    assert!(rig.app().session.motion.is_none());
}

#[test]
fn a_random_walk_stays_where_the_points_are() {
    let mut rig = rig();
    rig.play_chunk(5);
    rig.perform(Command::RandomWalk);
    for _ in 0..20 {
        rig.frames(10);
        let session = &rig.app().session;
        let layout = session.layout().unwrap();
        let view = layout.view_from_map(session.selection.unwrap().point);
        assert!(
            layout.nearest(view, None).unwrap().1 < 0.3,
            "{view:?} is far from every point"
        );
    }
}

#[test]
fn a_training_is_followed_from_start_to_end() {
    let mut rig = rig();
    rig.perform(Command::Train {
        source: "/music".into(),
        options: Box::new(TrainOptions::default()),
    });
    assert!(matches!(
        rig.stand.requests.borrow().last(),
        Some(WorkerRequest::Train { source, .. }) if source == Path::new("/music")
    ));
    rig.stand.job_says(JobEvent::Progressed {
        stage: JobStage::Training,
        done: 1,
        total: 10,
    });
    for elapsed_secs in [60.0, 120.0] {
        rig.stand.job_says(JobEvent::Stepped(StepReport {
            elapsed_secs,
            ..StepReport::default()
        }));
        rig.frames(2);
        let training = &rig.app().session.training;
        assert_eq!(
            training.progress.map(|progress| progress.done),
            Some(elapsed_secs as u64)
        );
    }
    assert_eq!(rig.app().session.training.state, TrainingState::Running);
    assert_eq!(rig.app().session.training.curve.len(), 2);
    rig.perform(Command::StopTraining);
    assert!(matches!(rig.stand.requests.borrow().last(), Some(WorkerRequest::Stop)));
    assert!(rig.app().session.training.stopping);
    let compared = |rig: &mut Rig, done| {
        rig.stand.job_says(JobEvent::Progressed {
            stage: JobStage::Refining,
            done,
            total: 10,
        });
        rig.frames(1);
        rig.app().session.training.stopping
    };
    assert!(!compared(&mut rig, 1), "what comes after can be skipped for itself");
    rig.perform(Command::StopTraining);
    assert!(compared(&mut rig, 2), "it is asked for once");
    rig.stand.tell(WorkerEvent::JobEnded(JobOutcome::Trained {
        snapshot: Arc::new(window_support::snapshot(400)),
        note: "It is better than before.".into(),
        finished_run: None,
    }));
    rig.frames(2);
    let session = &rig.app().session;
    assert!(matches!(&session.training.state, TrainingState::Ended(note) if note.contains("better")));
    assert!(session.unsaved && !session.banners.is_empty());
}

#[test]
fn a_newer_version_of_the_space_goes_on_playing_the_same_chunk() {
    let mut rig = rig();
    rig.play_chunk(123);
    let mut newer = window_support::snapshot(400);
    newer.hash = "0ther".into();
    for value in newer.latents.globals_mut() {
        *value = half::f16::from_f32(0.5);
    }
    rig.stand.job_says(JobEvent::Published(Arc::new(newer)));
    rig.frames(2);
    assert_eq!(rig.app().session.selection.unwrap().chunk, ChunkId(123));
    assert!(rig.stand.last_part().latent.global.iter().all(|value| *value == 0.5));
    assert_eq!(rig.stand.snapshots.borrow().last().unwrap().hash, "0ther");
}

#[test]
fn a_failed_open_is_a_banner_and_changes_nothing() {
    let mut rig = rig();
    rig.play_chunk(1);
    rig.perform(Command::Open("/broken.songspace".into()));
    rig.stand
        .tell(WorkerEvent::RequestFailed("/broken.songspace is cut short.".into()));
    rig.frames(2);
    let session = &rig.app().session;
    assert!(session.banners.iter().any(|banner| banner.text.contains("cut short")));
    assert!(session.space.is_some() && session.transport.playing);
}

#[test]
fn a_dead_engine_says_so_and_can_be_restarted() {
    let mut rig = rig();
    rig.stand.tell(WorkerEvent::Died("out of memory".into()));
    rig.frames(2);
    let banner = rig.app().session.banners.last().unwrap().clone();
    assert!(banner.text.contains("out of memory"));
    let command = *banner.action.expect("it can be restarted").command;
    assert_eq!(command, Command::RestartEngine);
    let before = rig.stand.snapshots.borrow().len();
    rig.perform(command);
    assert_eq!(
        rig.stand.snapshots.borrow().len(),
        before + 1,
        "the new decoder gets the space"
    );
}

#[test]
fn the_tour_follows_the_hand_and_comes_only_once() {
    let mut rig = rig();
    assert_eq!(rig.app().session.tour, Some(Tour::Click));
    rig.play_chunk(3);
    assert_eq!(rig.app().session.tour, Some(Tour::Drag));
    rig.perform(Command::TourOn);
    rig.perform(Command::SoloGenre(0));
    assert_eq!(rig.app().session.tour, Some(Tour::Hold));
    for held in [true, false] {
        rig.perform(Command::SetHoldContent(held));
        assert_eq!(
            rig.app().session.tour,
            Some(Tour::Mood),
            "one press is enough, the second may follow"
        );
    }
    rig.perform(Command::SetMode(PlayMode::Loop));
    rig.perform(Command::SetEmotion(Some((0.5, 0.5))));
    assert_eq!(rig.app().session.tour, Some(Tour::Endless));
    rig.perform(Command::SetMode(PlayMode::Endless));
    assert_eq!(rig.app().session.tour, Some(Tour::OwnMusic));
    rig.perform(Command::EndTour);
    assert_eq!(rig.app().session.tour, None);
    assert!(
        rig.app().session.settings.toured,
        "it was taken and does not come again"
    );
}

#[test]
fn settings_survive_a_restart_and_bookmarks_are_none_of_them() {
    let mut rig = rig();
    rig.play_chunk(12);
    rig.perform(Command::SetVolume(0.25));
    rig.perform(Command::AddBookmark);
    rig.frames(2);
    rig.harness.state_mut().on_exit();
    let settings = SettingsFile::at(Some(rig.path("settings.json"))).load();
    assert_eq!(settings.volume, 0.25);
    assert!(settings.bookmarks.is_empty());
}

/// What a space's file was asked to keep, newest last.
fn kept(rig: &Rig) -> Vec<Kept> {
    let requests = rig.stand.requests.borrow();
    let kept = requests.iter().filter_map(|request| match request {
        WorkerRequest::Save(save) => Some(save.kept.clone()),
        _ => None,
    });
    kept.collect()
}

/// The space on screen is in its file, with what is `saved` beside it.
fn tell_saved(rig: &mut Rig, saved: Kept) {
    let snapshot = Arc::clone(&rig.app().session.space.as_ref().unwrap().snapshot);
    rig.stand.tell(WorkerEvent::Saved {
        path: "/first.songspace".into(),
        stamp: None,
        snapshot,
        kept: saved,
    });
    rig.frames(2);
}

#[test]
fn bookmarks_and_pins_go_with_their_space_and_make_it_unsaved() {
    let mut rig = rig();
    let place = rig.app().session.layout().unwrap().map_from_view([0.2, 0.1]);
    assert!(!rig.app().session.unsaved);
    rig.perform(Command::AddPin(place));
    assert!(rig.app().session.unsaved && rig.app().session.marked_title() == "first*");
    rig.perform(Command::AddPin(place));
    rig.perform(Command::RemovePin(0));
    rig.perform(Command::AddPin(place));
    let numbers: Vec<u32> = rig.app().session.pins.iter().map(|pin| pin.number).collect();
    assert_eq!(numbers, [2, 3], "a pin keeps what it is called by");
    rig.play_chunk(12);
    rig.perform(Command::AddBookmark);
    rig.perform(Command::Save);
    let saved = kept(&rig).pop().unwrap();
    assert_eq!((saved.bookmarks.len(), saved.pins.len()), (1, 2));
    let snapshot = Arc::clone(&rig.app().session.space.as_ref().unwrap().snapshot);
    rig.stand.tell(WorkerEvent::Saved {
        path: "/first.songspace".into(),
        stamp: None,
        snapshot,
        kept: saved.clone(),
    });
    rig.frames(2);
    assert!(!rig.app().session.unsaved);

    // Another space has its own, and the first one brings them back.
    rig.opens("/second.songspace", named("second", 200));
    rig.frames(2);
    assert!(rig.app().session.bookmarks.is_empty() && rig.app().session.pins.is_empty());
    let mut first = window_support::snapshot(400);
    first.meta.kept = saved;
    rig.opens("/first.songspace", first);
    rig.frames(2);
    let session = &rig.app().session;
    assert_eq!((session.bookmarks.len(), session.pins.len()), (1, 2));
    assert!(session.bookmarks[0].name.starts_with("1. ") && !session.unsaved);
}

#[test]
fn what_changes_while_a_space_is_saved_stays_unsaved() {
    let mut rig = rig();
    rig.play_chunk(12);
    rig.perform(Command::AddBookmark);
    rig.perform(Command::Save);
    let saved = kept(&rig).pop().unwrap();
    rig.perform(Command::AddBookmark);
    tell_saved(&mut rig, saved);
    assert!(rig.app().session.unsaved);
    rig.perform(Command::Quit);
    assert!(rig.app().session.leaving.is_some(), "a bookmark would be lost");
}

#[test]
fn bookmarks_of_earlier_programs_move_into_their_space_and_none_is_lost() {
    let mut rig = rig();
    rig.play_chunk(12);
    rig.perform(Command::AddBookmark);
    let here = rig.app().session.bookmarks[0].recipe.clone();
    let elsewhere = Recipe {
        snapshot: "e1se".into(),
        ..here.clone()
    };
    let texts = [
        ("dusk".to_owned(), here.to_text()),
        ("noon".to_owned(), elsewhere.to_text()),
        ("dawn".to_owned(), "of a newer program".to_owned()),
    ];
    rig.harness.state_mut().session.settings.bookmarks = texts.to_vec();
    rig.opens("/first.songspace", window_support::snapshot(400));
    rig.frames(2);
    let session = &rig.app().session;
    let names = |bookmarks: &[Bookmark]| {
        bookmarks
            .iter()
            .map(|bookmark| bookmark.name.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        (names(&session.bookmarks), names(&session.strays)),
        (vec!["dusk".into()], vec!["noon".into()])
    );
    assert!(session.unsaved, "its file does not hold them yet");
    assert_eq!(
        session.settings.bookmarks.len(),
        3,
        "nothing leaves the settings before a file holds it"
    );
    rig.perform(Command::Save);
    let saved = kept(&rig).pop().unwrap();
    tell_saved(&mut rig, saved);
    assert_eq!(rig.app().session.settings.bookmarks, texts[1..]);
    let mut other = named("elsewhere", 200);
    other.hash = "e1se".into();
    rig.opens("/elsewhere.songspace", other);
    rig.frames(2);
    assert_eq!(names(&rig.app().session.bookmarks), ["noon"]);
}

#[test]
fn a_bookmark_that_only_a_newer_program_reads_stays_in_the_file() {
    let mut rig = rig();
    let mut newer = window_support::snapshot(400);
    newer.meta.kept.bookmarks.push(KeptBookmark {
        name: "later".into(),
        recipe: "{\"version\":99}".into(),
    });
    let before = newer.meta.kept.clone();
    rig.opens("/newer.songspace", newer);
    rig.frames(2);
    assert!(rig.app().session.bookmarks.is_empty());
    rig.perform(Command::Save);
    assert_eq!(kept(&rig).pop(), Some(before));
}

#[test]
fn a_bookmark_of_another_version_says_so_in_words_and_plays_all_the_same() {
    let mut rig = rig();
    rig.play_chunk(12);
    rig.perform(Command::AddBookmark);
    let mut recipe = rig.app().session.bookmarks[0].recipe.clone();
    recipe.snapshot = "ab9f4e0bfe49".into();
    rig.play_chunk(300);
    rig.perform(Command::Recall(Box::new(recipe)));
    let said = rig.app().session.banners.last().unwrap().text.clone();
    assert!(
        said.contains("another version of this space") && !said.contains("ab9f"),
        "{said}"
    );
    assert_eq!(rig.app().session.selection.unwrap().chunk, ChunkId(12));
}

#[test]
fn pins_are_walked_on_any_map_and_follow_a_map_that_is_drawn_again() {
    let mut rig = rig();
    for view in [[-0.4, 0.0], [0.4, 0.3]] {
        let point = rig.app().session.layout().unwrap().map_from_view(view);
        rig.perform(Command::AddPin(point));
    }
    rig.perform(Command::SetLayout(LayoutKind::Pca));
    rig.perform(Command::WalkPins);
    rig.frames(3);
    assert!(rig.app().session.motion.is_some());
    let before = Arc::clone(&rig.app().session.space.as_ref().unwrap().snapshot);
    let mut remapped = Snapshot::clone(&before);
    let tsne = remapped
        .layouts
        .iter_mut()
        .find(|layout| layout.kind == LayoutKind::Tsne)
        .unwrap();
    for point in &mut tsne.points {
        *point = MapPoint {
            x: -point.y,
            y: point.x,
        };
    }
    let points = tsne.points.clone();
    rig.stand.tell(WorkerEvent::JobEnded(JobOutcome::Remapped {
        before,
        remapped: Arc::new(remapped),
    }));
    rig.frames(2);
    for pin in &rig.app().session.pins {
        assert_eq!(pin.point, points[pin.chunk.0 as usize]);
    }
}

#[test]
fn the_title_is_the_files_and_new_files_are_called_by_what_they_hold() {
    let mut rig = rig();
    assert_eq!(rig.app().session.title(), "first");
    rig.play_chunk(8);
    rig.perform(Command::SoloGenre(8));
    let name = |rig: &Rig, target| rig.app().proposed_name(FileAsk::Export(target));
    let snapshot = Arc::clone(&rig.app().session.space.as_ref().unwrap().snapshot);
    let title = &snapshot.clips[1].title;
    assert_eq!(
        name(&rig, ExportTarget::PointWav),
        format!("first - {title} - Blues as Metal - 0.0 s")
    );
    assert_eq!(
        name(&rig, ExportTarget::LoopWav),
        format!("first - {title} - Blues as Metal - 0.0 s - loop")
    );
    assert_eq!(name(&rig, ExportTarget::MapPng), "first - map");
    assert_eq!(rig.app().proposed_name(FileAsk::SaveSpace), "first");
    rig.perform(Command::Sample(1));
    assert_eq!(name(&rig, ExportTarget::PointWav), "first - new 1 - Metal");
}

#[test]
fn a_recipe_brings_back_place_and_mix_or_says_why_not() {
    let mut rig = rig();
    rig.play_chunk(50);
    rig.perform(Command::SetFader { genre: 3, level: 0.7 });
    rig.perform(Command::AddBookmark);
    let recipe = rig.app().session.bookmarks[0].recipe.clone();
    let place = rig.app().session.selection.unwrap().point;
    rig.play_chunk(300);
    rig.perform(Command::AsRecorded);
    rig.perform(Command::PasteRecipe(recipe.to_text()));
    assert_eq!(rig.app().session.selection.unwrap().point, place);
    assert!(!rig.app().session.mixer.as_recorded);
    rig.perform(Command::PasteRecipe("half a line".into()));
    assert!(rig.app().session.banners.last().unwrap().text.contains("recipe"));
}

#[test]
fn exports_are_written_beside_the_window() {
    let mut rig = rig();
    rig.play_chunk(8);
    let table = rig.path("table.csv");
    let sound = rig.path("point.wav");
    rig.perform(Command::Export(ExportTarget::TableCsv, table.clone()));
    rig.perform(Command::Export(ExportTarget::PointWav, sound.clone()));
    for _ in 0..200 {
        rig.frames(1);
        if table.exists() && sound.exists() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let rows = std::fs::read_to_string(table).unwrap();
    assert_eq!(rows.lines().count(), 401, "a heading and one row per chunk");
    assert!(sound.exists());
}

#[test]
fn recording_writes_a_file_and_closing_asks() {
    let mut rig = rig();
    rig.play_chunk(8);
    rig.perform(Command::ToggleRecording);
    rig.perform(Command::Quit);
    assert!(rig.app().session.leaving.is_some(), "a recording would be lost");
    rig.perform(Command::Stay);
    rig.frames(3);
    rig.perform(Command::ToggleRecording);
    rig.frames(3);
    let folder = rig.path("recordings");
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let mut kinds: Vec<_> = files.filter_map(|path| path.extension().map(OsString::from)).collect();
    kinds.sort();
    assert_eq!(kinds, ["songspace-take", "wav"], "the sound and its score");
}

#[test]
fn a_take_is_listed_called_otherwise_and_played() {
    let mut rig = rig();
    rig.play_chunk(8);
    let genre = rig.app().session.leading_genre().to_lowercase();
    for number in 1..=2 {
        rig.perform(Command::ToggleRecording);
        rig.wait_until("something is recorded", |app| app.session.transport.recorded_secs > 0.2);
        rig.perform(Command::ToggleRecording);
        rig.wait_until("it is listed", |app| app.session.takes.len() == number);
    }
    let names: Vec<String> = rig
        .app()
        .session
        .takes
        .iter()
        .map(songspace::session::RecordedTake::name)
        .collect();
    assert!(
        names[0].ends_with(&format!(" {genre}_002")) && names[1].ends_with(&format!(" {genre}_001")),
        "{names:?}"
    );
    let day = names[0].split(' ').next().unwrap();
    assert!(day.len() == 10 && day.starts_with("20"), "{day}");
    rig.perform(Command::RenameTake {
        index: 0,
        name: "dusk: one".into(),
    });
    assert!(rig.path("recordings").join("dusk- one.wav").is_file());
    rig.perform(Command::RenameTake {
        index: 1,
        name: "dusk- one".into(),
    });
    assert!(rig.app().session.banners.last().unwrap().text.contains("there already"));
    assert_eq!(rig.app().session.takes[1].name(), names[1], "nothing is replaced");
    rig.perform(Command::PlayTake(0));
    rig.wait_until("it sounds", |app| app.session.strip.secs > 0.15);
    assert!(rig.app().session.transport.playing);
    let before = rig.app().session.meters.playhead.unwrap_or(0.0);
    rig.perform(Command::Seek(0.9));
    rig.wait_until("it goes on from there", |app| {
        app.session
            .meters
            .playhead
            .is_some_and(|now| now > 0.85 || now < before)
    });
}

#[test]
fn a_training_can_be_heard_at_the_same_points_before_and_now() {
    let mut rig = rig();
    rig.perform(Command::Train {
        source: "/music".into(),
        options: Box::new(TrainOptions::default()),
    });
    for (steps, version) in [(0, "first"), (600, "second")] {
        let mut newer = window_support::snapshot(400);
        newer.hash = version.into();
        newer.meta.trained_steps = steps;
        rig.stand.job_says(JobEvent::Published(Arc::new(newer)));
        rig.wait_until("the previews", |app| {
            let previews = &app.session.training.previews;
            !previews.is_empty() && (steps == 0 || previews.iter().all(|preview| preview.now.is_some()))
        });
    }
    let previews = &rig.app().session.training.previews;
    assert!(previews.iter().all(|preview| preview.before.step == 0));
    assert!(
        previews
            .iter()
            .all(|preview| preview.now.as_ref().is_some_and(|now| now.step == 600))
    );
    rig.perform(Command::HearPreview { index: 1, now: false });
    assert!(rig.app().session.transport.playing);
}

#[test]
fn an_original_that_is_nowhere_is_said_and_the_model_goes_on() {
    let mut rig = rig();
    rig.play_chunk(40);
    rig.perform(Command::SetSource(PlaybackSource::Original));
    rig.wait_until("a banner", |app| !app.session.banners.is_empty());
    let banner = rig.app().session.banners.last().unwrap().clone();
    assert!(banner.text.contains("/music"), "{}", banner.text);
    assert_eq!(rig.app().session.transport.source, PlaybackSource::Model);
    assert_eq!(*banner.action.unwrap().command, Command::Ask(FileAsk::Recordings));
    let empty = rig.folder.path().to_owned();
    rig.perform(Command::Chosen(FileAsk::Recordings, empty));
    rig.wait_until("the second banner", |app| {
        app.session
            .banners
            .iter()
            .any(|banner| banner.text.contains("None of the"))
    });
}

#[test]
fn a_place_between_points_is_exact_on_pca_and_a_blend_on_tsne() {
    let mut rig = rig();
    for (kind, standing) in [(LayoutKind::Tsne, Standing::Blend), (LayoutKind::Pca, Standing::Exact)] {
        rig.perform(Command::SetLayout(kind));
        let place = rig.app().session.layout().unwrap().map_from_view([0.021, 0.033]);
        rig.perform(Command::Play(PlayPoint::At(place), Gesture::Continue));
        assert_eq!(rig.app().session.selection.unwrap().standing, standing);
    }
}

/// The requests to save, newest last.
fn saves(rig: &Rig) -> Vec<(Arc<Snapshot>, PathBuf)> {
    let requests = rig.stand.requests.borrow();
    let saves = requests.iter().filter_map(|request| match request {
        WorkerRequest::Save(save) => Some((Arc::clone(&save.snapshot), save.path.clone())),
        _ => None,
    });
    saves.collect()
}

fn named(name: &str, chunks: usize) -> Snapshot {
    let mut snapshot = window_support::snapshot(chunks);
    snapshot.meta.name = name.into();
    snapshot
}

#[test]
fn saving_after_a_failed_open_writes_the_space_on_screen_to_its_own_file() {
    let mut rig = rig();
    rig.perform(Command::Open("/other.songspace".into()));
    rig.stand
        .tell(WorkerEvent::RequestFailed("/other.songspace is cut short.".into()));
    rig.frames(2);
    rig.perform(Command::Save);
    let (snapshot, path) = saves(&rig).pop().expect("it is saved");
    assert_eq!(path, Path::new("/first.songspace"));
    assert!(Arc::ptr_eq(
        &snapshot,
        &rig.app().session.space.as_ref().unwrap().snapshot
    ));
    assert!(
        !rig.app().session.settings.recent.contains(&"/other.songspace".into()),
        "what could not be opened is not among the recent files"
    );
}

#[test]
fn another_space_is_opened_at_once_only_where_nothing_is_lost() {
    let asked_for = |rig: &Rig| {
        let is_open = |request: &&WorkerRequest| matches!(request, WorkerRequest::Open(_));
        rig.stand.requests.borrow().iter().filter(is_open).count()
    };
    let mut rig = rig();
    let before = asked_for(&rig);
    let other = || Command::Open("/other.songspace".into());
    rig.perform(other());
    assert_eq!((asked_for(&rig), &rig.app().session.leaving), (before + 1, &None));
    rig.play_chunk(12);
    rig.perform(other());
    let question = rig.app().session.leaving.clone().expect("something sounds");
    assert!(question.what.contains("sounds"), "{}", question.what);
    rig.perform(Command::AddBookmark);
    rig.perform(Command::CloseSpace);
    let question = rig.app().session.leaving.clone().expect("a bookmark would be lost");
    assert!(question.what.contains("in no file yet"), "{}", question.what);
    rig.perform(Command::Stay);
    assert!(rig.app().session.space.is_some() && asked_for(&rig) == before + 1);
    rig.perform(other());
    rig.perform(Command::LeaveAnyway);
    assert_eq!((asked_for(&rig), &rig.app().session.leaving), (before + 2, &None));
}

#[test]
fn saving_while_an_open_waits_behind_a_training_never_names_the_file_that_was_asked_for() {
    let mut rig = rig();
    rig.perform(Command::Train {
        source: "/music".into(),
        options: Box::new(TrainOptions::default()),
    });
    rig.stand.job_says(JobEvent::Published(Arc::new(named("learned", 300))));
    rig.frames(2);
    rig.perform(Command::Open("/precious.songspace".into()));
    rig.perform(Command::LeaveAnyway);
    rig.frames(2);
    rig.perform(Command::Save);
    rig.frames(2);
    assert!(saves(&rig).is_empty(), "a space without a file asks where to go");
    assert_eq!(rig.app().session.file, None);
    rig.perform(Command::SaveAs("/new".into()));
    let (snapshot, path) = saves(&rig).pop().unwrap();
    assert_eq!(
        (snapshot.meta.name.as_str(), path.as_path()),
        ("learned", Path::new("/new.songspace"))
    );
    rig.opens("/precious.songspace", named("precious", 350));
    rig.frames(2);
    assert_eq!(
        rig.app().session.file.as_deref(),
        Some(Path::new("/precious.songspace"))
    );
}

#[test]
fn a_failed_save_leaves_the_training_running() {
    let mut rig = rig();
    rig.perform(Command::Train {
        source: "/music".into(),
        options: Box::new(TrainOptions::default()),
    });
    rig.stand.job_says(JobEvent::Stepped(StepReport::default()));
    rig.frames(2);
    rig.perform(Command::SaveAs("/full/disk.songspace".into()));
    rig.stand.tell(WorkerEvent::RequestFailed(
        "/full/disk.songspace: no space is left.".into(),
    ));
    rig.frames(2);
    let training = &rig.app().session.training;
    assert_eq!(training.state, TrainingState::Running);
    assert!(training.progress.is_some(), "its progress is still shown");
    assert!(
        rig.app()
            .session
            .banners
            .iter()
            .any(|banner| banner.text.contains("no space"))
    );
}

#[test]
fn a_new_map_is_unsaved_and_belongs_to_the_space_that_asked_for_it() {
    let mut rig = rig();
    let before = Arc::clone(&rig.app().session.space.as_ref().unwrap().snapshot);
    rig.perform(Command::Remap { condition_weight: 1.0 });
    assert!(matches!(
        rig.stand.requests.borrow().last(),
        Some(WorkerRequest::Remap { space, .. }) if Arc::ptr_eq(space, &before)
    ));
    let remapped = |name| {
        WorkerEvent::JobEnded(JobOutcome::Remapped {
            before: Arc::clone(&before),
            remapped: Arc::new(named(name, 400)),
        })
    };
    rig.stand.tell(remapped("remapped"));
    rig.frames(2);
    let name = |rig: &Rig| rig.app().session.space.as_ref().unwrap().snapshot.meta.name.clone();
    assert_eq!(name(&rig), "remapped");
    assert!(rig.app().session.unsaved);
    // The same answer, but another space is on screen by now.
    rig.opens("/second.songspace", named("second", 200));
    rig.stand.tell(remapped("late"));
    rig.frames(2);
    assert_eq!(name(&rig), "second");
    assert!(!rig.app().session.unsaved);
}

#[test]
fn a_map_is_seen_while_it_settles_and_goes_back_where_that_fails() {
    let mut rig = rig();
    let before = Arc::clone(&rig.app().session.space.as_ref().unwrap().snapshot);
    let mut on_its_way = Snapshot::clone(&before);
    for layout in &mut on_its_way.layouts {
        for point in &mut layout.points {
            *point = MapPoint {
                x: -point.y,
                y: point.x,
            };
        }
    }
    let places = |rig: &Rig| {
        rig.app().session.space.as_ref().unwrap().snapshot.layouts[0]
            .points
            .clone()
    };
    let on_its_way = Arc::new(on_its_way);
    rig.perform(Command::Remap { condition_weight: 1.0 });
    rig.stand.job_says(JobEvent::Settling(Arc::clone(&on_its_way)));
    rig.frames(2);
    assert_eq!(places(&rig), on_its_way.layouts[0].points);
    assert!(!rig.app().session.unsaved, "nothing is decided yet");
    rig.stand
        .tell(WorkerEvent::JobEnded(JobOutcome::Failed("It was stopped.".into())));
    rig.frames(2);
    assert_eq!(places(&rig), before.layouts[0].points);

    rig.perform(Command::Remap { condition_weight: 1.0 });
    for _ in 0..2 {
        rig.stand.job_says(JobEvent::Settling(Arc::clone(&on_its_way)));
        rig.frames(2);
    }
    rig.stand.tell(WorkerEvent::JobEnded(JobOutcome::Remapped {
        before,
        remapped: Arc::new(named("remapped", 400)),
    }));
    rig.frames(2);
    assert_eq!(rig.app().session.space.as_ref().unwrap().snapshot.meta.name, "remapped");
    assert!(rig.app().session.unsaved);
}

#[test]
fn a_space_is_saved_with_the_map_that_settles_and_not_with_one_on_its_way() {
    let mut rig = rig();
    let before = Arc::clone(&rig.app().session.space.as_ref().unwrap().snapshot);
    let mut on_its_way = Snapshot::clone(&before);
    on_its_way.layouts[0].points[0].x += 1.0;
    rig.perform(Command::Remap { condition_weight: 1.0 });
    rig.stand.job_says(JobEvent::Settling(Arc::new(on_its_way)));
    rig.frames(2);
    rig.perform(Command::SaveAs("/settled.songspace".into()));
    assert!(saves(&rig).is_empty(), "the map is waited for");
    let remapped = Arc::new(named("remapped", 400));
    rig.stand.tell(WorkerEvent::JobEnded(JobOutcome::Remapped {
        before,
        remapped: Arc::clone(&remapped),
    }));
    rig.frames(2);
    let (saved, path) = saves(&rig).pop().expect("it is saved then");
    assert_eq!(
        (saved.meta.name.as_str(), path.as_path()),
        ("remapped", Path::new("/settled.songspace"))
    );
}

#[test]
fn what_loops_is_undone_and_belongs_to_the_strip_it_was_set_on() {
    let mut rig = rig();
    rig.play_chunk(10);
    let region = |begin_secs, end_secs| Some(LoopRegion { begin_secs, end_secs });
    for end in [2.0, 1.8, 1.5] {
        rig.perform(Command::SetRegion(region(0.5, end)));
    }
    rig.perform(Command::SetStart(Some(0.25)));
    let marks = |rig: &Rig| {
        let transport = &rig.app().session.transport;
        (transport.region, transport.start_secs)
    };
    rig.play_chunk(20);
    assert_eq!(marks(&rig), (region(0.5, 1.5), Some(0.25)), "it goes with the point");
    for wanted in [(region(0.5, 1.5), Some(0.25)), (region(0.5, 1.5), None), (None, None)] {
        rig.perform(Command::Undo);
        assert_eq!(marks(&rig), wanted);
    }
    assert_eq!(rig.app().session.selection.unwrap().chunk, ChunkId(10));
    rig.perform(Command::Redo);
    assert_eq!(marks(&rig), (region(0.5, 1.5), None));
    rig.perform(Command::SetMode(PlayMode::Freeze));
    rig.perform(Command::SetMode(PlayMode::Loop));
    assert_eq!(marks(&rig).0, region(0.5, 1.5));
    rig.perform(Command::SetMode(PlayMode::Song));
    assert_eq!(marks(&rig), (None, None), "a clip has another strip");
}

#[test]
fn saving_an_older_version_leaves_the_newer_one_unsaved() {
    let mut rig = rig();
    rig.perform(Command::Train {
        source: "/music".into(),
        options: Box::new(TrainOptions::default()),
    });
    rig.stand.job_says(JobEvent::Published(Arc::new(named("learned", 400))));
    rig.frames(2);
    rig.perform(Command::SaveAs("/learned.songspace".into()));
    let (saved, path) = saves(&rig).pop().unwrap();
    rig.stand.job_says(JobEvent::Published(Arc::new(named("learned", 400))));
    rig.stand.tell(WorkerEvent::Saved {
        path,
        stamp: None,
        snapshot: saved,
        kept: Kept::default(),
    });
    rig.frames(2);
    let session = &rig.app().session;
    assert!(session.unsaved, "the file holds the version before");
    assert_eq!(session.file.as_deref(), Some(Path::new("/learned.songspace")));
}

#[test]
fn a_name_with_dots_keeps_them_in_every_file_that_is_written() {
    let mut rig = rig();
    let folder = rig.folder.path().to_owned();
    let names = ["St. Vincent live 24.05", "St. Vincent live 24.05.songspace"];
    for name in names {
        rig.perform(Command::SaveAs(folder.join(name)));
        assert_eq!(saves(&rig).pop().unwrap().1, folder.join(names[1]));
    }
    rig.play_chunk(8);
    let exports = [
        (ExportTarget::PointWav, "take 24.05", "take 24.05.wav"),
        (ExportTarget::PointWav, "take 24.05.flac", "take 24.05.flac"),
        (ExportTarget::TableCsv, "table 1.5", "table 1.5.csv"),
    ];
    for (target, asked, written) in exports {
        rig.perform(Command::Export(target, folder.join(asked)));
        while !folder.join(written).exists() {
            rig.frames(1);
        }
    }
}

#[test]
fn nothing_replaces_another_file_before_its_maker_agrees() {
    let mut rig = rig();
    rig.play_chunk(8);
    let (space, sound) = (rig.path("dusk.songspace"), rig.path("dusk.wav"));
    for path in [&space, &sound] {
        std::fs::write(path, "kept").unwrap();
    }
    let orders = |path: &Path, ask| [Command::SaveAs(path.to_owned()), Command::Chosen(ask, path.to_owned())];
    // Named to the last letter or without its ending.
    for path in [space.clone(), rig.path("dusk")] {
        for order in orders(&path, FileAsk::SaveSpace) {
            rig.perform(order);
            let question = rig.app().session.replacing.clone().expect("it asks");
            assert_eq!((question.ask, &question.path), (FileAsk::SaveSpace, &space));
            rig.perform(Command::KeepFile);
            assert!(saves(&rig).is_empty() && rig.app().session.replacing.is_none());
        }
    }
    rig.perform(Command::SaveAs(space.clone()));
    rig.perform(Command::ReplaceFile);
    assert_eq!(saves(&rig).pop().unwrap().1, space);
    rig.perform(Command::Export(ExportTarget::PointWav, sound.clone()));
    rig.frames(3);
    assert_eq!(std::fs::read_to_string(&sound).unwrap(), "kept");
    rig.perform(Command::ReplaceFile);
    rig.wait_until("the export", |app| {
        app.session
            .banners
            .iter()
            .any(|banner| banner.text.starts_with("Written"))
    });
    assert_ne!(std::fs::read_to_string(&sound).unwrap(), "kept");
    // Its own file is no other.
    rig.opens(&space.display().to_string(), window_support::snapshot(400));
    rig.frames(2);
    let before = saves(&rig).len();
    rig.perform(Command::SaveAs(space));
    assert_eq!(saves(&rig).len(), before + 1);
}

#[test]
fn recent_files_that_are_gone_are_found_out() {
    let mut rig = rig();
    assert_eq!(rig.app().session.settings.recent, [PathBuf::from("/first.songspace")]);
    rig.wait_until("the look", |app| {
        app.session.gone.contains(Path::new("/first.songspace"))
    });
    rig.perform(Command::ForgetRecent("/first.songspace".into()));
    assert!(rig.app().session.settings.recent.is_empty());
}

#[test]
fn a_sound_that_nobody_recorded_is_not_compared() {
    let mut rig = rig();
    rig.play_chunk(40);
    rig.perform(Command::Sample(1));
    rig.perform(Command::SetSource(PlaybackSource::Original));
    assert_eq!(rig.app().session.transport.source, PlaybackSource::Model);
    assert!(
        rig.app()
            .session
            .banners
            .last()
            .unwrap()
            .text
            .contains("Nobody recorded it")
    );
}

#[test]
fn saving_keeps_the_name_of_the_open_file_whatever_it_is() {
    let mut rig = rig();
    rig.opens("/dusk.bak", named("dusk", 200));
    rig.frames(2);
    rig.perform(Command::Save);
    assert_eq!(saves(&rig).pop().unwrap().1, Path::new("/dusk.bak"));
}

#[test]
fn a_space_can_be_saved_after_the_engine_was_restarted() {
    let mut rig = rig();
    rig.stand.tell(WorkerEvent::Died("out of memory".into()));
    rig.frames(2);
    rig.perform(Command::RestartEngine);
    rig.perform(Command::Save);
    let (snapshot, path) = saves(&rig).pop().expect("the window still owns the space");
    assert_eq!(
        (snapshot.chunks.len(), path.as_path()),
        (400, Path::new("/first.songspace"))
    );
}

#[test]
fn the_report_of_a_fault_is_offered_until_it_was_read_and_can_be_deleted() {
    let mut rig = rig();
    let folder = ReportFolder::at(rig.path("crashes"));
    let offered = |rig: &Rig| {
        let mut banners = rig.app().session.banners.iter();
        banners
            .find(|banner| banner.text.contains("fault"))
            .map(|banner| banner.action.clone())
    };
    rig.harness.state_mut().offer_crash_reports(folder.clone());
    assert!(offered(&rig).is_none(), "there was no fault");
    for (name, text) in [
        ("crash-2026-01-01-101010-00-new.txt", "the older"),
        ("crash-2026-01-02-101010-00-new.txt", "the newer"),
    ] {
        std::fs::create_dir_all(folder.path()).unwrap();
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    rig.harness.state_mut().offer_crash_reports(folder.clone());
    rig.frames(3);
    assert!(rig.app().session.crash_report.is_none(), "nobody asked for it yet");
    rig.harness.get_by_label("Read it…").click();
    rig.frames(3);
    rig.harness.get_by_label("the newer");
    assert!(offered(&rig).is_none(), "it is being read");
    rig.harness.get_by_label("Copy").click();
    rig.frames(3);
    rig.harness.get_by_label("Close").click();
    rig.frames(3);
    assert!(rig.harness.query_by_label("the newer").is_none() && folder.newest_unseen().is_none());
    assert_eq!(folder.reports().len(), 2, "closing keeps them");
    rig.harness.state_mut().offer_crash_reports(folder.clone());
    assert!(offered(&rig).is_none(), "it was read");
    std::fs::write(folder.path().join("crash-2026-01-03-101010-00-new.txt"), "the newest").unwrap();
    rig.perform(Command::ReadCrashReport);
    rig.frames(3);
    rig.harness.get_by_label("the newest");
    rig.harness.key_press(egui::Key::Escape);
    rig.frames(3);
    assert!(
        rig.app().session.crash_report.is_none() && folder.newest_unseen().is_none(),
        "Escape closes it"
    );
    rig.perform(Command::DeleteCrashReports);
    assert!(folder.reports().is_empty());
}

#[test]
fn two_views_never_have_the_same_version() {
    let snapshot = Arc::new(window_support::snapshot(40));
    let versions: std::collections::BTreeSet<u64> = (0..100)
        .flat_map(|_| {
            let view = songspace::session::SpaceView::new(Arc::clone(&snapshot));
            let layouts: Vec<u64> = view.layouts.iter().map(|layout| layout.version).collect();
            layouts.into_iter().chain([view.version])
        })
        .collect();
    assert_eq!(
        versions.len(),
        100 * (snapshot.layouts.len() + 1),
        "an address is given out twice, a version is not"
    );
}
