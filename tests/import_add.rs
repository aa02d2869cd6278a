//! Clips join a space that is there: old points stay to the bit, new ones lie near their like, and nothing is added twice.

mod quiet;

use burn::tensor::Device;
use quiet::Quiet;
use songspace::corpus::{ImportOptions, decode_mono};
use songspace::jobs::{AddReport, Addition, Job, JobFolders};
use songspace::space::{LayoutKind, Snapshot, WeightPrecision};
use songspace::train::TrainOptions;
use songspace::values::{ChunkId, MapPoint};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;

/// A library of its own with a space learned from it, the linear model only.
struct Bench {
    music: TempDir,
    outputs: TempDir,
    space: Arc<Snapshot>,
}

fn songs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/fixtures/songs")
}

impl Bench {
    /// Learns from the fixtures but for `kept_back`.
    fn without(kept_back: &[&str]) -> Self {
        let (music, outputs) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        for entry in walkdir::WalkDir::new(songs()).into_iter().map(Result::unwrap) {
            let name = entry.path().strip_prefix(songs()).unwrap();
            let is_song = entry.path().extension().is_some_and(|extension| extension == "ogg");
            if is_song && !kept_back.iter().any(|kept| name.ends_with(kept)) {
                copy(entry.path(), &music.path().join(name));
            }
        }
        let job = Job {
            source: music.path(),
            options: TrainOptions {
                steps: Some(0),
                minutes: None,
                ..TrainOptions::default()
            },
            device: &Device::flex(),
            folders: &JobFolders::below(outputs.path()),
            resume: None,
        };
        let space = job.run(&mut Quiet).unwrap().snapshot;
        Self { music, outputs, space }
    }

    fn add(&self, space: &Snapshot, source: &Path) -> (Arc<Snapshot>, AddReport) {
        let addition = Addition {
            space,
            source,
            options: ImportOptions::default(),
            device: &Device::flex(),
            folders: &JobFolders::below(self.outputs.path()),
        };
        addition.run(&mut Quiet).unwrap()
    }

    fn at(&self, name: &str) -> PathBuf {
        self.music.path().join(name)
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to.parent().unwrap()).unwrap();
    std::fs::copy(from, to).unwrap();
}

fn bits(points: &[MapPoint]) -> Vec<(u32, u32)> {
    points.iter().map(|p| (p.x.to_bits(), p.y.to_bits())).collect()
}

/// How far apart two points of `space`'s map lie.
fn far(space: &Snapshot, a: usize, b: usize) -> f32 {
    let points = &space.layout(LayoutKind::Tsne).unwrap().points;
    points[a].distance_squared(points[b]).sqrt()
}

/// The same recording at half its level in another container.
fn write_quieter_twin(song: &Path, to: &Path) {
    std::fs::create_dir_all(to.parent().unwrap()).unwrap();
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: 44_100,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::create(to, spec).unwrap();
    for sample in decode_mono(song, 44_100).unwrap() {
        writer
            .write_sample((sample.clamp(-1.0, 1.0) * 16_000.0) as i16)
            .unwrap();
    }
    writer.finalize().unwrap();
}

#[test]
fn new_clips_find_their_place_and_no_old_point_moves() {
    let bench = Bench::without(&["rock_009.ogg", "ambient_010.ogg"]);
    let old = &bench.space;
    // One song in the space's own folder, its genre spelled otherwise; three files elsewhere that are worth adding.
    copy(&songs().join("Rock/rock_009.ogg"), &bench.at("ROCK/take two.ogg"));
    let elsewhere = tempfile::tempdir().unwrap();
    let there = |name: &str| elsewhere.path().join(name);
    write_quieter_twin(&songs().join("Jazz/jazz_006.ogg"), &there("Jazz/quieter.wav"));
    copy(&songs().join("Ambient/ambient_010.ogg"), &there("Polka/a.ogg"));
    copy(&songs().join("Ambient/ambient_010.ogg"), &there("Polka/the same.ogg"));
    copy(&songs().join("Jazz/jazz_006.ogg"), &there("Jazz/known already.ogg"));
    std::fs::write(there("Jazz/broken.mp3"), b"no music").unwrap();

    let (once, first) = bench.add(old, bench.music.path());
    let (grown, second) = bench.add(&once, elsewhere.path());
    assert_eq!(first.added, ["ROCK/take two.ogg"]);
    assert_eq!((first.unchanged, first.unknown_genres.len()), (old.clips.len(), 0));
    assert_eq!(
        second.added.len(),
        2,
        "bytes that are known or come twice are added once: {second:?}"
    );
    assert!(second.moved.is_empty() && second.removed.is_empty(), "{second:?}");
    assert_eq!(second.problems.len(), 1);
    assert!(second.unknown_genres.contains_key("Polka"), "{second:?}");
    assert!(
        PathBuf::from(&second.added[0]).is_absolute(),
        "outside the space's folder: its whole path"
    );
    assert_eq!(grown.chunks.len(), old.chunks.len() + first.points + second.points);

    let n = old.chunks.len();
    for (before, after) in old.layouts.iter().zip(&grown.layouts) {
        assert_eq!(
            bits(&before.points),
            bits(&after.points[..n]),
            "{:?} moved",
            before.kind
        );
        assert_eq!(after.points.len(), grown.chunks.len());
        assert!(after.points.iter().all(|p| p.x.is_finite() && p.y.is_finite()));
    }
    for chunk in (0..old.latents.len() as u32).map(ChunkId) {
        assert_eq!(old.latents.get(chunk), grown.latents.get(chunk), "{chunk:?}");
    }
    assert_eq!(old.clusters[..], grown.clusters[..n]);
    assert_eq!(grown.clusters.len(), grown.chunks.len());
    assert_ne!(old.hash, grown.hash, "the map's blends are others now");
    assert!(
        grown.clips[old.clips.len()..].iter().all(|clip| clip.held_out),
        "not learned from"
    );

    // Near their like: a twin lies where its original lies, measured against how far apart points are on the whole.
    let chunks_of = |path: &str| -> Vec<usize> {
        let is_of = |chunk: &usize| {
            let clip = grown.chunks[*chunk].clip.0 as usize;
            grown.clips[clip].path.ends_with(path)
        };
        (0..grown.chunks.len()).filter(is_of).collect()
    };
    let typical = |chunk: usize| (0..n).map(|other| far(&grown, chunk, other)).sum::<f32>() / n as f32;
    let pairs: Vec<_> = chunks_of("quieter.wav")
        .into_iter()
        .zip(chunks_of("Jazz/jazz_006.ogg"))
        .map(|(twin, original)| (far(&grown, twin, original), typical(twin)))
        .collect();
    println!("twins lie so far from their originals, and from all points: {pairs:?}");
    assert!(!pairs.is_empty());
    for (apart, typical) in pairs {
        assert!(
            apart < 0.2 * typical,
            "a twin {apart} from its original, {typical} from all"
        );
    }
}

#[test]
fn a_second_run_adds_nothing_and_the_file_keeps_its_precision() {
    let bench = Bench::without(&["rock_009.ogg"]);
    copy(&songs().join("Rock/rock_009.ogg"), &bench.at("Rock/rock_009.ogg"));
    let file = bench.outputs.path().join("space.songspace");
    bench.space.save(&file, WeightPrecision::F16).unwrap();
    let stored = Snapshot::open(&file).unwrap();
    assert_eq!(stored.stored_precision(), WeightPrecision::F16);
    let (grown, report) = bench.add(&stored, bench.music.path());
    assert_eq!(report.added, ["Rock/rock_009.ogg"]);
    grown.save(&file, grown.stored_precision()).unwrap();
    let reopened = Snapshot::open(&file).unwrap();
    assert_eq!(bits(&reopened.layouts[0].points), bits(&grown.layouts[0].points));
    let (same, again) = bench.add(&reopened, bench.music.path());
    assert!(!again.changes_the_space(), "{again:?}");
    assert_eq!(again.unchanged, grown.clips.len());
    assert_eq!((same.chunks.len(), &same.hash), (grown.chunks.len(), &grown.hash));
}

#[test]
fn changed_moved_and_removed_files_are_told() {
    let bench = Bench::without(&["rock_009.ogg", "jazz_006.ogg"]);
    let names: Vec<String> = bench.space.clips.iter().map(|clip| clip.path.clone()).collect();
    let [edited, moved, removed] = &names[..3] else {
        panic!("{names:?}")
    };
    copy(&songs().join("Rock/rock_009.ogg"), &bench.at(edited));
    std::fs::rename(bench.at(moved), bench.at("moved away.ogg")).unwrap();
    std::fs::remove_file(bench.at(removed)).unwrap();
    let (grown, report) = bench.add(&bench.space, bench.music.path());
    assert_eq!(&report.changed, std::slice::from_ref(edited));
    assert_eq!(report.moved, [(moved.clone(), "moved away.ogg".to_owned())]);
    assert_eq!(&report.removed, std::slice::from_ref(removed));
    assert!(report.added.is_empty());
    assert_eq!(report.unchanged, names.len() - 3);
    assert_eq!(grown.clips[1].path, "moved away.ogg", "the space follows the file");
    assert_eq!(grown.chunks.len(), bench.space.chunks.len(), "what was learned stays");
    for word in ["changed on disk", "1 moved", "1 gone"] {
        assert!(report.sentence().contains(word), "{}", report.sentence());
    }
}
