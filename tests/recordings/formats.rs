//! Every format, at the player's rate and at others: the samples of a chunk are those of the whole file at its place.

use crate::made_opus;
use crate::spaces::{RATE_HZ, assert_in_step, clip_of, gain_db, ids, old_clip_of, roots, space, two_tones, wav, whole};
use flacenc::bitsink::ByteSink;
use flacenc::component::BitRepr;
use flacenc::error::Verify;
use songspace::corpus::decode::decode;
use songspace::jobs::{Folders, RecordingShelf, Wanted, find_recordings, load_original};
use songspace::sync::StopFlag;
use songspace::values::{ChunkAudio, ChunkId};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Files of the two tones that were made once, because no encoder for them is at hand.
fn fixtures(ending: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/fixtures/stereo");
    ["44", "48", "22"]
        .map(|rate| folder.join(format!("{rate}.{ending}")))
        .into()
}

fn flac(path: &Path, samples: &[[f32; 2]], rate_hz: u32) {
    let config = flacenc::config::Encoder::default().into_verified().unwrap();
    let samples: Vec<i32> = samples
        .as_flattened()
        .iter()
        .map(|sample| (sample * 32_767.0) as i32)
        .collect();
    let source = flacenc::source::MemSource::from_samples(&samples, 2, 16, rate_hz as usize);
    let mut stream = flacenc::encode_with_fixed_block_size(&config, source, config.block_size).unwrap();
    // The encoder counts the short last block; the format does not.
    stream
        .stream_info_mut()
        .set_block_sizes(config.block_size, config.block_size)
        .unwrap();
    let mut sink = ByteSink::new();
    stream.write(&mut sink).unwrap();
    std::fs::write(path, sink.as_slice()).unwrap();
}

/// Power of `samples` at `hz` over 50 ms round one second.
fn power_at(samples: &[[f32; 2]], side: usize, hz: f64) -> f64 {
    let rate_hz = f64::from(RATE_HZ);
    let window = (rate_hz * 0.975) as usize..(rate_hz * 1.025) as usize;
    let (re, im) = window.fold((0.0, 0.0), |(re, im), i| {
        let (sin, cos) = (std::f64::consts::TAU * hz * i as f64 / rate_hz).sin_cos();
        let sample = f64::from(samples[i][side]);
        (re + sample * cos, im + sample * sin)
    });
    re * re + im * im
}

/// Chunks of the file at `path` are the whole file's samples, which mix to what an import hears.
fn assert_exact(path: &Path) {
    let what = path.display().to_string();
    let (both, mono) = (whole(path), decode(path, RATE_HZ, 1_200.0, &|| false).unwrap().samples);
    assert_eq!(both.len(), mono.len(), "{what}");
    let error = both
        .iter()
        .zip(&mono)
        .map(|([left, right], mono)| (0.5 * (left + right) - mono).abs());
    let error = error.fold(0.0, f32::max);
    assert!(error < 1e-5, "{what}: {error} beside what an import hears");
    let (root, name) = (path.parent().unwrap(), path.file_name().unwrap().to_str().unwrap());
    let snapshot = space(root, vec![clip_of(root, name)], 4);
    let found = find_recordings(
        &snapshot,
        &ids(0..4),
        &roots(&snapshot),
        &RecordingShelf::default(),
        &StopFlag::default(),
    );
    assert_eq!(found.len(), 4);
    for (i, piece) in found.into_iter().enumerate() {
        let piece = piece.unwrap_or_else(|why| panic!("{what}: {why:?}"));
        assert_eq!(piece.key(), &snapshot.recording_key(ChunkId(i as u32)));
        assert_in_step(&what, &piece, &both, gain_db(path));
    }
}

fn assert_kept_apart(path: &Path) {
    let both = whole(path);
    for (side, own_hz, other_hz) in [(0, 700.0, 1_000.0), (1, 1_000.0, 700.0)] {
        let (own, other) = (power_at(&both, side, own_hz), power_at(&both, side, other_hz));
        // Coders of few bits mix the sides a little.
        assert!(
            own > 100.0 * other,
            "{}: side {side}: {own} and {other}",
            path.display()
        );
    }
}

#[test]
fn wav_and_flac_are_exact_at_every_rate() {
    let folder = tempfile::tempdir().unwrap();
    for rate_hz in [44_100, 48_000, 22_050] {
        let tones = two_tones(3.0, rate_hz);
        let paths = [
            folder.path().join(format!("{rate_hz}.wav")),
            folder.path().join(format!("{rate_hz}.flac")),
        ];
        wav(&paths[0], &tones, rate_hz);
        flac(&paths[1], &tones, rate_hz);
        for path in &paths {
            assert_exact(path);
            assert_kept_apart(path);
        }
        assert_eq!(whole(&paths[0]), whole(&paths[1]), "{rate_hz} Hz");
        if rate_hz == RATE_HZ {
            let found = whole(&paths[0]);
            let error = found
                .as_flattened()
                .iter()
                .zip(tones.as_flattened())
                .map(|(a, b)| (a - b).abs());
            assert!(
                error.fold(0.0, f32::max) < 1e-4,
                "nothing but its 16 bits comes between"
            );
        }
    }
}

#[test]
fn mp3_vorbis_and_aac_are_exact_at_every_rate() {
    for path in ["mp3", "ogg", "m4a"].into_iter().flat_map(fixtures) {
        assert_exact(&path);
        assert_kept_apart(&path);
    }
}

#[test]
fn opus_is_exact() {
    let folder = tempfile::tempdir().unwrap();
    let tones: Vec<i16> = two_tones(3.0, 48_000)
        .as_flattened()
        .iter()
        .map(|sample| (sample * 32_767.0) as i16)
        .collect();
    let packets = made_opus::packets(&tones, 2);
    let head = made_opus::head(2, 0);
    for (name, bytes) in [
        ("a.opus", made_opus::ogg(1, &head, &[], &packets, 144_000)),
        ("a.webm", made_opus::webm(&head, &packets)),
    ] {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        assert_exact(&path);
        assert_kept_apart(&path);
    }
}

#[test]
fn one_channel_sounds_on_both_sides_and_six_become_two() {
    let folder = tempfile::tempdir().unwrap();
    for rate_hz in [44_100, 48_000] {
        let tones = two_tones(3.0, rate_hz);
        let path = folder.path().join("mono.wav");
        wav(
            &path,
            &tones.iter().map(|[left, _]| [*left]).collect::<Vec<_>>(),
            rate_hz,
        );
        assert_exact(&path);
        assert!(whole(&path).iter().all(|[left, right]| left == right));
        // Front left and rear right only; the low-frequency channel is left out.
        let six: Vec<[f32; 6]> = tones
            .iter()
            .map(|[left, right]| [*left, 0.0, 0.0, 0.9, 0.0, *right])
            .collect();
        let (path, two) = (folder.path().join("six.wav"), folder.path().join("two.wav"));
        wav(&path, &six, rate_hz);
        wav(&two, &tones, rate_hz);
        assert_exact(&path);
        // Full scale everywhere stays full scale: front 1, centre and rear each 3 dB down.
        let front = 1.0 / (1.0 + std::f32::consts::SQRT_2);
        for (six, two) in whole(&path).iter().zip(whole(&two)) {
            let wanted = [two[0] * front, two[1] * front * std::f32::consts::FRAC_1_SQRT_2];
            assert!(
                (six[0] - wanted[0]).abs() < 1e-5 && (six[1] - wanted[1]).abs() < 1e-5,
                "{six:?} for {wanted:?}"
            );
        }
    }
}

#[test]
fn an_older_space_is_as_loud_as_a_new_one() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    wav(&root.join("a.wav"), &two_tones(3.0, RATE_HZ), RATE_HZ);
    let (old, new) = (
        space(root, vec![old_clip_of(root, "a.wav")], 3),
        space(root, vec![clip_of(root, "a.wav")], 3),
    );
    let shelf = RecordingShelf::default();
    let find = |snapshot| find_recordings(snapshot, &ids(0..3), &roots(&old), &shelf, &StopFlag::default());
    assert_eq!(find(&old), find(&new));
    // It says nothing of what it does not know; programs in between said that they do not know it.
    let older = serde_json::to_value(&old.clips[0]).unwrap();
    let mut between = older.clone();
    for field in ["gain_db", "file_bytes", "modified_ms"] {
        assert!(older.get(field).is_none(), "{field}");
        between[field] = serde_json::Value::Null;
    }
    for clip in [older, between] {
        let opened: songspace::space::Clip = serde_json::from_value(clip).unwrap();
        assert_eq!(
            (opened.gain_db, opened.file_bytes, opened.modified_ms),
            (None, None, None)
        );
    }
}

#[test]
fn a_whole_row_for_comparing_is_stereo_and_has_no_moment_twice() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    wav(&root.join("a.wav"), &two_tones(3.0, RATE_HZ), RATE_HZ);
    let mut snapshot = space(root, vec![clip_of(root, "a.wav")], 3);
    // The last chunk of a clip may overlap the one before.
    snapshot.chunks[2].start_secs = 1.2;
    let keys: Vec<_> = (0..3).map(|i| snapshot.recording_key(ChunkId(i))).collect();
    let (whole, gain) = (
        whole(&root.join("a.wav")),
        10f32.powf(gain_db(&root.join("a.wav")) / 20.0),
    );
    let wanted = Wanted {
        roots: roots(&snapshot),
        row: ids(0..3),
        snapshot: Arc::new(snapshot),
    };
    let audio = load_original(
        &wanted,
        &mut Folders::default(),
        &RecordingShelf::default(),
        &StopFlag::default(),
    );
    let Ok(ChunkAudio::Pcm {
        samples,
        channels: 2,
        sample_rate_hz: RATE_HZ,
    }) = audio
    else {
        panic!("{:?}", audio.map(|_| ()))
    };
    assert_eq!(samples.len() as u64, 2 * keys[2].end());
    for (found, wanted) in samples.as_chunks::<2>().0.iter().zip(&whole) {
        assert!((found[0] - gain * wanted[0]).abs() < 1e-6 && (found[1] - gain * wanted[1]).abs() < 1e-6);
    }
}
