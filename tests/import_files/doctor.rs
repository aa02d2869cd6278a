//! The doctor tells what is wrong with a folder: copies, silence, clipping, odd files, leaks - and what it will cost.

use songspace::corpus::audit::{AuditReport, Examination, examine};
use songspace::corpus::decode::decode_mono;
use songspace::corpus::{FillOptions, FrameCache, ImportOptions, ProblemKind, Silent, estimate_emotion, import};
use std::path::{Path, PathBuf};

fn fixture(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/fixtures").join(path)
}

fn write_wav(path: &Path, rate_hz: u32, samples: impl IntoIterator<Item = f32>) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: rate_hz,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::create(path, spec).unwrap();
    for sample in samples {
        writer
            .write_sample((sample.clamp(-1.0, 1.0) * 32_767.0) as i16)
            .unwrap();
    }
    writer.finalize().unwrap();
}

fn diagnose(folder: &Path, cache: &Path) -> AuditReport {
    let mut corpus = import(folder, &ImportOptions::default(), &Silent).unwrap();
    let cache = FrameCache::open(cache, FrameCache::DEFAULT_BUDGET_BYTES).unwrap();
    let measured = cache
        .measure(&mut corpus, 44_100, &FillOptions::default(), &Silent)
        .unwrap();
    let measurements: Vec<_> = measured.measurements.iter().collect();
    let emotion = estimate_emotion(&mut corpus, &measurements);
    let with = Examination {
        chunk_secs: 2.972,
        emotion: Some(&emotion),
        ..Examination::default()
    };
    examine(&corpus, &measurements, &corpus.split(0.3, 1), &with)
}

#[test]
fn every_fault_of_a_folder_is_found() {
    let (folder, cache) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let at = |name: &str| folder.path().join(name);
    let song = fixture("containers/vorbis.ogg");
    let samples = decode_mono(&song, 44_100).unwrap();
    for genre in ["Jazz", "Rock"] {
        std::fs::create_dir_all(at(genre)).unwrap();
    }
    std::fs::copy(&song, at("Jazz/song.ogg")).unwrap();
    std::fs::copy(&song, at("Rock/same bytes.ogg")).unwrap();
    let quieter_half_second_later = (0..22_050)
        .map(|_| 0.0)
        .chain(samples.iter().map(|sample| sample * 0.3));
    write_wav(&at("Rock/same recording.wav"), 44_100, quieter_half_second_later);
    write_wav(
        &at("Rock/clipped.wav"),
        44_100,
        (0..132_300).map(|i| (i as f32 * 0.05).sin() * 3.0),
    );
    let tone_then_nothing = (0..132_300).map(|i| {
        if i < 30_000 {
            (i as f32 * 0.031).sin() * 0.4
        } else {
            0.0
        }
    });
    write_wav(&at("Jazz/half silent.wav"), 44_100, tone_then_nothing);
    write_wav(&at("Jazz/silent.wav"), 44_100, (0..132_300).map(|_| 0.0));
    std::fs::write(at("Jazz/packed.wv"), [b"wvpk".as_slice(), &[0; 100]].concat()).unwrap();
    std::fs::copy(&song, at("Jazz/really ogg.mp3")).unwrap();

    for (name, genre) in [
        ("Rock/rock_009.ogg", "Rock"),
        ("Rock/rock_007.ogg", "Rock"),
        ("Jazz/jazz_006.ogg", "Jazz"),
    ] {
        std::fs::copy(
            fixture("songs").join(name),
            at(genre).join(Path::new(name).file_name().unwrap()),
        )
        .unwrap();
    }

    let report = diagnose(folder.path(), cache.path());
    assert_eq!(report.clips, 9);
    let names: Vec<_> = report.genres.iter().map(|genre| genre.name.as_str()).collect();
    assert_eq!(names, ["Jazz", "Rock"]);
    assert_eq!(report.exact_duplicates.len(), 2, "{:?}", report.exact_duplicates);
    let near: Vec<_> = report
        .near_duplicates
        .iter()
        .map(|pair| (&*pair.first, &*pair.second))
        .collect();
    assert!(near.contains(&("Jazz/song.ogg", "Rock/same recording.wav")), "{near:?}");
    assert!(near.iter().all(|(_, second)| second.contains("same")), "{near:?}");
    assert_eq!(report.clipped[0].path, "Rock/clipped.wav");
    assert_eq!(report.silent[0].path, "Jazz/half silent.wav");
    assert!((report.silent[0].share - 0.77).abs() < 0.05);
    let count = |kind| report.problem_counts.get(&kind).copied().unwrap_or(0);
    assert_eq!(
        (
            count(ProblemKind::Unsupported),
            count(ProblemKind::Unusable),
            count(ProblemKind::WrongExtension)
        ),
        (1, 1, 1)
    );
    assert!(report.suggested_exclusions.contains("Rock/same bytes.ogg"));
    assert!(
        report.split.leaks.is_empty(),
        "copies stay on one side: {:?}",
        report.split.leaks
    );
    assert!(report.warnings.iter().any(|text| text.contains("same music")));
    assert_eq!(report.emotion.as_ref().unwrap().valence.estimated, 9);
    assert!(report.estimates.map_points >= 9);

    let text = report.to_string();
    for word in ["Jazz", "same recording.wav", "WavPack", "held out", "silent throughout"] {
        assert!(text.contains(word), "{word} is missing in\n{text}");
    }
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["clips"], 9);
    assert_eq!(json["problem_counts"]["unsupported"], 1);
}

#[test]
fn different_songs_are_no_duplicates() {
    let cache = tempfile::tempdir().unwrap();
    let report = diagnose(&fixture("songs"), cache.path());
    assert!(report.clips >= 8);
    assert_eq!(
        (report.exact_duplicates.len(), report.near_duplicates.len()),
        (0, 0),
        "{:?}",
        report.near_duplicates
    );
    assert_eq!(report.with_valence, report.clips);
}
