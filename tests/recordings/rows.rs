//! What is refused: files that are gone, or that are no longer those the space was learned from.

use crate::spaces::{RATE_HZ, clip_of, ids, old_clip_of, roots, space, two_tones, wav};
use songspace::jobs::{RecordingShelf, Unheard, find_recordings};
use songspace::space::Snapshot;
use songspace::sync::StopFlag;

fn why(snapshot: &Snapshot, shelf: &RecordingShelf) -> Option<Unheard> {
    let found = find_recordings(snapshot, &ids(0..3), &roots(snapshot), shelf, &StopFlag::default());
    let mut whys: Vec<Option<Unheard>> = found.into_iter().map(Result::err).collect();
    whys.dedup();
    assert_eq!(whys.len(), 1, "one clip, one answer: {whys:?}");
    whys.remove(0)
}

#[test]
fn a_changed_file_is_never_played_and_a_copy_elsewhere_is() {
    for (what, make) in [
        ("new", clip_of as fn(&std::path::Path, &str) -> _),
        ("older", old_clip_of),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let (root, path) = (folder.path(), folder.path().join("a.wav"));
        wav(&path, &two_tones(3.0, RATE_HZ), RATE_HZ);
        let original = std::fs::read(&path).unwrap();
        let snapshot = space(root, vec![make(root, "a.wav")], 3);
        assert_eq!(why(&snapshot, &RecordingShelf::default()), None, "{what}");
        // The same size, another sound: half a second later.
        let mut moved = two_tones(3.5, RATE_HZ);
        moved.drain(..RATE_HZ as usize / 2);
        std::fs::remove_file(&path).unwrap();
        wav(&path, &moved, RATE_HZ);
        assert_eq!(std::fs::metadata(&path).unwrap().len(), original.len() as u64);
        let Some(Unheard::Changed(sentence)) = why(&snapshot, &RecordingShelf::default()) else {
            panic!("{what}: the change went by")
        };
        assert!(sentence.contains(&path.display().to_string()), "{sentence}");
        std::fs::create_dir(root.join("deep")).unwrap();
        std::fs::write(root.join("deep/a.wav"), &original).unwrap();
        assert_eq!(
            why(&snapshot, &RecordingShelf::default()),
            None,
            "{what}: the earlier file lies elsewhere"
        );
    }
}

#[test]
fn what_is_missing_or_broken_is_said_in_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let (root, path) = (folder.path(), folder.path().join("a.wav"));
    wav(&path, &two_tones(3.0, RATE_HZ), RATE_HZ);
    let snapshot = space(root, vec![clip_of(root, "a.wav")], 3);
    std::fs::write(&path, "no sound").unwrap();
    let mut broken = space(root, vec![old_clip_of(root, "a.wav")], 3);
    assert!(
        matches!(why(&broken, &RecordingShelf::default()), Some(Unheard::Broken(text)) if text.contains("title of a.wav"))
    );
    broken.chunks.truncate(1);
    let beyond = find_recordings(
        &broken,
        &ids(5..6),
        &roots(&broken),
        &RecordingShelf::default(),
        &StopFlag::default(),
    );
    assert!(matches!(&beyond[0], Err(Unheard::Broken(text)) if text.contains("no recording")));
    std::fs::remove_file(&path).unwrap();
    match why(&snapshot, &RecordingShelf::default()) {
        Some(Unheard::Missing(text)) => assert!(text.contains(&snapshot.meta.corpus_root), "{text}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_recording_that_is_shorter_than_it_was_ends_in_silence_and_then_in_a_word() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    wav(&root.join("a.wav"), &two_tones(1.0, RATE_HZ), RATE_HZ);
    let snapshot = space(root, vec![clip_of(root, "a.wav")], 3);
    let shelf = RecordingShelf::default();
    let found = find_recordings(&snapshot, &ids(0..3), &roots(&snapshot), &shelf, &StopFlag::default());
    let second = found[1].as_ref().unwrap();
    let end = i64::from(RATE_HZ) - second.key().start as i64;
    assert!((-40..0).any(|i| second.at(end + i)[0] != 0.0));
    assert!((0..1_000).all(|i| second.at(end + i) == [0.0; 2]));
    assert!(matches!(&found[2], Err(Unheard::Broken(text)) if text.contains("ends before")));
}
