//! What is hidden on the map does not sound.

use crate::{Rig, rig};
use songspace::decode::{Asked, Resolver, Span};
use songspace::render::Recipe;
use songspace::session::{Command, Gesture, PlayPoint, Shown, Standing};
use songspace::values::{ChunkId, MapPoint};
use std::sync::Arc;

const JAZZ: u16 = 7;

/// Leaves one genre on the map.
fn solo(rig: &mut Rig, genre: u16) {
    let view = Arc::clone(rig.app().session.space.as_ref().unwrap());
    let chunks = view.genre_of.iter().map(|of| *of == Some(genre)).collect();
    rig.perform(Command::Show(Shown::new(view.version, chunks)));
}

fn genre(rig: &Rig, chunk: ChunkId) -> Option<u16> {
    rig.app().session.space.as_ref().unwrap().genre_of[chunk.0 as usize]
}

fn place(rig: &Rig, view: [f32; 2]) -> MapPoint {
    rig.app().session.layout().unwrap().map_from_view(view)
}

fn selected(rig: &Rig) -> ChunkId {
    rig.app().session.selection.unwrap().chunk
}

#[test]
fn places_all_over_the_map_sound_like_the_genre_that_is_left() {
    let mut rig = rig();
    rig.play_chunk(0);
    solo(&mut rig, JAZZ);
    for hold in [false, true] {
        rig.perform(Command::SetHoldContent(hold));
        for (x, y) in [(-0.9, 0.9), (-0.3, -0.4), (0.0, 0.0), (0.5, 0.7), (0.9, -0.9)] {
            let point = place(&rig, [x, y]);
            rig.perform(Command::Play(PlayPoint::At(point), Gesture::Begin));
            assert_eq!(genre(&rig, selected(&rig)), Some(JAZZ), "at {x}, {y}, hold {hold}");
            let part = rig.stand.last_part();
            assert!(part.condition.genre[usize::from(JAZZ)] > 0.9, "under its labels");
            assert_ne!(rig.app().session.selection.unwrap().standing, Standing::Moved);
        }
    }
    let before = rig.stand.decodes.borrow().len();
    rig.play_chunk(0);
    assert_eq!(rig.stand.decodes.borrow().len(), before, "a hidden point is not played");
}

#[test]
fn the_recipe_of_such_a_sound_is_the_same_sound_when_everything_is_back() {
    let mut rig = rig();
    solo(&mut rig, JAZZ);
    let point = place(&rig, [0.1, 0.2]);
    rig.perform(Command::Play(PlayPoint::At(point), Gesture::Begin));
    let live = rig.stand.last_part();
    rig.perform(Command::AddBookmark);
    let recipe = Recipe::from_text(&rig.app().session.bookmarks[0].recipe.to_text()).unwrap();
    let snapshot = Arc::clone(&rig.app().session.space.as_ref().unwrap().snapshot);
    let (choice, _) = recipe.choice(&snapshot).unwrap().unwrap();
    let asked = Asked {
        condition: recipe.condition.clone(),
        strength: recipe.strength,
        match_loudness: false,
        relatives: Default::default(),
    };
    let again = Resolver::new(snapshot).resolve(&choice, &asked, Span::Loop).unwrap();
    assert_eq!(again.row[0].latent, live.latent);
    assert_eq!(again.row[0].condition, live.condition);
}

#[test]
fn what_sounds_stops_when_it_is_hidden_and_play_takes_what_is_left() {
    let mut rig = rig();
    rig.play_chunk(0);
    assert!(rig.app().session.transport.playing);
    solo(&mut rig, JAZZ);
    assert!(!rig.app().session.transport.playing);
    rig.perform(Command::TogglePlay);
    assert!(rig.app().session.transport.playing);
    assert_eq!(genre(&rig, selected(&rig)), Some(JAZZ));
    let view = Arc::clone(rig.app().session.space.as_ref().unwrap());
    let none = Shown::new(view.version, vec![false; view.genre_of.len()].into());
    rig.perform(Command::Show(none));
    assert!(!rig.app().session.transport.playing);
    rig.perform(Command::TogglePlay);
    assert!(
        !rig.app().session.transport.playing,
        "with everything hidden there is nothing to play"
    );
    rig.perform(Command::Show(None));
    rig.perform(Command::TogglePlay);
    assert!(rig.app().session.transport.playing);
}

#[test]
fn a_blend_goes_on_without_its_hidden_sources() {
    let mut rig = rig();
    let point = place(&rig, [0.1, 0.2]);
    rig.perform(Command::Play(PlayPoint::At(point), Gesture::Begin));
    rig.perform(Command::Release);
    let (full, anchor) = (rig.stand.last_part(), selected(&rig));
    let own = genre(&rig, anchor).unwrap();
    solo(&mut rig, own);
    assert_ne!(rig.stand.last_part().latent.global, full.latent.global);
    assert!(rig.app().session.transport.playing);
    assert_eq!(genre(&rig, selected(&rig)), Some(own));
    rig.perform(Command::Show(None));
    assert_eq!(
        rig.stand.last_part().latent.global,
        full.latent.global,
        "and comes back with them"
    );
}

#[test]
fn a_random_walk_keeps_to_what_is_left() {
    let mut rig = rig();
    rig.play_chunk(5);
    solo(&mut rig, JAZZ);
    rig.perform(Command::RandomWalk);
    for _ in 0..60 {
        rig.frames(1);
        assert_eq!(genre(&rig, selected(&rig)), Some(JAZZ));
    }
}

#[test]
fn another_space_shows_all_of_itself() {
    let mut rig = rig();
    rig.window.harness.state_mut().panes.map.hidden.insert(3);
    rig.frames(3);
    assert!(rig.app().session.shown().is_some());
    let mut other = crate::window_support::snapshot(80);
    other.clips.iter_mut().for_each(|clip| clip.content_hash.push('x'));
    rig.opens("/second.songspace", other);
    rig.frames(4);
    assert_eq!(rig.app().session.space.as_ref().unwrap().genre_of.len(), 80);
    assert!(rig.app().session.shown().is_none() && rig.app().panes.map.hidden.is_empty());
}
