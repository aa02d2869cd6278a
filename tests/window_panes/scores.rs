//! The panel of an open take: its buttons, its handles under a pointer, and what it says of another space's take.

use crate::window_support::{Stage, session, window};
use crate::{DESKTOP, press};
use egui::{Event, pos2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use songspace::session::{Command, ExportTarget, FileAsk, Session, TakeCurve, TakeView};

fn with_take(why_not: Option<&str>) -> Session {
    let mut session = session(60);
    let curve = |name: &str, points: Vec<[f64; 2]>| TakeCurve {
        name: name.to_owned(),
        points,
    };
    session.take = Some(TakeView {
        path: "/takes/one.songspace-take".into(),
        name: "one".into(),
        secs: 8.0,
        curves: vec![
            curve("map x", vec![[0.0, 0.2], [4.0, 0.2], [4.0, 0.9], [8.0, 0.9]]),
            curve("detail", vec![[0.0, 1.0], [2.0, 1.0], [2.0, 0.4], [8.0, 0.4]]),
        ],
        from: 0.0,
        to: 8.0,
        kept: (0.0, 8.0),
        playhead: None,
        why_not: why_not.map(str::to_owned),
    });
    session
}

fn click(harness: &mut Harness<'_, Stage>, text: &str) -> Vec<Command> {
    harness.get_by_label(text).click();
    harness.run_steps(3);
    harness.state_mut().commands.drain()
}

#[test]
fn its_buttons_ask_for_what_they_say() {
    let mut harness = window(with_take(None), DESKTOP);
    assert_eq!(click(&mut harness, "Play the take"), [Command::ReplayScore]);
    let render = Command::Ask(FileAsk::Export(ExportTarget::TakeWav));
    assert_eq!(click(&mut harness, "Render…"), [render]);
    assert_eq!(click(&mut harness, "Close the take"), [Command::CloseScore]);
    assert_eq!(click(&mut harness, "Keep this part"), [], "nothing is new");
    if let Some(take) = &mut harness.state_mut().session.take {
        take.trim(1.0, 5.0);
        take.playhead = Some(2.0);
    }
    harness.run_steps(2);
    assert_eq!(click(&mut harness, "Keep this part"), [Command::KeepTrim]);
    assert_eq!(click(&mut harness, "Stop the take"), [Command::ReplayScore]);
}

#[test]
fn a_pointer_moves_the_nearer_handle() {
    let mut harness = window(with_take(None), DESKTOP);
    harness.run_steps(3);
    let top = harness.get_by_label("Close the take").rect().bottom();
    let map = harness.state().panes.map.rect.unwrap();
    let y = top + 90.0;
    for (from, to, is_first) in [(0.2, 0.4, true), (0.8, 0.6, false)] {
        let x = |share: f32| map.left() + share * map.width();
        harness.event(Event::PointerMoved(pos2(x(from), y)));
        harness.step();
        press(&mut harness, pos2(x(from), y), true);
        for step in 1..=8 {
            let at = from + (to - from) * step as f32 / 8.0;
            harness.event(Event::PointerMoved(pos2(x(at), y)));
            harness.step();
        }
        press(&mut harness, pos2(x(to), y), false);
        let asked = harness.state_mut().commands.drain();
        let Some(Command::TrimScore { from, to }) = asked.last() else {
            panic!("{asked:?}");
        };
        if is_first {
            assert!((2.0..5.0).contains(from) && *to == 8.0, "{from} to {to}");
        } else {
            assert!((3.0..6.5).contains(to) && *from == 0.0, "{from} to {to}");
        }
    }
}

#[test]
fn a_take_of_another_space_is_shown_and_says_why_it_is_not_played() {
    let mut harness = window(with_take(Some("It was played with another space.")), DESKTOP);
    harness.run_steps(2);
    harness.get_by_label("It was played with another space.");
    assert_eq!(click(&mut harness, "Play the take"), []);
}
