//! Without a pointer, and for those who hear the window instead of seeing it.

use crate::window_support::{session, window};
use crate::{DESKTOP, busy_session, focused};
use egui::Key;
use egui::accesskit::Role;
use egui_kittest::kittest::{NodeT, Queryable};
use songspace::session::{Command, Gesture, PlayPoint};
use songspace::ui::Dialog;
use std::collections::BTreeMap;

#[test]
fn tab_reaches_everything_and_what_it_reaches_is_in_sight() {
    for size in [DESKTOP, [720.0, 480.0]] {
        let mut harness = window(busy_session(), size);
        harness.state_mut().panes.map.legend_open = Some(true);
        harness.run_steps(2);
        let mut met = BTreeMap::new();
        for _ in 0..150 {
            harness.key_press(Key::Tab);
            harness.run_steps(12);
            let Some(name) = focused(&harness) else { continue };
            let node = harness
                .root()
                .children_recursive()
                .find(egui_kittest::Node::is_focused)
                .unwrap();
            let rect = node.rect();
            met.insert(name, rect);
        }
        for name in [
            "File",
            "Help",
            "Clusters",
            "Colour by",
            "Search clips",
            "Random walk (W)",
            "Zoom in (+)",
            "Map of 400 points",
            "Show Rock",
            "Fold the legend",
            "Play (space)",
            "Record what you hear (R)",
            "Loop",
            "Hold notes",
            "A/B",
            "Waveform and playhead",
            "Detail",
            "Texture",
            "Speed",
            "Volume",
            "Sound",
            "As recorded",
            "Ambient",
            "Rock",
            "Mood pad",
            "happy",
            "Timbre",
            "Strength",
        ] {
            let rect = met
                .get(name)
                .unwrap_or_else(|| panic!("{name} at {size:?}; met {:?}", met.keys()));
            let window = egui::Rect::from_min_size(egui::Pos2::ZERO, size.into());
            assert!(
                window.contains(rect.center()),
                "{name} has the keyboard out of sight at {size:?}: {rect}"
            );
        }
    }
}

#[test]
fn the_map_is_played_with_keys() {
    let mut harness = window(session(400), DESKTOP);
    harness.get_by_label("Map of 400 points").focus();
    harness.run_steps(2);
    harness.key_press(Key::ArrowRight);
    harness.run_steps(2);
    let asked = harness.state_mut().commands.drain();
    assert!(
        matches!(asked[..], [Command::Play(PlayPoint::At(_), Gesture::Continue)]),
        "{asked:?}"
    );
    assert_eq!(
        focused(&harness).as_deref(),
        Some("Map of 400 points"),
        "the arrow did not lead away"
    );
    harness.key_press(Key::Enter);
    harness.run_steps(2);
    let asked = harness.state_mut().commands.drain();
    assert!(
        matches!(
            asked[..],
            [Command::Play(PlayPoint::Chunk(_), Gesture::Begin), Command::Release]
        ),
        "{asked:?}"
    );
    harness.key_press(Key::Space);
    harness.run_steps(2);
    assert_eq!(harness.state_mut().commands.drain(), [Command::TogglePlay]);
}

#[test]
fn faders_and_the_mood_pad_are_moved_and_reset_with_keys() {
    let mut harness = window(session(400), DESKTOP);
    harness.state_mut().session.mixer.emotion = Some((0.5, 0.5));
    // A pointer that lies about somewhere is not the keyboard's business.
    harness.hover_at(harness.get_by_label("Jazz").rect().center());
    harness.run_steps(2);
    harness.get_by_label("Jazz").focus();
    harness.run_steps(2);
    harness.key_press(Key::ArrowRight);
    harness.run_steps(2);
    assert!(matches!(
        harness.state_mut().commands.drain()[..],
        [Command::SetFader { genre: 7, .. }]
    ));
    harness.key_press(Key::Enter);
    harness.run_steps(2);
    assert_eq!(harness.state_mut().commands.drain(), [Command::SoloGenre(7)]);
    harness.get_by_label("Mood pad").focus();
    harness.run_steps(2);
    harness.key_press(Key::ArrowUp);
    harness.run_steps(2);
    let asked = harness.state_mut().commands.drain();
    let [Command::SetEmotion(Some((_, arousal)))] = asked[..] else {
        panic!("{asked:?}")
    };
    assert!((arousal - 0.55).abs() < 1e-3);
    harness.key_press(Key::Enter);
    harness.run_steps(2);
    assert_eq!(harness.state_mut().commands.drain(), [Command::SetEmotion(None)]);
}

#[test]
fn every_sheet_keeps_the_keyboard_and_is_left_with_it() {
    for dialog in [Dialog::Shortcuts, Dialog::About, Dialog::AboutSpace, Dialog::recipe()] {
        let mut harness = window(busy_session(), DESKTOP);
        harness.state_mut().panes.dialog = Some(dialog.clone());
        harness.run_steps(4);
        let end = if matches!(dialog, Dialog::Recipe(_)) {
            "Cancel"
        } else {
            "Close"
        };
        let reached = (0..4).any(|_| {
            harness.key_press(Key::Tab);
            harness.run_steps(3);
            focused(&harness).as_deref() == Some(end)
        });
        assert!(reached, "{dialog:?}: {:?}", focused(&harness));
        harness.key_press(Key::Enter);
        harness.run_steps(4);
        assert!(harness.state().panes.dialog.is_none(), "{dialog:?}");
    }
}

#[test]
fn the_tree_of_controls_tells_roles_names_and_values() {
    let mut shown = busy_session();
    shown.mixer.as_recorded = false;
    shown.mixer.faders[7] = 0.5;
    shown.mixer.faders[11] = 0.5;
    shown.mixer.emotion = Some((0.25, -0.5));
    let harness = window(shown, DESKTOP);
    let node = |name: &'static str| harness.get_by_label(name);
    let map = node("Map of 400 points");
    assert_eq!(map.accesskit_node().role(), Role::Canvas);
    let view = harness.state().session.space.as_ref().unwrap();
    let title = &view.snapshot.clips[view.snapshot.chunks[9].clip.0 as usize].title;
    assert_eq!(map.value().unwrap(), format!("{title}, Blues"));
    let pad = node("Mood pad");
    assert_eq!(
        (pad.accesskit_node().role(), pad.value()),
        (Role::Canvas, Some("bright 0.25 · calm 0.50".into()))
    );
    let mixer = node("Genre mixer");
    assert_eq!(mixer.accesskit_node().role(), Role::Group);
    let faders: Vec<_> = mixer
        .children_recursive()
        .filter(|node| node.accesskit_node().role() == Role::Slider)
        .map(|node| node.accesskit_node())
        .map(|node| (node.label().unwrap(), node.numeric_value().unwrap(), node.value()))
        .collect();
    assert_eq!(faders.len(), 12);
    let sounding = ["Jazz", "Rock"].map(|name| (name.to_owned(), 0.5, Some("50 %".to_owned())));
    assert_eq!(faders[..2], sounding, "those that sound stand first");
    assert_eq!(faders[2], ("Ambient".to_owned(), 0.0, None));
    assert_eq!(node("File").accesskit_node().role(), Role::MenuItem);
}
