//! Small windows, many genres, long names.

use crate::window_support::{Stage, session, snapshot, window};
use crate::{busy_session, focused};
use egui::{Key, Rect, Shape};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use songspace::session::{Mixer, Session, SpaceView};
use songspace::space::Snapshot;
use std::sync::Arc;

const SIZES: [[f32; 2]; 4] = [[720.0, 480.0], [900.0, 600.0], [1228.0, 696.0], [1280.0, 800.0]];

/// What stands over and beside the map, and must not lie on each other.
const TOOLS: [&str; 13] = [
    "Clusters",
    "Overview",
    "Colour by",
    "Search clips",
    "Random walk (W)",
    "Draw a path that loops (D)",
    "Zoom in (+)",
    "Zoom out (-)",
    "Show the whole map (F)",
    "Draw a frame to look into (Shift and drag)",
    "Sound",
    "Train",
    "Library",
];

#[test]
fn tools_keep_clear_of_each_other_at_every_size() {
    for size in SIZES {
        let harness = window(session(400), size);
        let rects: Vec<(&str, Rect)> = TOOLS.map(|name| (name, harness.get_by_label(name).rect())).to_vec();
        for (i, (name, rect)) in rects.iter().enumerate() {
            assert!(
                rect.right() <= size[0] && rect.bottom() <= size[1],
                "{name} leaves {size:?}: {rect}"
            );
            for (other, beside) in &rects[..i] {
                assert!(
                    !rect.shrink(0.5).intersects(beside.shrink(0.5)),
                    "{name} lies on {other} at {size:?}"
                );
            }
        }
        let search = harness.get_by_label("Search clips").rect();
        assert!(
            search.width() >= 120.0,
            "one can read what is typed at {size:?}: {search}"
        );
    }
}

#[test]
fn the_player_has_room_for_all_it_holds() {
    for size in SIZES {
        let mut shown = busy_session();
        shown.transport.recording = true;
        shown.transport.recorded_secs = 12.0;
        let harness = window(shown, size);
        let bottom = size[1] - 24.0;
        for name in [
            "Detail",
            "Texture",
            "Speed",
            "Volume",
            "Match loudness",
            "Loop",
            "Hold notes",
            "A/B",
        ] {
            let rect = harness.get_by_label(name).rect();
            assert!(
                rect.bottom() <= bottom && rect.right() <= size[0],
                "{name} at {size:?}: {rect}"
            );
        }
        let seconds = harness.get_by_label("0:12").rect();
        assert!(
            seconds.bottom() <= bottom,
            "how long is recorded at {size:?}: {seconds}"
        );
    }
}

#[test]
fn the_legend_folds_in_a_small_window_and_unfolds_when_asked() {
    let mut harness = window(session(400), SIZES[0]);
    assert!(harness.query_by_label("Show Rock").is_none());
    let map = harness.state().panes.map.rect.unwrap();
    let folded = harness.get_by_label("Unfold the legend").rect();
    assert!(folded.height() < 0.2 * map.height() && map.contains_rect(folded));
    harness.get_by_label("Unfold the legend").click();
    harness.run_steps(3);
    assert!(harness.query_by_label("Show Rock").is_some());
    harness.get_by_label("Fold the legend").click();
    harness.run_steps(3);
    assert!(harness.query_by_label("Show Rock").is_none());
}

#[test]
fn mood_and_strength_are_in_sight_at_every_size() {
    for size in SIZES {
        let harness = window(busy_session(), size);
        let pad = harness.get_by_label("Mood pad").rect();
        let strength = harness.get_by_label("Strength").rect();
        let player = harness.get_by_label("Play (space)").rect();
        assert!(
            pad.height() >= 60.0 && pad.bottom() < strength.top(),
            "{size:?}: {pad}, {strength}"
        );
        assert!(
            strength.bottom() < player.top(),
            "both stand above the player at {size:?}: {strength}"
        );
        let fader = harness.get_by_label("Ambient").rect();
        assert!(
            fader.bottom() < pad.top(),
            "and leave room for genres at {size:?}: {fader}, {pad}"
        );
    }
}

/// A space with that many genres, the last of them with a long name.
fn genres(count: usize) -> Session {
    let mut space: Snapshot = snapshot(count * 16);
    let long = "Progressive psychedelic folk rock of the early seventies";
    space.meta.genres = (0..count)
        .map(|i| {
            if i + 1 == count {
                long.to_owned()
            } else {
                format!("Genre {}", i + 1)
            }
        })
        .collect();
    for (i, clip) in space.clips.iter_mut().enumerate() {
        clip.labels.genre = vec![0.0; count];
        clip.labels.genre[i % count] = 1.0;
    }
    Session {
        space: Some(Arc::new(SpaceView::new(Arc::new(space)))),
        mixer: Mixer::for_genres(count),
        ..Session::default()
    }
}

/// Every text that is drawn, and whether it was cut.
fn texts(harness: &Harness<'_, Stage>) -> Vec<(String, bool)> {
    fn collect(shape: &Shape, into: &mut Vec<(String, bool)>) {
        match shape {
            Shape::Text(text) => into.push((text.galley.text().to_owned(), text.galley.elided)),
            Shape::Vec(shapes) => shapes.iter().for_each(|shape| collect(shape, into)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    for clipped in &harness.output().shapes {
        collect(&clipped.shape, &mut found);
    }
    found
}

#[test]
fn genres_are_named_on_the_map_unless_that_is_switched_off() {
    let names_on_map = |count: usize| {
        let mut harness = window(genres(count), [1280.0, 800.0]);
        harness.state_mut().session.settings.show_conditions = false;
        harness.state_mut().panes.map.legend_open = Some(false);
        harness.state_mut().session.settings.map_names = false;
        harness.run_steps(3);
        assert!(texts(&harness).iter().all(|(text, _)| !text.starts_with("Genre ")));
        harness.state_mut().session.settings.map_names = true;
        harness.run_steps(3);
        texts(&harness)
            .iter()
            .filter(|(text, _)| text.starts_with("Genre "))
            .count()
    };
    assert!(names_on_map(6) >= 5, "few are all named: {}", names_on_map(6));
    assert!(
        names_on_map(30) > 8,
        "of many, those that have room: {}",
        names_on_map(30)
    );
}

#[test]
fn a_long_name_ends_in_an_ellipsis_and_is_told_in_full() {
    let mut harness = window(genres(5), [1280.0, 800.0]);
    harness.state_mut().session.settings.map_names = false;
    harness.run_steps(3);
    let cut = texts(&harness)
        .into_iter()
        .filter(|(text, cut)| text.starts_with("Progressive") && *cut);
    assert_eq!(cut.count(), 2, "in the legend and in the mixer");
    let place = harness.get_by_label_contains("Show Progressive").rect().center();
    harness.hover_at(place);
    harness.run_steps(60);
    assert!(
        harness.query_by_label_contains("of the early seventies\n").is_some(),
        "the tooltip has all of it"
    );
}

#[test]
fn a_menu_higher_than_the_window_scrolls_to_its_last_entry() {
    let mut harness = window(busy_session(), SIZES[0]);
    harness.key_press_modifiers(egui::Modifiers::ALT, Key::A);
    harness.run_steps(4);
    harness.key_press(Key::ArrowUp);
    harness.run_steps(20);
    assert_eq!(focused(&harness).as_deref(), Some("Stop the motion"));
    let rect = harness.get_by_label("Stop the motion").rect();
    assert!(rect.bottom() <= 480.0, "{rect}");
}
