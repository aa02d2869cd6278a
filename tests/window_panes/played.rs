//! The strips of keys and clock: what they ask for, and that there is room for them.

use crate::window_support::window;
use crate::{DESKTOP, busy_session, press};
use egui::pos2;
use egui_kittest::kittest::Queryable;
use songspace::session::{ClockSettings, Command, KeySettings, Session};
use songspace::values::{KeyChange, KeyEvent};

fn played_session() -> Session {
    let mut session = busy_session();
    session.keys.on = true;
    session.clock.on = true;
    session.clock.beat = Some(6.5);
    session
}

#[test]
fn a_press_on_the_keyboard_is_a_note_until_it_is_let_go() {
    let mut harness = window(played_session(), DESKTOP);
    harness.run_steps(2);
    let board = harness.get_by_label_contains("Keyboard from").rect();
    let place = pos2(board.left() + 0.4 * board.width(), board.bottom() - 4.0);
    press(&mut harness, place, true);
    let asked = |harness: &egui_kittest::Harness<'_, crate::window_support::Stage>| {
        harness.state().commands.as_slice().to_vec()
    };
    let note = asked(&harness).into_iter().find_map(|command| match command {
        Command::Key(KeyEvent {
            change: KeyChange::On { note, velocity },
            ..
        }) => Some((note, velocity)),
        _ => None,
    });
    let (note, velocity) = note.expect("a note begins");
    assert!((48..108).contains(&note) && velocity > 0.8, "{note} {velocity}");
    press(&mut harness, place, false);
    let off = Command::Key(KeyEvent {
        channel: 0,
        change: KeyChange::Off { note },
    });
    assert!(asked(&harness).contains(&off));
}

#[test]
fn chips_of_both_strips_ask_for_their_settings() {
    let mut harness = window(played_session(), DESKTOP);
    harness.run_steps(2);
    for label in ["Drone", "Click", "Tap"] {
        harness.get_by_label(label).click();
        harness.run_steps(2);
    }
    let asked = harness.state().commands.as_slice();
    let drone = KeySettings {
        drone: true,
        ..KeySettings::default()
    };
    let click = ClockSettings {
        metronome: true,
        ..ClockSettings::default()
    };
    for wanted in [Command::SetKeys(drone), Command::SetClock(click), Command::TapTempo] {
        assert!(asked.contains(&wanted), "{wanted:?} is missing in {asked:?}");
    }
}

#[test]
fn the_strips_leave_room_for_the_map_in_a_small_window() {
    let mut harness = window(played_session(), [720.0, 480.0]);
    harness.run_steps(2);
    let map = harness.state().panes.map.rect.expect("the map was drawn");
    let board = harness.get_by_label_contains("Keyboard from").rect();
    assert!(map.height() > 60.0 && map.bottom() <= board.top(), "{map:?} {board:?}");
    assert!(board.right() <= 720.0);
}
