//! What a hand does in the window and what the window then asks for: every pane, every menu, no back-end.

#[path = "window_panes/hiding.rs"]
mod hiding;
#[path = "window_panes/keyboard.rs"]
mod keyboard;
#[path = "window_panes/menus.rs"]
mod menus;
#[path = "window_panes/played.rs"]
mod played;
#[path = "window_panes/pointing.rs"]
mod pointing;
#[path = "window_panes/room.rs"]
mod room;
#[path = "window_panes/scores.rs"]
mod scores;
mod window_support;

use egui::{Key, Modifiers, PointerButton, Pos2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use songspace::corpus::DatasetFormat;
use songspace::jobs::JobStage as Job;
use songspace::session::{
    Banner, Bookmark, ColourBy, Command, DeviceChoice, Diagnosis, Estimate, ExportTarget, FileAsk, Gesture, Leaving,
    Mixer, Mood, Motion, Next, Pin, PlayMode, PlayPoint, PlaybackSource, Progress, Recipe, RecordedTake, RecordingGap,
    Replacing, Selection, Session, Standing, StripColumn, ThemeChoice, Tour, TrainingState,
};
use songspace::space::LayoutKind;
use songspace::ui::SideTab;
use songspace::values::{ChunkId, LoopRegion, MapPoint};
use window_support::{Stage, choose, session, window};

const DESKTOP: [f32; 2] = [1280.0, 800.0];

/// A session in which everything can be chosen.
fn busy_session() -> Session {
    let mut session = session(400);
    let point = session.layout().unwrap().map_from_view([0.1, 0.1]);
    session.selection = Some(Selection {
        point,
        chunk: ChunkId(9),
        standing: Standing::Blend,
    });
    session.pins = [1, 2]
        .map(|number| Pin {
            number,
            layout: LayoutKind::Tsne,
            point,
            chunk: ChunkId(9),
        })
        .to_vec();
    session.motion = Some(Motion::Random { velocity: (0.0, 0.0) });
    session.undo_label = Some("mood");
    session.redo_label = Some("genre mix");
    session.training.resumable = Some("runs/one".into());
    session.training.inspected = Some(Estimate {
        folder: "/music/mine".into(),
        files: 3,
        moods: vec![
            Mood {
                valence: 0.4,
                arousal: -0.3,
                estimated: false,
            };
            3
        ],
        spellings: [("Hip Hop/Rap".to_owned(), vec!["Hip-Hop".to_owned()])].into(),
        ..Estimate::default()
    });
    session.settings.recent = vec!["/spaces/old.songspace".into()];
    session
}

fn map_middle(harness: &Harness<'_, Stage>) -> Pos2 {
    harness.state().panes.map.rect.expect("the map was drawn").center()
}

/// Where `chunk` lies in the window.
fn at_chunk(harness: &Harness<'_, Stage>, chunk: usize) -> Pos2 {
    let place = harness.state().session.layout().unwrap().positions[chunk];
    harness.state().panes.map.on_screen(place).expect("the map was drawn")
}

/// What has the keyboard.
fn focused(harness: &Harness<'_, Stage>) -> Option<String> {
    let focused = harness
        .root()
        .children_recursive()
        .find(egui_kittest::Node::is_focused)?;
    let node = focused.accesskit_node();
    node.label().or_else(|| node.value())
}

fn press(harness: &mut Harness<'_, Stage>, pos: Pos2, pressed: bool) {
    harness.event(egui::Event::PointerButton {
        pos,
        button: PointerButton::Primary,
        pressed,
        modifiers: Modifiers::NONE,
    });
    harness.step();
}

#[test]
fn every_menu_entry_asks_for_what_it_says() {
    let cases: Vec<(&[&str], Command)> = vec![
        (&["File", "New from a folder"], Command::Ask(FileAsk::MusicFolder)),
        (&["File", "Open…"], Command::Ask(FileAsk::OpenSpace)),
        (
            &["File", "Open recent", "old.songspace"],
            Command::Open("/spaces/old.songspace".into()),
        ),
        (&["File", "Open the demo space"], Command::OpenDemo),
        (&["File", "Save as"], Command::Ask(FileAsk::SaveSpace)),
        (&["File", "Open a take"], Command::Ask(FileAsk::OpenScore)),
        (&["File", "Close the space"], Command::CloseSpace),
        (
            &["File", "Export", "point as WAV"],
            Command::Ask(FileAsk::Export(ExportTarget::PointWav)),
        ),
        (
            &["File", "Export", "map as PNG"],
            Command::Ask(FileAsk::Export(ExportTarget::MapPng)),
        ),
        (
            &["File", "Export", "table as CSV"],
            Command::Ask(FileAsk::Export(ExportTarget::TableCsv)),
        ),
        (&["File", "Quit"], Command::Quit),
        (&["Music", "Import a folder"], Command::Ask(FileAsk::MusicFolder)),
        (&["Music", "Add clips to this space"], Command::Ask(FileAsk::MoreMusic)),
        (&["Music", "Join more music"], Command::Ask(FileAsk::JoinedMusic)),
        (&["Music", "Examine every file"], Command::Examine),
        (
            &["Music", "Import a dataset", "Free Music Archive"],
            Command::Ask(FileAsk::Dataset(DatasetFormat::Fma)),
        ),
        (
            &["Music", "Import a dataset", "Audio with a genre table"],
            Command::Ask(FileAsk::Dataset(DatasetFormat::LabelFiles)),
        ),
        (
            &["Music", "Import a dataset", "GTZAN"],
            Command::Ask(FileAsk::Dataset(DatasetFormat::Gtzan)),
        ),
        (
            &["Music", "Import a dataset", "DEAM"],
            Command::Ask(FileAsk::Dataset(DatasetFormat::Deam)),
        ),
        (
            &["Music", "Import a dataset", "Music library"],
            Command::Ask(FileAsk::Dataset(DatasetFormat::Library)),
        ),
        (&["Music", "Import a manifest"], Command::Ask(FileAsk::Manifest)),
        (
            &["Model", "Continue the last training"],
            Command::Continue("runs/one".into()),
        ),
        (&["Model", "Load a model"], Command::Ask(FileAsk::OpenSpace)),
        (&["Model", "Export the model"], Command::Ask(FileAsk::SaveSpace)),
        (
            &["Model", "Computing", "Processor"],
            Command::ChooseCompute(DeviceChoice::Cpu),
        ),
        (&["Model", "Sample 8 new sounds"], Command::Sample(8)),
        (&["Music", "Find moved recordings"], Command::Ask(FileAsk::Recordings)),
        (
            &["Map", "Colours", "Calm-Energetic"],
            Command::SetColourBy(ColourBy::Arousal),
        ),
        (&["Map", "Density shading"], Command::SetDensityShading(false)),
        (&["Map", "Names"], Command::SetMapNames(false)),
        (
            &["Map", "Rebuild map", "By sound only"],
            Command::Remap { condition_weight: 0.0 },
        ),
        (&["Map", "Walk round the pins"], Command::WalkPins),
        (&["Map", "Remove all pins"], Command::ClearPins),
        (&["Map", "Stop the motion"], Command::StopMotion),
        (&["Play", "Freeze"], Command::SetMode(PlayMode::Freeze)),
        (&["Play", "Endless"], Command::SetMode(PlayMode::Endless)),
        (&["Play", "Hold notes"], Command::SetHoldContent(true)),
        (
            &["Play", "Hear the original"],
            Command::SetSource(PlaybackSource::Original),
        ),
        (&["Edit", "Undo mood"], Command::Undo),
        (&["Edit", "Redo genre mix"], Command::Redo),
        (&["Edit", "Bookmark this sound"], Command::AddBookmark),
        (&["Edit", "Copy the recipe"], Command::CopyRecipe),
        (
            &["Play", "Sound card", "USB interface"],
            Command::ChooseAudioDevice("USB interface".into()),
        ),
        (&["View", "Theme", "Light"], Command::SetTheme(ThemeChoice::Light)),
        (&["View", "Size", "125 %"], Command::SetZoom(1.25)),
        (&["View", "Side panel"], Command::ToggleSide),
        (
            &["Help", "Troubleshooting", "Restart the engine"],
            Command::RestartEngine,
        ),
        (&["Help", "Take the tour"], Command::StartTour),
    ];
    for (path, wanted) in cases {
        let mut harness = window(busy_session(), DESKTOP);
        // The side panel's chips share some words with the menus.
        harness.state_mut().session.settings.show_conditions = path[0] == "View" && path[1] == "Side panel";
        harness.run_steps(2);
        let asked = choose_in_menu(&mut harness, path);
        assert_eq!(asked, [wanted], "{path:?}");
    }
}

/// Like [`choose`], but each step takes what comes first: the menus come before the panes, where buttons may be called the same.
fn choose_in_menu(harness: &mut Harness<'_, Stage>, path: &[&str]) -> Vec<Command> {
    harness.get_by_label(path[0]).click();
    harness.run_steps(4);
    for label in &path[1..] {
        let entry = harness.query_all_by_label_contains(label).next();
        entry.unwrap_or_else(|| panic!("{path:?} is in the menu")).click();
        harness.run_steps(4);
    }
    harness.state_mut().commands.drain()
}

#[test]
fn menu_entries_that_open_a_sheet_open_it_and_it_closes() {
    for (path, heading) in [
        (["File", "Open by path"], "Open by path"),
        (["Edit", "Paste a recipe"], "Paste a recipe"),
        (["Help", "Keyboard shortcuts"], "Keyboard shortcuts"),
        (["Help", "About Songspace"], "Songspace"),
        (["Model", "About this space"], "On the map"),
    ] {
        let mut harness = window(busy_session(), DESKTOP);
        harness.state_mut().session.settings.show_conditions = false;
        harness.run_steps(2);
        choose_in_menu(&mut harness, &path);
        assert!(harness.state().panes.dialog.is_some(), "{path:?}");
        assert!(
            harness.query_all_by_label(heading).count() > 0,
            "{heading} is on the sheet"
        );
        harness.key_press(Key::Escape);
        harness.run_steps(4);
        assert!(harness.state().panes.dialog.is_none(), "Escape closes {heading}");
    }
}

#[test]
fn the_tour_says_what_to_do_and_can_be_left() {
    let mut harness = window(session(400), DESKTOP);
    harness.state_mut().session.tour = Some(Tour::Click);
    harness.run_steps(2);
    harness.get_by_label("1 of 7");
    harness.get_by_label("Next").click();
    harness.get_by_label("Skip the tour").click();
    harness.run_steps(2);
    assert_eq!(
        harness.state_mut().commands.drain(),
        [Command::TourOn, Command::EndTour]
    );
    for step in Tour::STEPS {
        harness.state_mut().session.tour = Some(step);
        harness.run_steps(2);
        harness.get_by_label(step.words().0);
        harness.get_by_label(step.words().1);
    }
    harness.get_by_label("End the tour");
}

#[test]
fn a_typed_path_is_opened_or_looked_at() {
    for (typed, wanted) in [
        ("/spaces/dusk.songspace", Command::Open("/spaces/dusk.songspace".into())),
        ("/music/mine", Command::Inspect("/music/mine".into())),
    ] {
        let mut harness = window(busy_session(), DESKTOP);
        choose_in_menu(&mut harness, &["File", "Open by path"]);
        harness.run_steps(2);
        assert!(harness.get_by_label("Path").is_focused(), "one can type at once");
        harness.get_by_label("Path").type_text(typed);
        harness.run_steps(2);
        harness.key_press(Key::Enter);
        harness.run_steps(2);
        assert_eq!(harness.state_mut().commands.drain(), [wanted]);
        assert!(harness.state().panes.dialog.is_none());
    }
}

#[test]
fn a_press_plays_a_drag_morphs_and_letting_go_releases() {
    let mut harness = window(session(400), DESKTOP);
    let at = map_middle(&harness);
    harness.hover_at(at);
    harness.step();
    press(&mut harness, at, true);
    let asked = harness.state_mut().commands.drain();
    assert!(matches!(asked[..], [Command::Play(_, Gesture::Begin)]), "{asked:?}");
    let mut places = Vec::new();
    for step in 1..=5 {
        harness.hover_at(at + egui::vec2(12.0 * step as f32, 0.0));
        harness.step();
        for command in harness.state_mut().commands.drain() {
            let Command::Play(PlayPoint::At(point), Gesture::Continue) = command else {
                panic!("a drag only morphs: {command:?}");
            };
            places.push(point.x);
        }
    }
    assert_eq!(places.len(), 5);
    assert!(places.is_sorted(), "the place follows the hand: {places:?}");
    press(&mut harness, at + egui::vec2(60.0, 0.0), false);
    assert_eq!(harness.state_mut().commands.drain(), [Command::Release]);
}

#[test]
fn a_press_on_a_point_means_that_very_chunk() {
    let mut harness = window(session(400), DESKTOP);
    let at = at_chunk(&harness, 123);
    harness.hover_at(at);
    harness.step();
    press(&mut harness, at, true);
    let asked = harness.state_mut().commands.drain();
    let [Command::Play(PlayPoint::Chunk(ChunkId(chunk)), Gesture::Begin)] = asked[..] else {
        panic!("{asked:?}");
    };
    let played = at_chunk(&harness, chunk as usize);
    assert!(played.distance(at) < 10.0, "chunk {chunk} lies under the pointer");
}

#[test]
fn space_and_drag_moves_the_map_and_plays_nothing() {
    let mut harness = window(session(400), DESKTOP);
    let at = map_middle(&harness);
    let before = harness.state().panes.map.camera.centre;
    harness.hover_at(at);
    harness.key_down(Key::Space);
    harness.step();
    press(&mut harness, at, true);
    harness.hover_at(at + egui::vec2(80.0, 0.0));
    harness.step();
    press(&mut harness, at + egui::vec2(80.0, 0.0), false);
    harness.key_up(Key::Space);
    harness.run_steps(2);
    assert!(harness.state().panes.map.camera.centre[0] < before[0]);
    assert!(harness.state_mut().commands.drain().is_empty());
}

#[test]
fn the_space_bar_alone_plays() {
    let mut harness = window(session(400), DESKTOP);
    harness.key_press(Key::Space);
    harness.run_steps(2);
    assert_eq!(harness.state_mut().commands.drain(), [Command::TogglePlay]);
}

#[test]
fn a_drawn_stroke_becomes_a_path() {
    let mut harness = window(session(400), DESKTOP);
    harness.get_by_label("Draw a path that loops (D)").click();
    harness.run_steps(2);
    let at = map_middle(&harness);
    harness.hover_at(at);
    harness.step();
    press(&mut harness, at, true);
    for step in 1..20 {
        let angle = step as f32 * 0.3;
        harness.hover_at(at + 70.0 * egui::vec2(angle.cos(), angle.sin()));
        harness.step();
    }
    press(&mut harness, at, false);
    let asked = harness.state_mut().commands.drain();
    assert!(
        matches!(&asked[..], [Command::DrawPath(points)] if points.len() > 10),
        "{asked:?}"
    );
}

/// Everything that a hand does while one slow frame is drawn.
fn in_one_frame(harness: &mut Harness<'_, Stage>, places: &[Pos2]) {
    let button = |pos: Pos2, pressed| egui::Event::PointerButton {
        pos,
        button: PointerButton::Primary,
        pressed,
        modifiers: Modifiers::NONE,
    };
    let (first, last) = (places[0], places[places.len() - 1]);
    let events = &mut harness.input_mut().events;
    events.extend([egui::Event::PointerMoved(first), button(first, true)]);
    events.extend(places[1..].iter().map(|place| egui::Event::PointerMoved(*place)));
    events.push(button(last, false));
    harness.run_steps(6);
}

#[test]
fn a_drag_of_one_slow_frame_begins_where_the_hand_began_and_ends_where_it_ended() {
    let mut harness = window(session(400), DESKTOP);
    let from = map_middle(&harness);
    let to = from + egui::vec2(90.0, -40.0);
    let map = harness.state().panes.map.rect.unwrap();
    in_one_frame(&mut harness, &[from, to]);
    let asked = harness.state_mut().commands.drain();
    let [
        Command::Play(_, Gesture::Begin),
        Command::Play(PlayPoint::At(point), Gesture::Continue),
        Command::Release,
    ] = asked[..]
    else {
        panic!("{asked:?}");
    };
    let stage = harness.state();
    let view = stage.session.layout().unwrap().view_from_map(point);
    let at = stage.panes.map.on_screen(view).unwrap();
    assert!(at.distance(to) < 2.0, "{at:?} instead of {to:?}");
    // What leaves the map within the frame has begun on it all the same.
    in_one_frame(&mut harness, &[from, egui::pos2(map.right() + 60.0, from.y)]);
    let asked = harness.state_mut().commands.drain();
    assert!(
        matches!(asked[..], [Command::Play(_, Gesture::Begin), .., Command::Release]),
        "{asked:?}"
    );
}

#[test]
fn a_path_that_was_drawn_within_one_slow_frame_is_drawn() {
    let mut harness = window(session(400), DESKTOP);
    harness.get_by_label("Draw a path that loops (D)").click();
    harness.run_steps(2);
    let middle = map_middle(&harness);
    let on_circle = |step: usize| middle + 70.0 * egui::vec2((step as f32 * 0.3).cos(), (step as f32 * 0.3).sin());
    in_one_frame(&mut harness, &(0..20).map(on_circle).collect::<Vec<_>>());
    let asked = harness.state_mut().commands.drain();
    assert!(
        matches!(&asked[..], [Command::DrawPath(points)] if points.len() > 10),
        "{asked:?}"
    );
}

#[test]
fn the_wheel_zooms_at_the_pointer() {
    let mut harness = window(session(400), DESKTOP);
    let at = map_middle(&harness);
    harness.hover_at(at);
    harness.step();
    let before = harness.state().panes.map.camera.half;
    harness.event(egui::Event::MouseWheel {
        unit: egui::MouseWheelUnit::Point,
        delta: egui::vec2(0.0, 120.0),
        phase: egui::TouchPhase::Move,
        source: egui::MouseWheelSource::Wheel,
        modifiers: Modifiers::NONE,
    });
    harness.run_steps(20);
    assert!(harness.state().panes.map.camera.half < before);
}

#[test]
fn keys_do_what_the_sheet_says() {
    for (key, wanted) in [
        // In the order of the buttons.
        (Key::Num1, Command::SetMode(PlayMode::Loop)),
        (Key::Num2, Command::SetMode(PlayMode::Song)),
        (Key::Num3, Command::SetMode(PlayMode::OneShot)),
        (Key::Num4, Command::SetMode(PlayMode::Freeze)),
        (Key::Num5, Command::SetMode(PlayMode::Endless)),
        (Key::H, Command::SetHoldContent(true)),
        (Key::A, Command::SetSource(PlaybackSource::Original)),
        (Key::R, Command::ToggleRecording),
        (Key::W, Command::StopMotion),
        (Key::M, Command::SetLayout(LayoutKind::Pca)),
        (Key::N, Command::Play(PlayPoint::Chunk(ChunkId(10)), Gesture::Begin)),
    ] {
        let mut harness = window(busy_session(), DESKTOP);
        harness.key_press(key);
        harness.run_steps(2);
        assert_eq!(harness.state_mut().commands.drain(), [wanted], "{key:?}");
    }
}

#[test]
fn what_was_undone_comes_back_by_either_chord() {
    for (modifiers, key) in [
        (Modifiers::COMMAND, Key::Y),
        (Modifiers::COMMAND | Modifiers::SHIFT, Key::Z),
    ] {
        let mut harness = window(busy_session(), DESKTOP);
        harness.key_press_modifiers(modifiers, key);
        harness.run_steps(2);
        assert_eq!(harness.state_mut().commands.drain(), [Command::Redo], "{key:?}");
    }
}

#[test]
fn the_key_that_opens_the_sheet_of_keys_closes_it() {
    let mut harness = window(session(400), DESKTOP);
    for is_open in [true, false, true] {
        harness.key_press(Key::F1);
        harness.run_steps(3);
        assert_eq!(harness.query_by_label("Play or stop").is_some(), is_open);
    }
}

#[test]
fn typing_in_the_search_field_is_no_shortcut() {
    let mut harness = window(session(400), DESKTOP);
    harness.get_by_label("Search clips").focus();
    harness.run_steps(2);
    harness.get_by_label("Search clips").type_text("harbour");
    harness.key_press(Key::R);
    harness.run_steps(3);
    assert!(harness.state_mut().commands.drain().is_empty());
    assert!(harness.state().panes.map.query.starts_with("harbour"));
}

#[test]
fn enter_plays_the_first_clip_found() {
    let mut harness = window(session(400), DESKTOP);
    harness.get_by_label("Search clips").focus();
    harness.run_steps(2);
    harness.get_by_label("Search clips").type_text("metal");
    harness.run_steps(2);
    harness.key_press(Key::Enter);
    harness.run_steps(3);
    let asked = harness.state_mut().commands.drain();
    let [Command::Play(PlayPoint::Chunk(chunk), Gesture::Begin), Command::Release] = asked[..] else {
        panic!("{asked:?}");
    };
    assert_eq!(
        harness.state().session.space.as_ref().unwrap().genre_name(chunk),
        Some("Metal")
    );
}

#[test]
fn faders_pad_and_strength_ask_for_their_values() {
    let mut harness = window(session(400), DESKTOP);
    harness.get_by_label("Jazz").set_value_accesskit(0.5);
    harness.run_steps(2);
    let asked = harness.state_mut().commands.drain();
    assert_eq!(asked, [Command::SetFader { genre: 7, level: 0.5 }]);
    harness.get_by_label("Strength").set_value_accesskit(1.25);
    harness.run_steps(2);
    assert_eq!(harness.state_mut().commands.drain(), [Command::SetStrength(1.25)]);
    assert_eq!(choose(&mut harness, &["As recorded"]), [Command::AsRecorded]);
    let pad = harness.get_by_label_contains("Mood pad").rect();
    let at = pad.left_top() + pad.size() * egui::vec2(0.75, 0.25);
    harness.hover_at(at);
    harness.step();
    press(&mut harness, at, true);
    press(&mut harness, at, false);
    let asked = harness.state_mut().commands.drain();
    let Some(Command::SetEmotion(Some((valence, arousal)))) = asked.last() else {
        panic!("{asked:?}");
    };
    assert!((valence - 0.5).abs() < 0.02 && (arousal - 0.5).abs() < 0.02);
}

#[test]
fn a_double_click_on_a_fader_is_a_solo() {
    let mut harness = window(session(400), DESKTOP);
    let at = harness.get_by_label("Folk").rect().center();
    harness.hover_at(at);
    harness.step();
    for _ in 0..2 {
        press(&mut harness, at, true);
        press(&mut harness, at, false);
    }
    assert!(harness.state_mut().commands.drain().contains(&Command::SoloGenre(5)));
}

#[test]
fn the_legend_hides_and_solos_genres_on_the_map() {
    let mut harness = window(session(400), DESKTOP);
    harness.get_by_label("Show Rock").click();
    harness.run_steps(2);
    assert!(harness.state().panes.map.hidden.contains(&11));
    // Long enough not to be a double click, which would leave it alone on the map.
    harness.run_steps(40);
    harness.get_by_label("Show Rock").click();
    harness.run_steps(2);
    assert!(harness.state().panes.map.hidden.is_empty());
    harness.run_steps(40);
    harness.get_by_label("Show Rock").click();
    harness.run_steps(2);
    harness.get_by_label("Show Rock").click();
    harness.run_steps(2);
    assert_eq!(
        harness.state().panes.map.hidden.len(),
        11,
        "a double click leaves one genre"
    );
}

#[test]
fn the_player_asks_for_modes_and_levels() {
    let mut harness = window(session(400), DESKTOP);
    assert_eq!(choose(&mut harness, &["Play (space)"]), [Command::TogglePlay]);
    assert_eq!(
        choose(&mut harness, &["Record what you hear"]),
        [Command::ToggleRecording]
    );
    assert_eq!(choose(&mut harness, &["Once"]), [Command::SetMode(PlayMode::OneShot)]);
    assert_eq!(
        choose(&mut harness, &["A/B"]),
        [Command::SetSource(PlaybackSource::Original)]
    );
    harness.get_by_label("Volume").set_value_accesskit(0.25);
    harness.run_steps(2);
    assert_eq!(harness.state_mut().commands.drain(), [Command::SetVolume(0.25)]);
}

#[test]
fn a_press_on_the_waveform_is_where_the_sound_goes_on() {
    let mut playing = busy_session();
    playing.transport.playing = true;
    playing.meters.playhead = Some(0.1);
    playing.strip.columns = vec![StripColumn { level: 0.7, bass: 0.3 }; 200];
    let mut harness = window(playing, DESKTOP);
    let wave = harness.get_by_label("Waveform and playhead").rect();
    let at = wave.left_top() + wave.size() * egui::vec2(0.75, 0.5);
    harness.hover_at(at);
    harness.step();
    press(&mut harness, at, true);
    press(&mut harness, at, false);
    let asked = harness.state_mut().commands.drain();
    assert!(
        matches!(asked[..], [Command::Seek(place)] if (place - 0.75).abs() < 0.01),
        "{asked:?}"
    );
    harness.get_by_label("Waveform and playhead").focus();
    harness.run_steps(2);
    harness.key_press(Key::ArrowRight);
    harness.run_steps(2);
    let asked = harness.state_mut().commands.drain();
    assert!(
        matches!(asked[..], [Command::Seek(place)] if (place - 0.12).abs() < 0.01),
        "{asked:?}"
    );
}

#[test]
fn handles_on_the_waveform_set_what_loops_and_where_it_begins() {
    let mut playing = busy_session();
    playing.transport.playing = true;
    playing.meters.playhead = Some(0.5);
    playing.strip.columns = vec![StripColumn { level: 0.7, bass: 0.3 }; 200];
    playing.strip.secs = 3.0;
    let mut harness = window(playing, DESKTOP);
    let wave = harness.get_by_label("Waveform and playhead").rect();
    let place = |share: f32, down: f32| wave.left_top() + wave.size() * egui::vec2(share, down);
    let end = harness.get_by_label("Loop ends").rect().center();
    drag_to(&mut harness, end, place(0.6, 0.5));
    let region = newest_region(&mut harness).expect("a region");
    assert!(
        region.begin_secs == 0.0 && (region.end_secs - 1.8).abs() < 0.03,
        "{region:?}"
    );
    harness.state_mut().session.transport.region = Some(region);
    harness.run_steps(2);
    let begin = harness.get_by_label("Loop begins").rect().center();
    drag_to(&mut harness, begin, place(0.2, 0.5));
    let region = newest_region(&mut harness).expect("a region");
    assert!((region.begin_secs - 0.6).abs() < 0.03 && (region.end_secs - 1.8).abs() < 0.03);
    harness.state_mut().session.transport.region = Some(region);
    harness.run_steps(2);
    // The lane over the wave: what loops is dragged along, and drawn anew outside of it.
    drag_to(&mut harness, place(0.4, 0.08), place(0.5, 0.08));
    let moved = newest_region(&mut harness).expect("a region");
    assert!((moved.begin_secs - 0.9).abs() < 0.06 && (moved.secs() - region.secs()).abs() < 1e-3);
    drag_to(&mut harness, place(0.95, 0.08), place(0.7, 0.08));
    let drawn = newest_region(&mut harness).expect("a region");
    assert!(
        (drawn.begin_secs - 2.1).abs() < 0.06 && (drawn.end_secs - 2.85).abs() < 0.06,
        "{drawn:?}"
    );
    // By the keyboard: a bracket at the playhead, arrows on a handle, Delete.
    harness.key_press(Key::CloseBracket);
    harness.run_steps(2);
    let region = newest_region(&mut harness).expect("a region");
    assert!((region.end_secs - 1.5).abs() < 1e-3, "{region:?}");
    harness.state_mut().session.transport.region = Some(region);
    harness.run_steps(2);
    harness.get_by_label("Loop begins").focus();
    harness.run_steps(2);
    harness.key_press(Key::ArrowRight);
    harness.run_steps(2);
    let stepped = newest_region(&mut harness).expect("a region");
    assert!((stepped.begin_secs - region.begin_secs - 0.05).abs() < 1e-3);
    harness.key_press(Key::Delete);
    harness.run_steps(2);
    assert_eq!(newest_region(&mut harness), None);
    let flag = harness.get_by_label("Start point").rect().center();
    drag_to(&mut harness, flag, place(0.25, 0.9));
    let asked = harness.state_mut().commands.drain();
    assert!(
        matches!(asked.last(), Some(Command::SetStart(Some(secs))) if (secs - 0.75).abs() < 0.05),
        "{asked:?}"
    );
    // Endless music has neither.
    harness.state_mut().session.transport.mode = PlayMode::Endless;
    harness.run_steps(2);
    assert!(harness.query_by_label("Loop ends").is_none() && harness.query_by_label("Start point").is_none());
}

#[test]
fn handles_stand_on_beats_while_loops_follow_the_clock() {
    let mut playing = busy_session();
    playing.clock.on = true;
    playing.strip.columns = vec![StripColumn { level: 0.7, bass: 0.3 }; 200];
    playing.strip.secs = 3.0;
    playing.strip.beats = vec![0.1, 0.3, 0.5, 0.7, 0.9];
    let mut harness = window(playing, DESKTOP);
    let wave = harness.get_by_label("Waveform and playhead").rect();
    let end = harness.get_by_label("Loop ends").rect().center();
    drag_to(&mut harness, end, wave.left_top() + wave.size() * egui::vec2(0.66, 0.5));
    let region = newest_region(&mut harness).expect("a region");
    assert!((region.end_secs - 2.1).abs() < 1e-3, "{region:?}");
}

fn drag_to(harness: &mut Harness<'_, Stage>, from: Pos2, to: Pos2) {
    harness.hover_at(from);
    harness.step();
    press(harness, from, true);
    for step in 1..=4 {
        harness.hover_at(from + (to - from) * (step as f32 / 4.0));
        harness.step();
    }
    press(harness, to, false);
}

/// The region that was asked for last.
fn newest_region(harness: &mut Harness<'_, Stage>) -> Option<LoopRegion> {
    let asked = harness.state_mut().commands.drain();
    let newest = asked.iter().rev().find_map(|command| match command {
        Command::SetRegion(region) => Some(*region),
        _ => None,
    });
    newest.expect("a region was asked for")
}

#[test]
fn the_clip_light_stays_until_it_is_put_out() {
    let mut harness = window(busy_session(), DESKTOP);
    assert!(harness.query_by_label_contains("cut off at full scale").is_none());
    harness.state_mut().session.meters.clipped = true;
    harness.run_steps(2);
    assert_eq!(choose(&mut harness, &["cut off at full scale"]), [Command::ClearClip]);
}

#[test]
fn takes_are_played_renamed_shown_and_copied() {
    let mut kept = busy_session();
    let take = |name: &str| RecordedTake {
        path: format!("/music/{name}.wav").into(),
        secs: 75.0,
    };
    kept.takes = vec![take("2026-11-25 blues_002"), take("2026-11-25 blues_001")];
    let mut harness = window(kept, DESKTOP);
    harness.state_mut().panes.side = SideTab::Library;
    harness.run_steps(3);
    let path = std::path::PathBuf::from("/music/2026-11-25 blues_002.wav");
    for (button, wanted) in [
        ("Play the take 2026-11-25 blues_001", Command::PlayTake(1)),
        ("Show 2026-11-25 blues_002 in", Command::Reveal(path)),
        ("Copy 2026-11-25 blues_001 as a file", Command::CopyTake(1)),
    ] {
        assert_eq!(choose(&mut harness, &[button]), [wanted], "{button}");
    }
    assert!(choose(&mut harness, &["Rename 2026-11-25 blues_002"]).is_empty());
    let field = harness.get_by_label("New name of the take");
    assert!(field.is_focused(), "one can type at once");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.get_by_label("New name of the take").type_text("dusk");
    harness.run_steps(2);
    harness.key_press(Key::Enter);
    harness.run_steps(2);
    assert_eq!(
        harness.state_mut().commands.drain(),
        [Command::RenameTake {
            index: 0,
            name: "dusk".into()
        }]
    );
}

#[test]
fn a_frame_round_points_is_looked_into_and_plays_nothing() {
    let mut harness = window(session(400), DESKTOP);
    let whole = harness.state().panes.map.camera;
    let (from, middle) = (at_chunk(&harness, 123), map_middle(&harness));
    harness
        .get_by_label("Draw a frame to look into (Shift and drag)")
        .click();
    harness.run_steps(2);
    in_one_frame(
        &mut harness,
        &[from - egui::vec2(40.0, 30.0), from, from + egui::vec2(40.0, 30.0)],
    );
    harness.run_steps(60);
    assert!(harness.state_mut().commands.drain().is_empty(), "nothing is played");
    let camera = harness.state().panes.map.camera;
    assert!(camera.half < 0.5 * whole.half, "{camera:?}");
    let now = at_chunk(&harness, 123);
    assert!(
        now.distance(middle) < 90.0,
        "what was framed lies in the middle: {now:?}"
    );
    harness.key_press(Key::F);
    harness.run_steps(90);
    assert_eq!(harness.state().panes.map.camera.half, whole.half);
}

#[test]
fn z_looks_at_what_sounds_and_at_what_is_shown() {
    let mut harness = window(busy_session(), DESKTOP);
    harness.key_press(Key::Z);
    harness.run_steps(90);
    let close = harness.state().panes.map.camera.half;
    assert!(close < 0.7, "what sounds is looked at: {close}");
    harness.state_mut().panes.map.hidden = (0..12).filter(|genre| *genre != 11).collect();
    harness.run_steps(4);
    harness.key_press(Key::Z);
    harness.run_steps(90);
    let map = harness.state().panes.map.rect.unwrap();
    let rock = (0..400usize).filter(|chunk| {
        let view = harness.state().session.space.as_ref().unwrap();
        view.genre_of[*chunk] == Some(11)
    });
    assert!(rock.map(|chunk| at_chunk(&harness, chunk)).all(|at| map.contains(at)));
}

#[test]
fn the_training_sheet_starts_what_was_filled_in() {
    let mut harness = window(session(400), DESKTOP);
    harness.state_mut().panes.side = SideTab::Train;
    harness.state_mut().panes.training.source = "/music/mine".into();
    harness.state_mut().panes.training.options.minutes = Some(3.0);
    harness.run_steps(3);
    harness.get_by_label("Start").click();
    harness.run_steps(2);
    let asked = harness.state_mut().commands.drain();
    let [Command::Train { source, options }] = &asked[..] else {
        panic!("{asked:?}");
    };
    assert_eq!(source.to_str(), Some("/music/mine"));
    assert_eq!(options.minutes, Some(3.0));
}

#[test]
fn a_running_training_can_be_paused_resumed_and_stopped() {
    let mut running = session(400);
    running.training.state = TrainingState::Running;
    running.training.progress = Some(Progress {
        stage: Job::Training,
        done: 10,
        total: 100,
    });
    let mut harness = window(running, DESKTOP);
    harness.state_mut().panes.side = SideTab::Train;
    harness.run_steps(3);
    assert_eq!(choose(&mut harness, &["Pause"]), [Command::PauseTraining]);
    assert_eq!(choose(&mut harness, &["Stop and keep"]), [Command::StopTraining]);
    harness.state_mut().session.training.state = TrainingState::Paused;
    harness.run_steps(2);
    assert_eq!(choose(&mut harness, &["Resume"]), [Command::ResumeTraining]);
    let training = &mut harness.state_mut().session.training;
    training.state = TrainingState::Running;
    training.progress = Some(Progress {
        stage: Job::Refining,
        done: 1,
        total: 100,
    });
    harness.run_steps(2);
    assert_eq!(choose(&mut harness, &["Skip the rest"]), [Command::StopTraining]);
}

#[test]
fn bookmarks_and_pins_play_and_go_away() {
    let mut kept = busy_session();
    let recipe = Recipe::new(songspace::render::RecipeSource::At {
        layout: LayoutKind::Tsne,
        point: MapPoint { x: 1.0, y: 2.0 },
    });
    kept.bookmarks = vec![Bookmark {
        name: "dusk".into(),
        recipe: recipe.clone(),
    }];
    let mut harness = window(kept, DESKTOP);
    harness.state_mut().panes.side = SideTab::Library;
    harness.run_steps(3);
    harness.get_by_label("dusk").click();
    harness.run_steps(2);
    assert_eq!(
        harness.state_mut().commands.drain(),
        [Command::Recall(Box::new(recipe))]
    );
    assert_eq!(
        choose(&mut harness, &["Remove the bookmark dusk"]),
        [Command::RemoveBookmark(0)]
    );
    assert_eq!(choose(&mut harness, &["Remove pin 2"]), [Command::RemovePin(1)]);
}

#[test]
fn a_pin_plays_its_own_sound_whatever_map_is_shown_and_stands_on_every_map() {
    let mut kept = busy_session();
    let pin = kept.pins[0];
    kept.settings.layout = LayoutKind::Pca;
    let view = kept.space.clone().unwrap();
    let (own, other) = (
        view.layout(LayoutKind::Tsne).unwrap(),
        view.layout(LayoutKind::Pca).unwrap(),
    );
    assert_eq!(own.place_of(&pin), Some(own.view_from_map(pin.point)));
    assert_eq!(
        other.place_of(&pin),
        Some(other.positions[9]),
        "where its nearest point lies"
    );
    let mut harness = window(kept, DESKTOP);
    harness.state_mut().panes.side = SideTab::Library;
    harness.run_steps(3);
    harness.get_by_label("Pin 1").click();
    harness.run_steps(2);
    assert_eq!(
        harness.state_mut().commands.drain(),
        [
            Command::Play(PlayPoint::On(LayoutKind::Tsne, pin.point), Gesture::Begin),
            Command::Release
        ]
    );
}

#[test]
fn a_bookmark_of_another_version_says_so_and_strays_wait_for_their_space() {
    let mut kept = busy_session();
    let bookmark = |name: &str, snapshot: &str| Bookmark {
        name: name.into(),
        recipe: Recipe {
            snapshot: snapshot.into(),
            ..Recipe::new(songspace::render::RecipeSource::Chunk(ChunkId(1)))
        },
    };
    kept.bookmarks = vec![bookmark("dusk", "5eed"), bookmark("dawn", "0ther")];
    kept.strays = vec![bookmark("noon", "e1se")];
    let mut harness = window(kept, DESKTOP);
    harness.state_mut().panes.side = SideTab::Library;
    harness.run_steps(3);
    assert_eq!(harness.query_all_by_label("other version").count(), 1);
    for hash in ["5eed", "0ther", "e1se"] {
        assert!(harness.query_by_label_contains(hash).is_none(), "nobody reads a hash");
    }
    assert_eq!(
        choose(&mut harness, &["Remove the bookmark noon"]),
        [Command::RemoveStray(0)]
    );
}

#[test]
fn a_recent_file_that_is_gone_can_only_be_taken_out_of_the_list() {
    let mut session = busy_session();
    session.gone = session.settings.recent.iter().cloned().collect();
    let mut harness = window(session, DESKTOP);
    choose_in_menu(&mut harness, &["File", "Open recent"]);
    let entry = harness.get_by_label("old.songspace (not there)");
    assert!(entry.accesskit_node().is_disabled());
    harness.get_by_label_contains("Take old.songspace out").click();
    harness.run_steps(4);
    let asked = harness.state_mut().commands.drain();
    assert_eq!(asked, [Command::ForgetRecent("/spaces/old.songspace".into())]);
}

#[test]
fn the_recording_is_offered_only_where_there_may_be_one() {
    let mut session = busy_session();
    session.recording_gap = Some(RecordingGap {
        sentence: "The recording of \"dusk\" is nowhere.".into(),
        can_be_found: true,
    });
    let mut harness = window(session, DESKTOP);
    let is_off = |harness: &Harness<'_, Stage>| harness.get_by_label("A/B").accesskit_node().is_disabled();
    assert!(is_off(&harness));
    let at = harness.get_by_label("A/B").rect().center();
    harness.hover_at(at);
    harness.run_steps(60);
    harness.get_by_label_contains("\"dusk\" is nowhere");
    harness.state_mut().session.recording_gap = None;
    harness.run_steps(3);
    assert!(!is_off(&harness));
    harness.state_mut().session.sample = Some(3);
    harness.run_steps(3);
    assert!(is_off(&harness), "nobody recorded what the model drew");
}

#[test]
fn the_player_tells_the_genre_that_sounds() {
    let mut session = busy_session();
    let own = session
        .space
        .as_ref()
        .unwrap()
        .genre_name(ChunkId(9))
        .unwrap()
        .to_owned();
    session.mixer = Mixer::for_genres(12);
    session.mixer.as_recorded = false;
    session.mixer.solo(8);
    let mut harness = window(session, DESKTOP);
    harness.get_by_label_contains(&format!("{own} as Metal · "));
    harness.state_mut().session.mixer.faders[7] = 1.0;
    harness.run_steps(3);
    harness.get_by_label_contains(&format!("{own} as Jazz 50 %, Metal 50 % · "));
    harness.state_mut().session.mixer.as_recorded = true;
    harness.run_steps(3);
    harness.get_by_label_contains(&format!("{own} · "));
    assert!(harness.query_by_label_contains(" as ").is_none());
}

#[test]
fn the_genre_that_sounds_is_in_sight() {
    let mut small = session(400);
    small.mixer.faders[0] = 1.0;
    let mut harness = window(small, [900.0, 480.0]);
    let room = |harness: &Harness<'_, Stage>| harness.get_by_label("Mood pad").rect().top();
    let bottom = |harness: &Harness<'_, Stage>| harness.get_by_label("Rock").rect().bottom();
    assert!(bottom(&harness) > room(&harness), "the list is longer than its room");
    harness.state_mut().session.mixer.faders = (0..12).map(|genre| if genre == 11 { 1.0 } else { 0.0 }).collect();
    harness.run_steps(40);
    assert!(bottom(&harness) <= room(&harness) + 1.0);
}

#[test]
fn sheets_and_searches_count_the_clips_that_are_on_the_map() {
    let mut snapshot = window_support::snapshot(400);
    // Of fifty clips, the last ten are learned from but not shown.
    snapshot.chunks.truncate(320);
    snapshot.clusters.truncate(320);
    for layout in &mut snapshot.layouts {
        layout.points.truncate(320);
    }
    let mut session = session(8);
    session.space = Some(std::sync::Arc::new(songspace::session::SpaceView::new(
        std::sync::Arc::new(snapshot),
    )));
    let mut harness = window(session, [1600.0, 900.0]);
    harness.state_mut().panes.map.query = "artist".into();
    harness.state_mut().panes.map.focus_search = true;
    harness.run_steps(3);
    harness.get_by_label("40 clips");
    harness.key_press(Key::Escape);
    harness.run_steps(3);
    harness.key_press(Key::Escape);
    harness.run_steps(3);
    choose_in_menu(&mut harness, &["Model", "About this space"]);
    harness.run_steps(3);
    harness.get_by_label_contains("40 clips, 16 min, as 320 points");
    harness.get_by_label_contains("50 clips, 20 min");
    harness.get_by_label("Map of 320 points");
}

#[test]
fn a_file_is_kept_unless_its_replacement_is_wanted() {
    let mut asking = session(400);
    asking.replacing = Some(Replacing {
        ask: FileAsk::SaveSpace,
        path: "/spaces/dusk.songspace".into(),
    });
    let mut harness = window(asking, DESKTOP);
    harness.run_steps(3);
    harness.get_by_label("dusk.songspace");
    assert!(harness.get_by_label("Keep it").is_focused());
    assert_eq!(choose(&mut harness, &["Replace it"]), [Command::ReplaceFile]);
    assert_eq!(choose(&mut harness, &["Keep it"]), [Command::KeepFile]);
    assert_eq!(
        choose(&mut harness, &["Another name"]),
        [Command::KeepFile, Command::Ask(FileAsk::SaveSpace)]
    );
    harness.key_press(Key::R);
    harness.run_steps(2);
    assert!(
        harness.state_mut().commands.drain().is_empty(),
        "the question has the keyboard"
    );
    harness.key_press(Key::Escape);
    harness.run_steps(2);
    assert!(harness.state_mut().commands.drain().contains(&Command::KeepFile));
}

#[test]
fn a_banner_offers_its_action_and_can_be_dismissed() {
    let mut troubled = session(400);
    troubled.announce(Banner::error("The engine stopped.").with_action("Restart engine", Command::RestartEngine));
    let mut harness = window(troubled, DESKTOP);
    harness.run_steps(10);
    let map = harness.state().panes.map.rect.unwrap();
    let button = harness.get_by_label("Restart engine").rect();
    assert!(
        button.top() > map.bottom() - 100.0 && button.left() > map.center().x,
        "it lies in the lower right, as high as its text, and covers neither middle nor top: {button:?}"
    );
    let asked = choose(&mut harness, &["Restart engine"]);
    assert_eq!(asked, [Command::RestartEngine, Command::DismissBanner(0)]);
    assert_eq!(choose(&mut harness, &["Dismiss"]), [Command::DismissBanner(0)]);
}

#[test]
fn closing_asks_while_something_runs() {
    let mut ending = session(400);
    ending.leaving = Some(Leaving {
        next: Next::Quit,
        what: "A training is running.".into(),
    });
    let mut harness = window(ending, DESKTOP);
    assert_eq!(choose(&mut harness, &["Stay"]), [Command::Stay]);
    assert_eq!(choose(&mut harness, &["Close anyway"]), [Command::LeaveAnyway]);
}

#[test]
fn the_empty_window_teaches_three_ways_in() {
    let mut harness = window(Session::default(), DESKTOP);
    assert_eq!(
        choose(&mut harness, &["Learn a folder"]),
        [Command::Ask(FileAsk::MusicFolder)]
    );
    assert_eq!(
        choose(&mut harness, &["Open a space"]),
        [Command::Ask(FileAsk::OpenSpace)]
    );
    assert_eq!(choose(&mut harness, &["Play the demo space"]), [Command::OpenDemo]);
}

#[test]
fn nothing_repaints_when_nothing_moves() {
    for shown in [Session::default(), session(400)] {
        let mut harness = window(shown, DESKTOP);
        let steps = harness.run();
        assert!(steps < 60, "the window settles within a second, took {steps} frames");
        harness.step();
        let delay = harness.output().viewport_output[&egui::ViewportId::ROOT].repaint_delay;
        assert!(
            delay > std::time::Duration::from_secs(1),
            "asks for a frame after {delay:?}"
        );
    }
}

#[test]
fn every_control_has_a_name_and_lies_inside_the_window() {
    for size in [[900.0, 600.0], [1280.0, 800.0], [3840.0, 2160.0]] {
        for tab in [SideTab::Sound, SideTab::Train, SideTab::Library] {
            let mut harness = window(busy_session(), size);
            harness.state_mut().panes.side = tab;
            harness.run_steps(3);
            harness.check_accessibility();
            for node in harness.root().children_recursive() {
                let is_button = node.accesskit_node().role() == egui::accesskit::Role::Button;
                if is_button {
                    let rect = node.rect();
                    assert!(
                        rect.right() <= size[0] + 1.0 && rect.left() >= -1.0,
                        "{:?} leaves a window {} wide: {rect}",
                        node.accesskit_node().label(),
                        size[0]
                    );
                }
            }
        }
    }
}

#[test]
fn twenty_genres_fit_into_a_small_window() {
    let mut wide = session(400);
    wide.mixer = Mixer::for_genres(12);
    let mut harness = window(wide, [900.0, 600.0]);
    assert!(harness.query_by_label("Ambient").is_some());
    harness.get_by_label("Strength").scroll_to_me();
    harness.run_steps(10);
    let strength = harness.get_by_label("Strength").rect();
    assert!(strength.bottom() <= 600.0, "the strength can be reached: {strength}");
}

#[test]
fn the_findings_name_genres_anew_and_leave_files_out() {
    let mut found = busy_session();
    let files = ["Jazz/twice.ogg".to_owned()].into();
    found.training.diagnosis = Some(Diagnosis {
        text: "3 clips, 0.01 hours".into(),
        leave_out: files,
        ..Diagnosis::default()
    });
    let mut harness = window(found, [1280.0, 1400.0]);
    harness.state_mut().panes.side = SideTab::Train;
    harness.run_steps(3);
    assert_eq!(
        choose(&mut harness, &["Leave out 1"]),
        [Command::LeaveOut(["Jazz/twice.ogg".to_owned()].into())]
    );
    harness.get_by_label_contains("Genre names (1)").click();
    harness.run_steps(20);
    harness
        .state_mut()
        .panes
        .training
        .genre_names
        .insert("Hip Hop/Rap".into(), "Rap".into());
    harness.run_steps(3);
    assert_eq!(
        choose(&mut harness, &["Keep these names"]),
        [Command::RenameGenres(
            [("Hip Hop/Rap".to_owned(), "Rap".to_owned())].into()
        )]
    );
}

#[test]
fn the_report_of_an_import_mends_what_it_tells() {
    let mut found = busy_session();
    found.training.diagnosis = Some(Diagnosis {
        text: "3 clips, 0.01 hours".into(),
        leave_out: ["Jazz/twice.ogg".to_owned()].into(),
        ..Diagnosis::default()
    });
    found.training.skipped = vec![("/music/broken.mp3".into(), "it is cut short".into())];
    let mut harness = window(found, DESKTOP);
    choose_in_menu(&mut harness, &["Music", "Report of the import"]);
    harness.run_steps(4);
    assert_eq!(
        choose(&mut harness, &["Leave out all 1"]),
        [Command::LeaveOut(["Jazz/twice.ogg".to_owned()].into())]
    );
    assert_eq!(
        choose(&mut harness, &["Show broken.mp3"]),
        [Command::Reveal("/music/broken.mp3".into())]
    );
    harness.key_press(Key::Escape);
    harness.run_steps(4);
    assert!(harness.state().panes.dialog.is_none());
}

#[test]
fn what_shapes_the_timbre_is_found_out_when_one_asks_and_once() {
    let mut harness = window(busy_session(), [1280.0, 1400.0]);
    assert_eq!(choose(&mut harness, &["Timbre"]), [Command::NameDirections]);
    harness.run_steps(20);
    assert!(harness.state_mut().commands.drain().is_empty());
}

#[test]
fn letters_that_arrive_with_the_click_into_a_field_are_text() {
    let mut harness = window(session(400), DESKTOP);
    let at = harness.get_by_label("Search clips").rect().center();
    harness.state_mut().commands.drain();
    let press = egui::Event::PointerButton {
        pos: at,
        button: PointerButton::Primary,
        pressed: true,
        modifiers: Modifiers::NONE,
    };
    let letter = |pressed| egui::Event::Key {
        key: Key::R,
        physical_key: None,
        pressed,
        repeat: false,
        modifiers: Modifiers::NONE,
    };
    // One slow frame holds both.
    harness
        .input_mut()
        .events
        .extend([egui::Event::PointerMoved(at), press, letter(true), letter(false)]);
    harness.run_steps(3);
    assert!(harness.state_mut().commands.drain().is_empty());
}

#[test]
fn a_closed_sheet_gives_the_letters_back() {
    let mut harness = window(session(400), DESKTOP);
    choose_in_menu(&mut harness, &["File", "Open by path"]);
    harness.run_steps(2);
    harness.get_by_label("Path").type_text("/nowhere");
    harness.key_press(Key::R);
    harness.run_steps(2);
    assert!(
        harness.state_mut().commands.drain().is_empty(),
        "the sheet has the keyboard"
    );
    harness.key_press(Key::Escape);
    harness.run_steps(4);
    harness.key_press(Key::R);
    harness.run_steps(2);
    assert_eq!(harness.state_mut().commands.drain(), [Command::ToggleRecording]);
}
