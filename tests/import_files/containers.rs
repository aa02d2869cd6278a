//! Headers that lie about what follows them, codecs in foreign containers, channels that cancel out: what is there is read to its
//! end, and nothing is called damaged that is whole.

use crate::made::{RATE_HZ, Wav, aiff, fixture, id3v1, id3v2, tone};
use crate::made_opus;
use songspace::corpus::decode::{Decoded, decode, read_header};
use songspace::corpus::{DecodeError, ImportOptions, ProblemKind, Silent, import};
use std::path::Path;

fn decoded_as(name: &str, bytes: &[u8], rate_hz: u32) -> Decoded {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    decode(&path, rate_hz, 60.0, &|| false).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// All of `wanted`, and no word about damage.
fn assert_whole(what: &str, found: &Decoded, wanted: &[f32]) {
    assert_eq!(found.samples.len(), wanted.len(), "{what}");
    let error = found
        .samples
        .iter()
        .zip(wanted)
        .map(|(a, b)| (a - b).abs())
        .fold(0.0, f32::max);
    assert!(error < 1e-4, "{what}: off by {error}");
    assert!(found.notes.is_empty(), "{what}: {:?}", found.notes);
}

fn as_floats(samples: &[i16]) -> Vec<f32> {
    samples.iter().map(|sample| f32::from(*sample) / 32_768.0).collect()
}

#[test]
fn wav_lengths_are_those_of_the_file() {
    let samples = tone(1.5, RATE_HZ);
    let bytes = (samples.len() * 2) as u32;
    let wanted = as_floats(&samples);
    let claims = |riff: Option<u32>, data: Option<u32>| Wav {
        claimed_riff_bytes: riff,
        claimed_data_bytes: data,
        ..Wav::default()
    };
    for (what, wav) in [
        ("honest", claims(None, None)),
        ("crashed recorder", claims(Some(0), Some(0))),
        ("crashed recorder, sizes of the header alone", claims(Some(36), Some(0))),
        ("pipe", claims(Some(u32::MAX), Some(u32::MAX))),
        ("RIFF a few bytes short", claims(Some(bytes + 30), None)),
        ("RIFF a few bytes long", claims(Some(bytes + 50), None)),
    ] {
        assert_whole(what, &decoded_as("a.wav", &wav.of(&samples), RATE_HZ), &wanted);
    }
    for magic in [*b"RF64", *b"BW64"] {
        let wav = Wav {
            magic,
            before: Wav::long_sizes(u64::from(bytes)),
            behind: Wav::info(&[(b"INAM", "not sound")]),
            ..claims(Some(u32::MAX), Some(u32::MAX))
        };
        assert_whole("long form", &decoded_as("a.wav", &wav.of(&samples), RATE_HZ), &wanted);
    }
    let empty = Wav {
        behind: Wav::info(&[(b"INAM", "nothing was recorded")]),
        ..Wav::default()
    };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("empty.wav");
    std::fs::write(&path, empty.of(&[])).unwrap();
    assert!(
        matches!(decode(&path, RATE_HZ, 60.0, &|| false), Err(DecodeError::NoAudio(_))),
        "tags are no sound"
    );
    let cut = &Wav::default().of(&samples)[..40_000];
    assert_eq!(
        decoded_as("cut.wav", cut, RATE_HZ).notes[0].0,
        ProblemKind::Damaged,
        "and a cut file is still told"
    );
}

#[test]
fn aiff_lengths_are_those_of_the_file() {
    let samples = tone(1.5, RATE_HZ);
    let (frames, wanted) = (samples.len() as u32, as_floats(&samples));
    for (what, bytes) in [
        ("honest", aiff(&samples, None, None, frames, b"")),
        (
            "form too long",
            aiff(&samples, Some(2 * frames + 5_000), None, frames, b""),
        ),
        ("pipe", aiff(&samples, Some(u32::MAX), Some(u32::MAX), 0, b"")),
        ("crashed recorder", aiff(&samples, Some(46), Some(0), 0, b"")),
        (
            "a chunk that breaks off",
            aiff(&samples, None, None, frames, b"ANNO\0\0\x10\0abc"),
        ),
    ] {
        assert_whole(what, &decoded_as("a.aiff", &bytes, RATE_HZ), &wanted);
    }
    let whole = aiff(&samples, None, None, frames, b"");
    let cut = decoded_as("cut.aiff", &whole[..whole.len() / 3], RATE_HZ);
    assert_eq!(cut.notes[0].0, ProblemKind::Damaged);
}

#[test]
fn au_with_no_length_is_read_to_its_end() {
    let samples = tone(1.0, RATE_HZ);
    for length in [0, u32::MAX] {
        let mut bytes = Vec::new();
        for word in [0x2e73_6e64, 24, length, 3, RATE_HZ, 1] {
            bytes.extend(word.to_be_bytes());
        }
        bytes.extend(samples.iter().flat_map(|sample| sample.to_be_bytes()));
        assert_whole("au", &decoded_as("a.au", &bytes, RATE_HZ), &as_floats(&samples));
    }
}

/// Where in an MP3 file the count of frames stands, and the first frame.
fn count_at(bytes: &[u8]) -> usize {
    let found = bytes.windows(4).position(|id| id == b"Xing" || id == b"Info");
    found.expect("the fixture has a count of frames") + 8
}

#[test]
fn mp3_is_read_to_its_end_whatever_its_first_frame_counts() {
    let bytes = std::fs::read(fixture("vbr.mp3")).unwrap();
    let whole = decoded_as("a.mp3", &bytes, RATE_HZ);
    let at = count_at(&bytes);
    let mut none = bytes.clone();
    none[at..at + 4].fill(0);
    let found = decoded_as("no frames.mp3", &none, RATE_HZ);
    assert_whole("a count of 0", &found, &whole.samples);
    let joined = [bytes.as_slice(), &id3v1(), &id3v2(&[(b"TIT2", "second half")]), &bytes].concat();
    let found = decoded_as("joined.mp3", &joined, RATE_HZ);
    assert!(
        found.samples.len() > 2 * whole.samples.len() - 1,
        "{} of two {}",
        found.samples.len(),
        whole.samples.len()
    );
    assert!(
        found.samples.len() < 2 * whole.samples.len() + 8_000 && found.notes.is_empty(),
        "{:?}",
        found.notes
    );
    let tagged = [bytes.as_slice(), &id3v1()].concat();
    assert_whole(
        "a tag behind",
        &decoded_as("tagged.mp3", &tagged, RATE_HZ),
        &whole.samples,
    );
    // Without a count, the length is that of all frames, not a guess from the first: the rate of this file varies.
    let mut uncounted = bytes.clone();
    uncounted[at - 8..at - 4].copy_from_slice(b"\0\0\0\0");
    let found = decoded_as("uncounted.mp3", &uncounted, RATE_HZ);
    assert!(
        found.samples.len() >= whole.samples.len() && found.notes.is_empty(),
        "{:?}",
        found.notes
    );
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("uncounted.mp3");
    std::fs::write(&path, &uncounted).unwrap();
    let secs = read_header(&path).unwrap().duration_secs;
    assert!(
        (secs - found.samples.len() as f32 / RATE_HZ as f32).abs() < 0.01,
        "{secs}"
    );
}

#[test]
fn layer_two_is_read_as_layer_three_is() {
    // A header of layer II at 48 kHz and 192 kbit/s; no bits are allocated to any band.
    let mut frame = vec![0xff, 0xfd, 0xa4, 0x00];
    frame.resize(576, 0);
    let found = decoded_as("a.mp2", &frame.repeat(50), 48_000);
    assert_eq!((found.samples.len(), found.sample_rate_hz), (50 * 1_152, 48_000));
    assert!(found.notes.is_empty(), "{:?}", found.notes);
}

#[test]
fn a_tag_of_another_world_before_or_behind_flac_is_no_damage() {
    let bytes = std::fs::read(fixture("flac.flac")).unwrap();
    let whole = decoded_as("a.flac", &bytes, RATE_HZ);
    let tagged = [id3v2(&[(b"TIT2", "front")]).as_slice(), &bytes, &id3v1()].concat();
    assert_whole("FLAC", &decoded_as("a.flac", &tagged, RATE_HZ), &whole.samples);
}

#[test]
fn mp3_in_a_wav_file_is_read() {
    let mp3 = std::fs::read(fixture("cbr.mp3")).unwrap();
    let whole = decoded_as("a.mp3", &mp3, RATE_HZ);
    let wav = Wav {
        format: 0x55,
        behind: Wav::info(&[(b"INAM", "behind")]),
        ..Wav::default()
    };
    assert_whole(
        "MP3 in WAV",
        &decoded_as("a.wav", &wav.holding(&mp3), RATE_HZ),
        &whole.samples,
    );
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("gsm.wav");
    let gsm = Wav {
        format: 0x31,
        ..Wav::default()
    };
    std::fs::write(&path, gsm.holding(&[0; 4_000])).unwrap();
    match decode(&path, RATE_HZ, 60.0, &|| false) {
        Err(DecodeError::Unsupported(what)) => assert!(what.contains("GSM"), "{what}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_channel_upside_down_is_music_in_every_reader() {
    let mono = tone(1.0, RATE_HZ);
    let against: Vec<i16> = mono.iter().flat_map(|sample| [*sample, -*sample]).collect();
    let stereo = Wav {
        channels: 2,
        ..Wav::default()
    };
    assert_whole(
        "WAV",
        &decoded_as("a.wav", &stereo.of(&against), RATE_HZ),
        &as_floats(&mono),
    );
    let mut au = Vec::new();
    for word in [0x2e73_6e64, 24, u32::MAX, 3, RATE_HZ, 2] {
        au.extend(word.to_be_bytes());
    }
    au.extend(against.iter().flat_map(|sample| sample.to_be_bytes()));
    assert_whole("AU", &decoded_as("a.au", &au, RATE_HZ), &as_floats(&mono));
    // Left and right, and what is behind them: the centre and the low frequencies are silent.
    let surround: Vec<i16> = mono
        .iter()
        .flat_map(|sample| [*sample, -*sample, 0, 0, *sample, -*sample])
        .collect();
    let six = Wav {
        channels: 6,
        ..Wav::default()
    };
    let found = decoded_as("a.wav", &six.of(&surround), RATE_HZ);
    let peak = found.samples.iter().fold(0.0f32, |peak, sample| peak.max(sample.abs()));
    assert!(peak > 0.15 && found.channels == 6, "peak {peak}");
    let at_48k: Vec<i16> = tone(1.0, 48_000)
        .iter()
        .flat_map(|sample| [*sample, -*sample])
        .collect();
    let opus = made_opus::ogg(1, &made_opus::head(2, 0), &[], &made_opus::packets(&at_48k, 2), 48_000);
    let found = decoded_as("a.opus", &opus, 48_000);
    let peak = found.samples.iter().fold(0.0f32, |peak, sample| peak.max(sample.abs()));
    assert!(peak > 0.3, "Opus: peak {peak}");
}

/// Root mean square of the difference over that of `wanted`.
fn relative_error(found: &[f32], wanted: &[f32]) -> f32 {
    let energy = |values: &mut dyn Iterator<Item = f32>| values.map(|value| value * value).sum::<f32>();
    let error = energy(&mut found.iter().zip(wanted).map(|(a, b)| a - b));
    (error / energy(&mut wanted.iter().copied())).sqrt()
}

#[test]
fn opus_is_read_in_place_and_at_its_gain() {
    let samples = tone(2.0, 48_000);
    let wanted = as_floats(&samples);
    let packets = made_opus::packets(&samples, 1);
    let file = |gain| {
        made_opus::ogg(
            7,
            &made_opus::head(1, gain),
            &["TITLE=Blue"],
            &packets,
            samples.len() as u64,
        )
    };
    let found = decoded_as("a.opus", &file(0), 48_000);
    assert_eq!(
        (found.samples.len(), found.sample_rate_hz, found.channels),
        (96_000, 48_000, 1)
    );
    assert!(found.notes.is_empty(), "{:?}", found.notes);
    // One sample of delay at 440 Hz would be an error of 0.06.
    let error = relative_error(&found.samples, &wanted);
    assert!(error < 0.05, "off by {error}");
    let quieter = decoded_as("a.opus", &file(-6 * 256), 48_000);
    let ratio = relative_error(&quieter.samples, &found.samples);
    assert!((ratio - (1.0 - 10f32.powf(-0.3))).abs() < 1e-3, "6 dB less: {ratio}");
}

/// Against `opusdec --no-dither --rate 48000` of libopus 1.3.1, whose output is rounded to 16 bits.
#[test]
fn opus_is_decoded_as_the_reference_decodes_it() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/fixtures/opus");
    for (name, channels) in [("music", 2), ("voice", 1), ("surround", 6)] {
        let read = |ending: &str| decode(&folder.join(format!("{name}.{ending}")), 48_000, 60.0, &|| false).unwrap();
        let (found, wanted) = (read("opus"), read("opusdec.flac"));
        assert_eq!(
            (found.channels, found.samples.len()),
            (channels, wanted.samples.len()),
            "{name}"
        );
        let pairs = found.samples.iter().zip(&wanted.samples);
        let steps = pairs.map(|(a, b)| (a - b).abs() * 32_768.0).fold(0.0, f32::max);
        assert!(steps < 0.51, "{name}: {steps} steps of 16 bits");
        assert!(found.notes.is_empty(), "{name}: {:?}", found.notes);
    }
}

#[test]
fn chained_opus_and_opus_in_webm_are_read_whole() {
    let samples = tone(1.3, 48_000);
    let packets = made_opus::packets(&samples, 1);
    let alone = made_opus::ogg(1, &made_opus::head(1, 0), &[], &packets, samples.len() as u64);
    let first = decoded_as("a.opus", &alone, 48_000);
    let louder = made_opus::ogg(2, &made_opus::head(1, 0), &[], &packets, samples.len() as u64);
    let chained = decoded_as("chained.opus", &[alone, louder].concat(), 48_000);
    let twice = [first.samples.as_slice(), &first.samples].concat();
    assert_whole("chained", &chained, &twice);
    let webm = made_opus::webm(&made_opus::head(1, 0), &packets);
    let found = decoded_as("a.webm", &webm, 48_000);
    assert!(found.notes.is_empty(), "{:?}", found.notes);
    assert_eq!(
        found.samples[..samples.len()],
        first.samples[..],
        "the same packets, to the sample"
    );
}

/// A-law in AU, as ffmpeg writes it: the loudest and the quietest code.
#[test]
fn a_law_in_au_and_speech_in_ogg_are_what_they_are() {
    let mut au = Vec::new();
    for word in [0x2e73_6e64, 24, 8_000, 27, RATE_HZ, 1] {
        au.extend(word.to_be_bytes());
    }
    au.extend([0xaa, 0x2a].repeat(4_000));
    let found = decoded_as("a.au", &au, RATE_HZ);
    let loudest = 32_256.0 / 32_768.0;
    assert_whole("A-law", &found, &[loudest, -loudest].repeat(4_000));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.spx");
    let mut page = b"OggS\0\x02".to_vec();
    page.resize(28, 0);
    page.extend(b"Speex   1.2");
    page.resize(200, 0);
    std::fs::write(&path, page).unwrap();
    let refused = decode(&path, RATE_HZ, 60.0, &|| false);
    assert!(matches!(refused, Err(DecodeError::Unsupported(kind)) if kind.contains("Speex")));
}

#[test]
fn what_is_not_supported_is_listed_with_its_count() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    };
    let wav = Wav::default().of(&tone(1.0, RATE_HZ));
    for name in [
        "...And Justice for All/one.wav",
        ".38 Special/two.wav",
        ".git/three.wav",
        "._four.wav",
        "...five.wav",
    ] {
        write(name, &wav);
    }
    for (name, magic) in [
        ("a.tta", b"TTA1".as_slice()),
        ("a.wv", b"wvpk"),
        ("a.ape", b"MAC "),
        ("b.ape", b"MAC "),
        ("a.mpc", b"MPCK"),
        ("a.wma", &[0x30, 0x26, 0xb2, 0x75]),
        ("a.dsf", b"DSD "),
    ] {
        write(name, &[magic, &[0; 100]].concat());
    }
    let corpus = import(folder.path(), &ImportOptions::default(), &Silent).unwrap();
    let names: Vec<&str> = corpus.clips.iter().map(|clip| clip.path.display.as_str()).collect();
    assert_eq!(
        names,
        ["...And Justice for All/one.wav", "...five.wav", ".38 Special/two.wav"]
    );
    let unsupported = corpus
        .problems
        .iter()
        .filter(|problem| problem.kind == ProblemKind::Unsupported);
    assert_eq!(unsupported.count(), 7, "{:?}", corpus.problems);
    let note = corpus
        .notes
        .iter()
        .find(|note| note.starts_with("not supported"))
        .unwrap();
    for part in ["2 x .ape", "1 x .wma", "1 x .dsf", "1 x .tta", "1 x .wv", "1 x .mpc"] {
        assert!(note.contains(part), "{note}");
    }
    assert!(read_header(Path::new("/nonexistent.wav")).is_err());
}
