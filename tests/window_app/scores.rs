//! A recording leaves its score beside it; opened again it is shown, trimmed, and done again in the window.

use super::{Rig, rig, window_support};
use songspace::dsp::BandAxis;
use songspace::render::{Act, ActBy, Take};
use songspace::session::{Command, ExportTarget, FileAsk};
use songspace::space::Snapshot;
use std::path::{Path, PathBuf};

/// Records while `play` plays for a moment, and returns the score's file.
fn recorded(rig: &mut Rig, play: &[&dyn Fn(&mut Rig)]) -> PathBuf {
    rig.perform(Command::ToggleRecording);
    assert!(rig.app().session.transport.recording);
    for (index, play) in play.iter().enumerate() {
        play(rig);
        let until = 0.15 * (index + 1) as f32;
        rig.wait("it is recorded", |rig| {
            rig.app().session.transport.recorded_secs > until
        });
    }
    rig.perform(Command::ToggleRecording);
    rig.wait("the score is whole", |rig| rig.app().session.last_take.is_some());
    rig.app().session.last_take.clone().unwrap()
}

fn opened(rig: &mut Rig, path: &Path) {
    rig.perform(Command::Chosen(FileAsk::OpenScore, path.to_path_buf()));
    rig.wait("the take is open", |rig| rig.app().session.take.is_some());
}

#[test]
fn what_was_done_is_written_shown_and_done_again() {
    let mut rig = rig();
    let path = recorded(
        &mut rig,
        &[
            &|rig| rig.play_chunk(7),
            &|rig| rig.perform(Command::SetDetail(0.25)),
            &|rig| rig.perform(Command::SetFader { genre: 1, level: 0.75 }),
            &|rig| rig.play_chunk(30),
            &|rig| rig.perform(Command::SetSpeed(2.0)),
        ],
    );
    let take = Take::open(&path).unwrap();
    assert_eq!(take.header.hash, rig.snapshot().hash);
    assert!(
        path.with_file_name(&take.header.audio).is_file(),
        "the sound lies beside it"
    );
    let beside = path.with_file_name(&take.header.audio).with_extension("songspace-take");
    assert_eq!(beside, path);
    let at = |wanted: &Act| {
        let found = take.acts.iter().rev().find(|act| act.act == *wanted);
        found
            .unwrap_or_else(|| panic!("{wanted:?} is not in {:?}", take.acts))
            .at
    };
    let faded = Act::Fader { genre: 1, level: 0.75 };
    let times = [at(&Act::Detail(0.25)), at(&faded), at(&Act::Speed(2.0))];
    assert!(times.is_sorted() && times[0] < times[2], "{times:?}");
    assert!(take.acts.iter().all(|act| act.by == ActBy::Hand));
    let pressed = take
        .acts
        .iter()
        .filter(|act| matches!(act.act, Act::Chunk { pressed: true, .. }));
    assert_eq!(pressed.count(), 2);

    opened(&mut rig, &path);
    rig.frames(3);
    let view = rig.app().session.take.clone().unwrap();
    let names: Vec<&str> = view.curves.iter().map(|curve| curve.name.as_str()).collect();
    for name in ["map x", "detail", "speed", rig.snapshot().meta.genres[1].as_str()] {
        assert!(names.contains(&name), "{name} is not in {names:?}");
    }
    assert_eq!(view.why_not, None);

    rig.play_chunk(100);
    rig.perform(Command::SetDetail(0.9));
    rig.perform(Command::SetSpeed(1.0));
    rig.perform(Command::AsRecorded);
    rig.perform(Command::ReplayScore);
    rig.wait("it is over", |rig| {
        rig.app().session.take.as_ref().unwrap().playhead.is_none()
    });
    let session = &rig.app().session;
    assert_eq!((session.transport.detail, session.transport.speed), (0.25, 2.0));
    assert_eq!(session.mixer.faders[1], 0.75);
    assert_eq!(session.selection.unwrap().chunk.0, 30);
    assert!(!session.transport.playing, "it stops where the take ends");
}

#[test]
fn a_part_is_chosen_kept_and_meant() {
    let mut rig = rig();
    let path = recorded(
        &mut rig,
        &[&|rig| rig.play_chunk(7), &|rig| rig.perform(Command::SetDetail(0.5))],
    );
    opened(&mut rig, &path);
    let secs = rig.app().session.take.as_ref().unwrap().secs;
    // Up to half-way to the second act, whenever that came.
    let acts = Take::open(&path).unwrap().acts;
    let second = acts.iter().find(|act| act.act == Act::Detail(0.5)).unwrap().at;
    let secs_of = |sample: u64| sample as f64 / f64::from(BandAxis::standard().sample_rate_hz());
    let (from, to) = (secs_of(second / 8), secs_of(second / 2));
    rig.perform(Command::TrimScore { from, to });
    rig.perform(Command::KeepTrim);
    rig.perform(Command::CloseScore);
    assert_eq!(rig.app().session.take, None);
    opened(&mut rig, &path);
    let view = rig.app().session.take.clone().unwrap();
    assert_eq!((view.from, view.to, view.secs), (from, to, secs));
    let name = rig.app().proposed_name(FileAsk::Export(ExportTarget::TakeWav));
    assert!(name.ends_with("again"), "{name}");
    // Before the second act: what stood then counts.
    rig.perform(Command::SetDetail(1.0));
    rig.perform(Command::ReplayScore);
    rig.wait("it is over", |rig| {
        rig.app().session.take.as_ref().unwrap().playhead.is_none()
    });
    assert_eq!(rig.app().session.transport.detail, 1.0);
}

#[test]
fn a_take_of_another_space_says_so_and_is_not_played() {
    let mut rig = rig();
    let path = recorded(&mut rig, &[&|rig| rig.play_chunk(7)]);
    opened(&mut rig, &path);
    let other = Snapshot {
        hash: "another".into(),
        ..window_support::snapshot(300)
    };
    rig.opens("/second.songspace", other);
    rig.frames(3);
    let why = rig.app().session.take.clone().unwrap().why_not.expect("it says why");
    assert!(why.contains("space"), "{why}");
    rig.perform(Command::ReplayScore);
    assert_eq!(rig.app().session.take.clone().unwrap().playhead, None);
    std::fs::write(&path, "no take").unwrap();
    rig.perform(Command::OpenScore(path));
    rig.wait_for_banner("no take");
}
