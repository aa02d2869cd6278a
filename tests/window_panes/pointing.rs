//! What is said beside the point that the pointer is over, and when nothing is.

use crate::window_support::{Stage, session, window};
use crate::{DESKTOP, at_chunk, busy_session};
use egui::Key;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use songspace::ui::Dialog;

fn title_of(harness: &Harness<'_, Stage>, chunk: usize) -> String {
    let snapshot = &harness.state().session.space.as_ref().unwrap().snapshot;
    snapshot.clips[snapshot.chunks[chunk].clip.0 as usize].title.clone()
}

fn says_anything(harness: &Harness<'_, Stage>, chunk: usize) -> bool {
    harness.query_all_by_label(&title_of(harness, chunk)).count() > 0
}

#[test]
fn one_line_at_once_and_the_rest_after_a_pause() {
    let mut harness = window(session(400), DESKTOP);
    let at = at_chunk(&harness, 123);
    harness.hover_at(at);
    harness.run_steps(5);
    assert!(says_anything(&harness, 123));
    assert!(harness.query_by_label("Near it").is_none(), "at first it is one line");
    let line = harness
        .query_all_by_label(&title_of(&harness, 123))
        .next()
        .unwrap()
        .rect();
    assert!(
        !line.contains(at) && line.height() < 24.0,
        "it lies beside the point: {line}"
    );
    harness.run_steps(45);
    assert!(
        harness.query_by_label("Near it").is_some(),
        "a pause of 0.75 s says everything"
    );
}

#[test]
fn nothing_is_said_under_a_menu_or_a_sheet() {
    for open in ["a menu", "a context menu", "a sheet"] {
        let mut harness = window(busy_session(), DESKTOP);
        let at = at_chunk(&harness, 123);
        harness.hover_at(at);
        harness.run_steps(5);
        assert!(says_anything(&harness, 123));
        match open {
            "a menu" => harness.key_press_modifiers(egui::Modifiers::ALT, Key::F),
            "a sheet" => harness.state_mut().panes.dialog = Some(Dialog::About),
            _ => {
                for pressed in [true, false] {
                    harness.event(egui::Event::PointerButton {
                        pos: at,
                        button: egui::PointerButton::Secondary,
                        pressed,
                        modifiers: egui::Modifiers::NONE,
                    });
                }
            }
        }
        harness.run_steps(60);
        assert!(!says_anything(&harness, 123), "under {open}");
    }
}
