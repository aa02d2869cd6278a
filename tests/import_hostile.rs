//! Files that nobody should have to expect, and that exist: mutated, cut, empty, circular, unreadable, misnamed, odd.
//!
//! Nothing may panic, fill the memory or end an import; everything skipped is listed with its reason.
//! 300 mutated files, 2,000 empty ones and a table of 4 MB belong to the suite. `SONGSPACE_FUZZ=10000` (`make fuzz`) sets
//! the number of mutated files, and then also 100,000 empty ones and a table of more than 1 GB; the highest memory use of
//! the process is printed and bounded.

#[path = "import_made/mod.rs"]
mod made;
#[path = "import_made/opus.rs"]
mod made_opus;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use songspace::corpus::decode::{decode, decode_mono, read_header};
use songspace::corpus::{
    Analyser, CorpusError, FillOptions, FrameCache, ImportOptions, ImportStage, ProblemKind, Progress, Silent,
    SpectrumTap, import,
};
use songspace::values::{ClipId, Frames};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

fn containers() -> Vec<PathBuf> {
    fixtures("containers")
}

fn fixtures(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("assets/fixtures")
        .join(folder);
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files
}

fn container(name: &str) -> PathBuf {
    made::fixture(name)
}

/// Name and bytes of every file to mutate: the fixtures, and containers that are made here.
fn originals() -> Vec<(String, Vec<u8>)> {
    let opus = fixtures("opus")
        .into_iter()
        .filter(|path| path.extension().unwrap() == "opus");
    let fixtures = containers().into_iter().chain(opus).map(|path| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        (name, std::fs::read(&path).unwrap())
    });
    let samples = made::tone(1.0, 48_000);
    let packets = made_opus::packets(&samples, 1);
    let long = made::Wav {
        magic: *b"RF64",
        claimed_data_bytes: Some(u32::MAX),
        before: made::Wav::long_sizes(2 * samples.len() as u64),
        behind: made::Wav::info(&[(b"INAM", "a title")]),
        ..made::Wav::default()
    };
    let mp3 = std::fs::read(container("cbr.mp3")).unwrap();
    let inside = made::Wav {
        format: 0x55,
        behind: made::Wav::id3(&made::id3v2(&[(b"TCON", "(17)Rock")])),
        ..made::Wav::default()
    };
    let tagged = [made::id3v2(&[(b"TPE1", "a\0b")]).as_slice(), &mp3, &made::id3v1(), &mp3].concat();
    let made = [
        ("made.webm", made_opus::webm(&made_opus::head(1, 0), &packets)),
        (
            "made.opus",
            made_opus::ogg(1, &made_opus::head(1, 300), &["GENRE=Jazz"], &packets, 48_000),
        ),
        ("long.wav", long.of(&samples)),
        ("mp3.wav", inside.holding(&mp3)),
        ("joined.mp3", tagged),
        (
            "made.aiff",
            made::aiff(&samples, None, None, samples.len() as u32, b"NAME\0\0\0\x02hi"),
        ),
    ];
    fixtures
        .chain(made.map(|(name, bytes)| (name.to_owned(), bytes)))
        .collect()
}

/// Mutated files of the suite.
const FEW_CASES: usize = 300;
/// What no amount of hostile input may make the process need.
const MOST_MEMORY_BYTES: u64 = 600_000_000;

/// Set by `make fuzz`; without it the heavy cases are run small, and that is printed.
fn fuzz_cases() -> Option<usize> {
    let cases = std::env::var("SONGSPACE_FUZZ").ok()?.parse().ok();
    if cases.is_none() {
        println!("SONGSPACE_FUZZ is no number of cases: the small run is made");
    }
    cases
}

/// Prints what was run, how long it took and the highest memory use of the process so far, and bounds the latter.
fn account(what: &str, began: Instant) {
    let peak_bytes = peak_memory_bytes();
    let memory = peak_bytes.map_or("unknown".into(), |bytes| format!("{} MB", bytes / 1_000_000));
    let small = match fuzz_cases() {
        Some(_) => "",
        None => " (SONGSPACE_FUZZ=10000 runs the whole)",
    };
    println!(
        "{what}: {:.1} s, at most {memory} of memory{small}",
        began.elapsed().as_secs_f32()
    );
    if let Some(bytes) = peak_bytes {
        assert!(bytes < MOST_MEMORY_BYTES, "{what} needed {bytes} bytes");
    }
}

/// Highest resident memory of this process, where the system tells.
fn peak_memory_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()? * 1_024)
}

/// One of the ways in which files break: bits flip, bytes are overwritten, removed, doubled, or the end is missing.
fn mutate(bytes: &mut Vec<u8>, rng: &mut ChaCha8Rng) {
    // Most damage that decoders stumble over is in headers.
    let reach = if rng.random_bool(0.6) {
        bytes.len().min(600)
    } else {
        bytes.len()
    };
    for _ in 0..rng.random_range(1..12) {
        let at = rng.random_range(0..reach.min(bytes.len()).max(1));
        let len = rng.random_range(1..64usize).min(bytes.len() - at);
        match rng.random_range(0..6) {
            0 => bytes[at] ^= 1 << rng.random_range(0..8),
            1 => rng.fill(&mut bytes[at..at + len]),
            2 => bytes[at..at + len].fill(if rng.random_bool(0.5) { 0xff } else { 0 }),
            3 => drop(bytes.drain(at..at + len)),
            4 => {
                let copy = bytes[at..at + len].to_vec();
                bytes.splice(at..at, copy);
            }
            _ => bytes.truncate(rng.random_range(1..=bytes.len())),
        }
        if bytes.len() < 2 {
            return;
        }
    }
}

#[test]
fn mutated_files_of_every_container_give_clean_samples_or_a_reason() {
    let (files, mut rng) = (originals(), ChaCha8Rng::seed_from_u64(20));
    let folder = tempfile::tempdir().unwrap();
    let (mut decoded, mut refused, began) = (0usize, 0usize, Instant::now());
    for case in 0..fuzz_cases().unwrap_or(FEW_CASES) {
        let (name, original) = &files[case % files.len()];
        let mut bytes = original.clone();
        mutate(&mut bytes, &mut rng);
        let path = folder.path().join(name);
        std::fs::write(&path, &bytes).unwrap();
        let _ = read_header(&path);
        match decode(&path, 44_100, 30.0, &|| false) {
            Ok(found) => {
                decoded += 1;
                assert!(found.samples.iter().all(|sample| sample.is_finite()), "{name}");
                assert!(found.samples.len() <= 44_100 * 30);
            }
            Err(error) => {
                refused += 1;
                assert!(!error.to_string().is_empty());
            }
        }
    }
    assert!(
        decoded > 0 && refused > 0,
        "{decoded} decoded, {refused} refused: the damage is of the wrong size"
    );
    account(&format!("{decoded} mutated files decoded, {refused} refused"), began);
}

#[test]
fn every_container_is_read_whole() {
    for path in containers() {
        let promised = read_header(&path).unwrap().duration_secs;
        let found = decode(&path, 44_100, 60.0, &|| false).unwrap();
        let secs = found.samples.len() as f32 / 44_100.0;
        assert!(
            (secs - promised).abs() < 0.1 && secs > 0.9,
            "{}: {secs} of {promised} s",
            path.display()
        );
        assert!(found.notes.is_empty(), "{}: {:?}", path.display(), found.notes);
        let peak = found.samples.iter().fold(0.0f32, |peak, sample| peak.max(sample.abs()));
        assert!((0.01..2.0).contains(&peak), "{}: peak {peak}", path.display());
    }
}

#[test]
fn a_truncated_file_keeps_its_beginning_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["cbr.mp3", "vorbis.ogg", "pcm16.wav", "pcm16.au", "vbr.mp3"] {
        let bytes = std::fs::read(container(name)).unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
        let whole = decode_mono(&container(name), 44_100).unwrap().len();
        let found = decode(&path, 44_100, 60.0, &|| false).unwrap();
        let share = found.samples.len() as f32 / whole as f32;
        // A damaged page of an Ogg stream is a second or two.
        assert!((0.2..0.7).contains(&share), "{name}: {share} of it");
        if name != "vorbis.ogg" && name != "cbr.mp3" {
            // Neither of those two states its length at the beginning.
            assert_eq!(
                found.notes.first().map(|(kind, _)| *kind),
                Some(ProblemKind::Damaged),
                "{name}"
            );
        }
    }
}

fn write_wav(path: &Path, rate_hz: u32, channels: u16, frames: u32) {
    let spec = hound::WavSpec {
        channels,
        sample_rate: rate_hz,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::create(path, spec).unwrap();
    for i in 0..frames * u32::from(channels) {
        let time = (i / u32::from(channels)) as f32 / rate_hz as f32;
        writer.write_sample(((time * 2_000.0).sin() * 8_000.0) as i16).unwrap();
    }
    writer.finalize().unwrap();
}

/// Eight levels of a spectrum that is none: enough to see which samples came.
struct Blocks;

impl Analyser for Blocks {
    fn id(&self) -> String {
        "blocks".into()
    }
    fn bands(&self) -> usize {
        8
    }
    fn sample_rate_hz(&self) -> u32 {
        44_100
    }
    fn hop_len(&self) -> usize {
        256
    }
    fn analyse(&self, samples: &[f32], _: &mut SpectrumTap, _: &dyn Fn() -> bool) -> Frames {
        let blocks = samples.chunks_exact(256).flat_map(|block| block[..8].iter().copied());
        Frames::from_vec(8, blocks.collect())
    }
}

#[test]
fn odd_rates_channels_lengths_and_names_are_music_too() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    write_wav(&at("8k.wav"), 8_000, 1, 8_000 * 4);
    write_wav(&at("192k.wav"), 192_000, 2, 192_000 * 4);
    write_wav(&at("six.wav"), 48_000, 6, 48_000 * 4);
    write_wav(&at("one second.wav"), 44_100, 1, 44_100);
    std::fs::copy(container("vorbis.ogg"), at("lie.flac")).unwrap();
    std::fs::write(at("text.mp3"), "this is a shopping list\n".repeat(200)).unwrap();
    std::fs::write(at("empty.wav"), []).unwrap();
    let mut corpus = import(folder.path(), &ImportOptions::default(), &Silent).unwrap();
    let cache_folder = tempfile::tempdir().unwrap();
    let cache = FrameCache::open(cache_folder.path(), u64::MAX).unwrap();
    let options = FillOptions {
        min_secs: 2.972,
        ..FillOptions::default()
    };
    let store = cache.fill(&mut corpus, &Blocks, &options, &Silent).unwrap().store;
    let names: Vec<&str> = corpus.clips.iter().map(|clip| clip.path.display.as_str()).collect();
    assert_eq!(names, ["192k.wav", "8k.wav", "lie.flac", "six.wav"]);
    assert_eq!((corpus.clips[3].channels, corpus.clips[0].sample_rate_hz), (6, 192_000));
    for (index, clip) in corpus.clips.iter().enumerate() {
        assert!(
            (clip.duration_secs - 4.0).abs() < 0.05,
            "{}: {} s",
            clip.path.display,
            clip.duration_secs
        );
        assert_eq!(
            store.clip_frames(ClipId(index as u32)),
            (clip.duration_secs * 44_100.0).round() as usize / 256
        );
    }
    let told = |name: &str, kind| corpus.problems.iter().any(|p| p.path.ends_with(name) && p.kind == kind);
    assert!(told("one second.wav", ProblemKind::Unusable));
    assert!(told("lie.flac", ProblemKind::WrongExtension));
    assert!(told("text.mp3", ProblemKind::Undecodable));
    assert!(told("empty.wav", ProblemKind::Undecodable));
    // What the converter still holds of a slow file is not lost.
    assert!(!told("8k.wav", ProblemKind::Damaged), "{:?}", corpus.problems);
}

#[cfg(unix)]
#[test]
fn circles_locked_files_and_impossible_names() {
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    std::fs::create_dir_all(at("Jazz/inner")).unwrap();
    symlink(folder.path(), at("Jazz/inner/round")).unwrap();
    symlink(at("nowhere.mp3"), at("Jazz/dangling.mp3")).unwrap();
    let odd = folder
        .path()
        .join("Jazz")
        .join(std::ffi::OsStr::from_bytes(b"caf\xe9 \xff.mp3"));
    std::fs::copy(container("cbr.mp3"), &odd).unwrap();
    std::fs::copy(container("cbr.mp3"), at("Jazz/locked.mp3")).unwrap();
    std::fs::set_permissions(at("Jazz/locked.mp3"), std::fs::Permissions::from_mode(0o000)).unwrap();
    let locked = std::fs::File::open(at("Jazz/locked.mp3")).is_err();
    let corpus = import(folder.path(), &ImportOptions::default(), &Silent).unwrap();
    let first = &corpus.clips[0];
    assert_eq!(first.path.real, odd, "opened by its real name");
    assert!(
        first.path.display.starts_with("Jazz/caf"),
        "shown without the wrong bytes: {}",
        first.path.display
    );
    let told = |text: &str| corpus.problems.iter().any(|problem| problem.to_string().contains(text));
    assert!(told("leads back"), "{:?}", corpus.problems);
    assert!(told("dangling.mp3"));
    if locked {
        assert!(told("locked.mp3"));
    } else {
        println!("running as a user whom no permission stops: the locked file could be read");
    }
}

#[test]
fn nothing_but_rubbish_is_an_error_with_a_reason() {
    let folder = tempfile::tempdir().unwrap();
    let reason = |folder: &Path| {
        import(folder, &ImportOptions::default(), &Silent)
            .unwrap_err()
            .to_string()
    };
    assert!(reason(folder.path()).contains("it is empty"));
    std::fs::write(folder.path().join("a.txt"), "x").unwrap();
    assert!(reason(folder.path()).contains("are no music"));
    let count = if fuzz_cases().is_some() { 100_000 } else { 2_000 };
    (0..count).for_each(|i| std::fs::write(folder.path().join(format!("{i}.mp3")), []).unwrap());
    let text = reason(folder.path());
    assert!(
        text.contains(&format!("{count} files")) && text.contains("the file is empty"),
        "{text}"
    );
    assert!(reason(&folder.path().join("missing")).contains("does not exist"));
    // With one good file among them the import goes on, and every empty one is listed.
    let began = Instant::now();
    std::fs::copy(container("cbr.mp3"), folder.path().join("good.mp3")).unwrap();
    let corpus = import(folder.path(), &ImportOptions::default(), &Silent).unwrap();
    assert_eq!((corpus.clips.len(), corpus.problems.len()), (1, count));
    account(&format!("{count} empty files listed"), began);
}

#[test]
fn a_huge_table_with_one_bad_line_loses_that_line() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy(container("cbr.mp3"), folder.path().join("a.mp3")).unwrap();
    std::fs::copy(container("vbr.mp3"), folder.path().join("b.mp3")).unwrap();
    let lines = if fuzz_cases().is_some() { 30_000_000 } else { 100_000 };
    let mut table = std::io::BufWriter::new(std::fs::File::create(folder.path().join("manifest.csv")).unwrap());
    writeln!(table, "path,genre,valence,arousal,comment").unwrap();
    writeln!(table, "a.mp3,Jazz,0.5,0.5,first").unwrap();
    for line in 0..lines {
        match line == lines / 2 {
            true => writeln!(table, "b.mp3,Jazz,\u{fffd}oops,0.5,bad").unwrap(),
            false => writeln!(table, "a.mp3,Jazz,0.5,0.5,again and again").unwrap(),
        }
    }
    drop(table);
    let bytes = std::fs::metadata(folder.path().join("manifest.csv")).unwrap().len();
    assert!(fuzz_cases().is_none() || bytes > 1_000_000_000, "{bytes} bytes");
    let began = Instant::now();
    let corpus = import(folder.path(), &ImportOptions::default(), &Silent).unwrap();
    assert_eq!(corpus.clips.len(), 2);
    assert_eq!((corpus.clips[1].valence, corpus.clips[1].arousal), (None, Some(0.5)));
    assert!(corpus.problems.iter().any(|problem| problem.reason.contains("oops")));
    assert!(corpus.problems.len() <= 200_002, "bounded: {}", corpus.problems.len());
    account(&format!("a table of {} MB", bytes / 1_000_000), began);
}

/// Cancels after some files.
struct Impatient(AtomicU64);

impl Progress for Impatient {
    fn advanced(&self, stage: ImportStage, _done: u64, _total: u64) {
        if stage == ImportStage::Decoding {
            self.0.fetch_sub(1, Ordering::Relaxed);
        }
    }
    fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed) == 0
    }
}

#[test]
fn a_cancelled_fill_continues_where_it_was_and_a_second_one_is_a_hit() {
    let (folder, cache_folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let names = ["cbr.mp3", "vbr.mp3", "vorbis.ogg", "flac.flac", "aac.m4a"];
    for name in names {
        std::fs::copy(container(name), folder.path().join(name)).unwrap();
    }
    let cache = FrameCache::open(cache_folder.path(), u64::MAX).unwrap();
    let corpus = import(folder.path(), &ImportOptions::default(), &Silent).unwrap();
    let fill = |progress: &dyn Progress| {
        let filled = cache.fill(&mut corpus.clone(), &Blocks, &FillOptions::default(), progress);
        filled.map(|filled| filled.store)
    };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let cancelled = pool.install(|| fill(&Impatient(AtomicU64::new(2))));
    assert!(matches!(cancelled, Err(CorpusError::Cancelled)));
    assert_eq!(fill(&Silent).unwrap().hits(), 2, "what was finished is kept");
    let store = fill(&Silent).unwrap();
    assert_eq!(store.hits(), names.len());
    assert_eq!(
        cache.estimate(&corpus, &Blocks, &FillOptions::default()).clips_ready,
        names.len()
    );
    let mut crop = Frames::default();
    store.read(ClipId(0), 10, 50, &mut crop).unwrap();
    let mut part = Frames::default();
    store.read(ClipId(0), 20, 5, &mut part).unwrap();
    assert_eq!(crop.slice(10, 15), part);
    assert!(
        store
            .read(ClipId(0), store.clip_frames(ClipId(0)), 1, &mut part)
            .is_err()
    );
    assert!(store.read(ClipId(9), 0, 1, &mut part).is_err());
    // A damaged entry is made again, not read.
    let entry = walkdir::WalkDir::new(cache_folder.path().join("frames"))
        .into_iter()
        .map(Result::unwrap)
        .find(|e| e.file_type().is_file());
    std::fs::write(entry.unwrap().path(), b"SSFRAME2").unwrap();
    assert_eq!(fill(&Silent).unwrap().hits(), names.len() - 1);
}

#[test]
fn frames_that_find_no_room_are_made_again_from_the_files() {
    let (folder, whole, small) = (
        tempfile::tempdir().unwrap(),
        tempfile::tempdir().unwrap(),
        tempfile::tempdir().unwrap(),
    );
    let names = ["cbr.mp3", "vbr.mp3", "vorbis.ogg", "flac.flac", "aac.m4a"];
    for name in names {
        std::fs::copy(container(name), folder.path().join(name)).unwrap();
    }
    let corpus = import(folder.path(), &ImportOptions::default(), &Silent).unwrap();
    let fill = |folder: &Path, budget| {
        let cache = FrameCache::open(folder, budget).unwrap();
        let filled = cache
            .fill(&mut corpus.clone(), &Blocks, &FillOptions::default(), &Silent)
            .unwrap();
        (cache.estimate(&corpus, &Blocks, &FillOptions::default()), filled.store)
    };
    let (estimate, kept) = fill(whole.path(), u64::MAX);
    assert_eq!(estimate.kept_bytes, estimate.bytes);
    let budget = estimate.bytes / 2;
    let (estimate, bare) = fill(small.path(), budget);
    assert_eq!(estimate.kept_bytes, budget);
    let clips = || (0..names.len() as u32).map(ClipId);
    let away: Vec<ClipId> = clips().filter(|clip| !bare.is_kept(*clip)).collect();
    assert!(!away.is_empty() && away.len() < names.len(), "{} away", away.len());
    assert_eq!(
        fill(small.path(), budget).1.hits(),
        names.len(),
        "nothing is decoded twice"
    );

    let mut crop = Frames::default();
    let unreadable = bare.read(away[0], 3, 20, &mut crop).unwrap_err();
    assert!(unreadable.to_string().contains("not kept"), "{unreadable}");
    let store = bare.remade_by(Arc::new(Blocks));
    for clip in clips() {
        let mut wanted = Frames::default();
        kept.read(clip, 3, 20, &mut wanted).unwrap();
        store.read(clip, 3, 20, &mut crop).unwrap();
        assert_eq!(crop, wanted, "{clip:?}");
    }
    // Random crops of what is not kept are of guests, and every clip is one in its turn.
    let indices: Vec<usize> = away.iter().map(|clip| clip.0 as usize).collect();
    store.invite(&indices);
    let mut seen = std::collections::BTreeSet::new();
    let begun = Instant::now();
    while seen.len() < indices.len() {
        assert!(begun.elapsed().as_secs() < 60, "only {seen:?} of {indices:?} came");
        seen.insert(store.at_hand(
            indices[0],
            seen.len() as u64 * 7_919 + begun.elapsed().as_micros() as u64,
        ));
    }
    drop(store);

    // A file that was written since is not taken for the one that was imported.
    let (_, store) = fill(small.path(), budget);
    let store = store.remade_by(Arc::new(Blocks));
    let path = &corpus.clips[away[0].0 as usize].path.real;
    std::fs::OpenOptions::new()
        .append(true)
        .open(path)
        .unwrap()
        .write_all(b"more")
        .unwrap();
    let changed = store.read(away[0], 3, 20, &mut crop).unwrap_err();
    assert!(
        changed.to_string().contains("has changed since the import"),
        "{changed}"
    );
}

#[test]
fn a_cache_that_cannot_be_written_is_one_sentence() {
    let (folder, cache_folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    std::fs::copy(container("cbr.mp3"), folder.path().join("a.mp3")).unwrap();
    let cache = FrameCache::open(cache_folder.path(), u64::MAX).unwrap();
    // A file where a folder must be stops everybody, also a user whom no permission stops.
    std::fs::write(cache_folder.path().join("measurements"), b"").unwrap();
    let mut corpus = import(folder.path(), &ImportOptions::default(), &Silent).unwrap();
    let error = cache
        .fill(&mut corpus, &Blocks, &FillOptions::default(), &Silent)
        .unwrap_err();
    assert!(matches!(error, CorpusError::Cache { .. }), "{error}");
}
