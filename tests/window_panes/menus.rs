//! Menus by pointer and by keyboard: how they open, change and close, and that nothing behind them hears of it.

use crate::window_support::{Stage, session, window};
use crate::{DESKTOP, busy_session, focused, map_middle, press};
use egui::{Key, Modifiers, Pos2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use songspace::session::Command;

/// An entry of each menu that no other menu and no pane has.
const ENTRIES: [(&str, &str, Key); 8] = [
    ("File", "New from a folder…", Key::F),
    ("Edit", "Paste a recipe…", Key::E),
    ("Music", "Import a manifest…", Key::U),
    ("Model", "Training sheet…", Key::M),
    ("Map", "Density shading", Key::A),
    ("Play", "Hear the original", Key::P),
    ("View", "Theme", Key::V),
    ("Help", "About Songspace", Key::H),
];

fn is_open(harness: &Harness<'_, Stage>, menu: &str) -> bool {
    let (_, entry, _) = ENTRIES.iter().find(|(name, ..)| *name == menu).unwrap();
    // The shortcut is a part of an entry's name.
    harness.query_all_by_label_contains(entry).count() > 0
}

fn open_menus(harness: &Harness<'_, Stage>) -> Vec<&'static str> {
    let open = ENTRIES.iter().filter(|(name, ..)| is_open(harness, name));
    open.map(|(name, ..)| *name).collect()
}

fn click(harness: &mut Harness<'_, Stage>, at: Pos2) {
    harness.hover_at(at);
    harness.step();
    press(harness, at, true);
    press(harness, at, false);
    harness.run_steps(4);
}

fn title(harness: &Harness<'_, Stage>, menu: &str) -> Pos2 {
    harness.get_by_label(menu).rect().center()
}

fn stage() -> Harness<'static, Stage> {
    let mut harness = window(busy_session(), DESKTOP);
    // The side panel's tabs share words with the menus.
    harness.state_mut().session.settings.show_conditions = false;
    harness.run_steps(2);
    harness
}

fn key(harness: &mut Harness<'_, Stage>, key: Key) {
    harness.key_press(key);
    harness.run_steps(4);
}

#[test]
fn escape_closes_a_menu_and_stops_nothing() {
    let mut harness = stage();
    for (menu, ..) in ENTRIES {
        let at = title(&harness, menu);
        click(&mut harness, at);
        assert_eq!(open_menus(&harness), [menu]);
        key(&mut harness, Key::Escape);
        assert!(open_menus(&harness).is_empty(), "{menu} is closed");
    }
    assert!(harness.state_mut().commands.drain().is_empty(), "the walk goes on");
    key(&mut harness, Key::Escape);
    assert_eq!(harness.state_mut().commands.drain(), [Command::StopMotion]);
}

#[test]
fn arrows_walk_through_a_menu_and_enter_chooses() {
    let mut harness = stage();
    let at = title(&harness, "Help");
    click(&mut harness, at);
    key(&mut harness, Key::ArrowDown);
    assert_eq!(focused(&harness).as_deref(), Some("Take the tour"));
    key(&mut harness, Key::ArrowDown);
    key(&mut harness, Key::ArrowDown);
    assert_eq!(focused(&harness).as_deref(), Some("About Songspace"));
    key(&mut harness, Key::ArrowUp);
    key(&mut harness, Key::ArrowUp);
    key(&mut harness, Key::Enter);
    assert_eq!(
        harness.state_mut().commands.drain(),
        [Command::StartTour],
        "the point was not moved"
    );
    assert!(open_menus(&harness).is_empty(), "a choice closes the menu");
    key(&mut harness, Key::ArrowRight);
    assert!(
        matches!(harness.state_mut().commands.drain()[..], [Command::Play(..)]),
        "afterwards the arrows are the map's again"
    );
}

#[test]
fn a_submenu_is_entered_and_left_with_arrows() {
    let mut harness = stage();
    harness.key_press_modifiers(Modifiers::ALT, Key::V);
    harness.run_steps(4);
    key(&mut harness, Key::ArrowDown);
    assert_eq!(focused(&harness).as_deref(), Some("Theme"));
    key(&mut harness, Key::ArrowRight);
    assert_eq!(focused(&harness).as_deref(), Some("Dark"));
    key(&mut harness, Key::ArrowLeft);
    assert_eq!(focused(&harness).as_deref(), Some("Theme"));
    assert_eq!(open_menus(&harness), ["View"], "left leaves the submenu only");
    key(&mut harness, Key::ArrowRight);
    key(&mut harness, Key::ArrowDown);
    key(&mut harness, Key::Enter);
    let light = songspace::session::ThemeChoice::Light;
    assert_eq!(harness.state_mut().commands.drain(), [Command::SetTheme(light)]);
    assert!(open_menus(&harness).is_empty());
}

#[test]
fn tab_stays_in_an_open_menu() {
    let mut harness = stage();
    let at = title(&harness, "Help");
    click(&mut harness, at);
    let mut met = Vec::new();
    for _ in 0..6 {
        key(&mut harness, Key::Tab);
        met.extend(focused(&harness));
        assert_eq!(open_menus(&harness), ["Help"]);
    }
    let entries = [
        "Take the tour",
        "Keyboard shortcuts",
        "About Songspace",
        "Troubleshooting",
    ];
    assert!(
        met.iter()
            .zip(entries.iter().cycle())
            .all(|(met, entry)| met.starts_with(entry)),
        "{met:?}"
    );
    assert_eq!(met.len(), 6);
}

#[test]
fn letters_and_f10_open_menus_and_arrows_change_them() {
    let mut harness = stage();
    for (menu, _, letter) in ENTRIES {
        harness.key_press_modifiers(Modifiers::ALT, letter);
        harness.run_steps(4);
        assert_eq!(open_menus(&harness), [menu], "Alt and {letter:?}");
    }
    key(&mut harness, Key::ArrowRight);
    assert_eq!(open_menus(&harness), ["File"], "after the last comes the first");
    key(&mut harness, Key::ArrowLeft);
    key(&mut harness, Key::ArrowLeft);
    assert_eq!(open_menus(&harness), ["View"]);
    key(&mut harness, Key::F10);
    assert!(open_menus(&harness).is_empty());
    key(&mut harness, Key::F10);
    assert_eq!(open_menus(&harness), ["File"]);
    assert!(harness.state_mut().commands.drain().is_empty());
}

#[test]
fn another_title_opens_its_own_menu_when_pointed_at_and_when_clicked() {
    for pointed_at_first in [true, false] {
        let mut harness = stage();
        let (file, help) = (title(&harness, "File"), title(&harness, "Help"));
        click(&mut harness, file);
        if pointed_at_first {
            harness.hover_at(help);
            harness.run_steps(4);
            assert_eq!(open_menus(&harness), ["Help"], "pointing is enough");
            press(&mut harness, help, true);
            press(&mut harness, help, false);
        } else {
            // All at once, as a slow frame holds it.
            harness.get_by_label("Help").click();
        }
        harness.run_steps(4);
        assert_eq!(open_menus(&harness), ["Help"], "the click does not close it");
        click(&mut harness, help);
        assert!(open_menus(&harness).is_empty(), "the next one does");
    }
}

#[test]
fn a_click_beside_a_menu_only_closes_it() {
    let mut harness = stage();
    let middle = map_middle(&harness);
    let once = harness.get_by_label("Once").rect().center();
    for beside in [middle, once] {
        let at = title(&harness, "File");
        click(&mut harness, at);
        assert_eq!(open_menus(&harness), ["File"]);
        click(&mut harness, beside);
        assert!(open_menus(&harness).is_empty());
        assert!(
            harness.state_mut().commands.drain().is_empty(),
            "nothing behind it was clicked"
        );
    }
    click(&mut harness, once);
    assert!(!harness.state_mut().commands.drain().is_empty(), "now it is");
}

#[test]
fn a_click_beside_a_context_menu_or_a_list_of_choices_only_closes_it() {
    let mut harness = window(session(400), DESKTOP);
    let middle = map_middle(&harness);
    harness.hover_at(middle);
    harness.step();
    for pressed in [true, false] {
        harness.event(egui::Event::PointerButton {
            pos: middle,
            button: egui::PointerButton::Secondary,
            pressed,
            modifiers: Modifiers::NONE,
        });
        harness.step();
    }
    harness.run_steps(4);
    assert!(harness.query_by_label("Pin this place").is_some());
    click(&mut harness, middle - egui::vec2(120.0, 90.0));
    assert!(harness.query_by_label("Pin this place").is_none());
    let combo = harness.get_by_label("Colour by").rect().center();
    click(&mut harness, combo);
    assert!(harness.query_by_label("Calm-Energetic").is_some());
    click(&mut harness, middle);
    assert!(harness.query_by_label("Calm-Energetic").is_none());
    click(&mut harness, combo);
    key(&mut harness, Key::Escape);
    assert!(
        harness.query_by_label("Calm-Energetic").is_none(),
        "Escape closes it too"
    );
    assert!(harness.state_mut().commands.drain().is_empty());
}
