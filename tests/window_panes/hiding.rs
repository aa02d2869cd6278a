//! What the legend and the search field hide is not on the map: neither pointed at, nor clicked, nor found.

use crate::window_support::{Stage, session, window};
use crate::{DESKTOP, at_chunk, focused, press};
use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use songspace::session::{Command, Gesture, PlayPoint, SearchIn, Shown};
use songspace::values::ChunkId;

/// Chunks of this clip are Metal.
const METAL: usize = 8 * 8;

fn shown(commands: &[Command]) -> Option<Shown> {
    let mut orders = commands.iter().filter_map(|command| match command {
        Command::Show(shown) => Some(shown.clone()),
        _ => None,
    });
    orders.next_back().flatten()
}

fn genre(harness: &Harness<'_, Stage>, chunk: ChunkId) -> String {
    let view = harness.state().session.space.as_ref().unwrap();
    view.genre_name(chunk).unwrap().to_owned()
}

fn search(harness: &mut Harness<'_, Stage>, text: &str) {
    harness.get_by_label("Search clips").focus();
    harness.run_steps(2);
    harness.get_by_label("Search clips").type_text(text);
    harness.run_steps(4);
}

fn key(harness: &mut Harness<'_, Stage>, key: Key) {
    harness.key_press(key);
    harness.run_steps(3);
}

/// The lines of the list: what each says, and whether it is the chosen one.
fn lines(harness: &Harness<'_, Stage>) -> Vec<(String, bool)> {
    let nodes = harness.root().children_recursive();
    let lines = nodes.filter(|node| node.accesskit_node().role() == egui::accesskit::Role::ListBoxOption);
    lines
        .map(|node| {
            let node = node.accesskit_node();
            (
                node.label().unwrap_or_default(),
                node.toggled() == Some(egui::accesskit::Toggled::True) || node.is_selected() == Some(true),
            )
        })
        .collect()
}

#[test]
fn a_genre_hidden_in_the_legend_is_neither_pointed_at_nor_clicked() {
    let mut harness = window(session(400), DESKTOP);
    let at = at_chunk(&harness, METAL);
    harness.get_by_label("Show Metal").click();
    harness.run_steps(3);
    let asked = harness.state_mut().commands.drain();
    let mask = shown(&asked).expect("the app learns what is hidden");
    for chunk in (0..400).map(ChunkId) {
        assert_eq!(mask.has(chunk), genre(&harness, chunk) != "Metal", "{chunk:?}");
    }
    harness.hover_at(at);
    harness.run_steps(60);
    press(&mut harness, at, true);
    press(&mut harness, at, false);
    let asked = harness.state_mut().commands.drain();
    match asked[..] {
        [Command::Play(PlayPoint::Chunk(chunk), _), ..] => assert_ne!(genre(&harness, chunk), "Metal"),
        [Command::Play(PlayPoint::At(_), _), ..] => {}
        _ => panic!("{asked:?}"),
    }
    search(&mut harness, "metal");
    assert!(
        lines(&harness).is_empty(),
        "what is hidden is not found: {:?}",
        lines(&harness)
    );
    key(&mut harness, Key::Enter);
    assert!(harness.state_mut().commands.drain().is_empty());
}

#[test]
fn show_all_brings_everything_back() {
    let mut harness = window(session(400), DESKTOP);
    harness.get_by_label("Show Metal").click();
    harness.run_steps(3);
    harness.state_mut().commands.drain();
    harness.get_by_label("Show all").click();
    harness.run_steps(3);
    assert_eq!(harness.state_mut().commands.drain(), [Command::Show(None)]);
}

#[test]
fn the_list_of_clips_found_is_walked_with_arrows_and_enter_plays_the_chosen_one() {
    let mut harness = window(session(400), DESKTOP);
    search(&mut harness, "jazz");
    let before = lines(&harness);
    assert!(before.len() >= 4 && before[0].1, "the first is chosen: {before:?}");
    key(&mut harness, Key::ArrowDown);
    key(&mut harness, Key::ArrowDown);
    key(&mut harness, Key::ArrowUp);
    let after = lines(&harness);
    assert!(after[1].1 && !after[0].1, "{after:?}");
    key(&mut harness, Key::Enter);
    let asked = harness.state_mut().commands.drain();
    let [Command::Play(PlayPoint::Chunk(chunk), Gesture::Begin), Command::Release] = asked[..] else {
        panic!("{asked:?}");
    };
    assert_eq!(genre(&harness, chunk), "Jazz");
    let view = harness.state().session.space.as_ref().unwrap();
    let clip = view.snapshot.chunks[chunk.0 as usize].clip;
    assert!(after[1].0.contains(&view.snapshot.clips[clip.0 as usize].title));
    assert!(harness.get_by_label("Search clips").is_focused(), "one can go on");
    let second = harness.get_by_label(&after[2].0).rect().center();
    harness.hover_at(second);
    press(&mut harness, second, true);
    press(&mut harness, second, false);
    harness.run_steps(3);
    assert!(matches!(
        harness.state_mut().commands.drain()[0],
        Command::Play(PlayPoint::Chunk(_), _)
    ));
    assert!(
        harness.get_by_label("Search clips").is_focused(),
        "a click leaves the list open"
    );
}

#[test]
fn escape_clears_the_search_and_then_leaves_it() {
    let mut harness = window(session(400), DESKTOP);
    search(&mut harness, "jazz");
    key(&mut harness, Key::Escape);
    assert_eq!(harness.state().panes.map.query, "");
    assert!(harness.get_by_label("Search clips").is_focused());
    key(&mut harness, Key::Escape);
    assert!(!harness.get_by_label("Search clips").is_focused());
    assert!(harness.state_mut().commands.drain().is_empty(), "no motion was stopped");
    search(&mut harness, "jazz");
    harness.get_by_label("Clear the search").click();
    harness.run_steps(3);
    assert_eq!(harness.state().panes.map.query, "");
    assert!(harness.query_by_label("Clear the search").is_none());
}

#[test]
fn only_these_hides_the_rest_until_the_search_is_cleared() {
    let mut harness = window(session(400), DESKTOP);
    search(&mut harness, "jazz");
    harness.get_by_label("Only these").click();
    harness.run_steps(4);
    let mask = shown(&harness.state_mut().commands.drain()).expect("the app learns what is hidden");
    for chunk in (0..400).map(ChunkId) {
        assert_eq!(mask.has(chunk), genre(&harness, chunk) == "Jazz", "{chunk:?}");
    }
    assert!(!lines(&harness).is_empty(), "the list is still there");
    key(&mut harness, Key::Escape);
    assert_eq!(harness.state_mut().commands.drain(), [Command::Show(None)]);
}

#[test]
fn what_is_searched_can_be_the_genre_a_label_or_the_folder() {
    let view = session(400).space.unwrap();
    let found = |query: &str, within| {
        view.clips_matching(query, within)
            .into_iter()
            .filter(|found| *found)
            .count()
    };
    assert_eq!(found("jazz", SearchIn::Genre), found("jazz", SearchIn::Folder));
    assert!(found("jazz", SearchIn::Genre) > 0);
    assert_eq!(found("harbour", SearchIn::Genre), 0, "a title is no genre");
    assert!(found("harbour", SearchIn::Everything) > 0);
    assert!(found("happy", SearchIn::Label) > 0 && found("happy", SearchIn::Folder) == 0);
    assert_eq!(found("jazz harbour", SearchIn::Label), 0);
    let mut harness = window(session(400), DESKTOP);
    search(&mut harness, "happy");
    let all = lines(&harness).len();
    harness.get_by_label("Folder").click();
    harness.run_steps(4);
    assert!(all > 0 && lines(&harness).is_empty(), "no folder is called happy");
}

#[test]
fn the_keyboard_hides_and_solos_too() {
    let mut harness = window(session(400), DESKTOP);
    harness.get_by_label("Show Rock").focus();
    harness.run_steps(2);
    assert_eq!(focused(&harness).as_deref(), Some("Show Rock"));
    key(&mut harness, Key::Enter);
    assert_eq!(harness.state().panes.map.hidden.len(), 1);
    key(&mut harness, Key::Enter);
    assert!(harness.state().panes.map.hidden.is_empty());
    harness.key_press_modifiers(Modifiers::SHIFT, Key::Enter);
    harness.run_steps(3);
    assert_eq!(harness.state().panes.map.hidden.len(), 11);
}
