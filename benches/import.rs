//! Import speed against librosa on two cores in one run: decode, measure and analyse every clip, then once more from
//! the cache.
//!
//! `SONGSPACE_BENCH_CORPUS` names a folder (default: the fixtures), `PYTHON` an interpreter that has librosa (default:
//! python3; without it that figure is left out and said so). Two threads here, two processes there.

use songspace::codec::SpectralCodec;
use songspace::corpus::{FillOptions, FrameCache, ImportOptions, Silent, import};
use songspace::dsp::BandAxis;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

const THREADS: usize = 2;
const ROUNDS: usize = 3;

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder =
        std::env::var_os("SONGSPACE_BENCH_CORPUS").map_or_else(|| here.join("assets/fixtures/songs"), PathBuf::from);
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(THREADS)
        .build()
        .expect("a pool of two threads");
    let rounds: Vec<Round> = (0..ROUNDS).map(|_| pool.install(|| import_twice(&folder))).collect();
    let first = best(rounds.iter().map(|round| round.first_secs));
    let second = best(rounds.iter().map(|round| round.second_secs));
    let audio_secs = rounds[0].audio_secs;
    println!("{audio_secs:.0} s of music, {THREADS} threads, best of {ROUNDS}");
    println!(
        "first import    {:8.3} s  {:8.0} times real time",
        first,
        audio_secs / first
    );
    println!(
        "second import   {:8.3} s  {:8.1} times the first",
        second,
        first / second
    );
    match librosa(here, &folder) {
        Ok(peer) => {
            println!(
                "librosa         {:8.3} s  {:8.0} times real time",
                audio_secs / peer,
                peer
            );
            println!("ratio           {:8.1}", audio_secs / first / peer);
        }
        Err(reason) => println!("librosa         not measured: {reason}"),
    }
}

struct Round {
    audio_secs: f64,
    first_secs: f64,
    second_secs: f64,
}

fn best(secs: impl Iterator<Item = f64>) -> f64 {
    secs.fold(f64::INFINITY, f64::min)
}

fn import_twice(folder: &Path) -> Round {
    let place = tempfile::tempdir().expect("a temporary folder");
    let codec = SpectralCodec::new(BandAxis::standard());
    let once = || {
        let began = Instant::now();
        let mut corpus = import(folder, &ImportOptions::default(), &Silent).expect("music to import");
        let cache = FrameCache::open(place.path(), u64::MAX).expect("a writable cache");
        cache
            .fill(&mut corpus, &codec, &FillOptions::default(), &Silent)
            .expect("frames");
        let audio_secs = corpus.clips.iter().map(|clip| f64::from(clip.duration_secs)).sum();
        (audio_secs, began.elapsed().as_secs_f64())
    };
    let (audio_secs, first_secs) = once();
    let (_, second_secs) = once();
    Round {
        audio_secs,
        first_secs,
        second_secs,
    }
}

/// Multiples of real time of the Python peer.
fn librosa(here: &Path, folder: &Path) -> Result<f64, String> {
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".into());
    let output = Command::new(&python)
        .arg(here.join("benches/peers/import_librosa.py"))
        .arg(folder)
        .output();
    let output = output.map_err(|error| format!("{python}: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let figures: serde_json::Value =
        serde_json::from_str(text.trim()).map_err(|_| format!("{python} has no librosa (pip install librosa)"))?;
    let secs = |name: &str| {
        figures[name]
            .as_f64()
            .filter(|secs| *secs > 0.0)
            .ok_or(format!("no {name}"))
    };
    Ok(secs("audio_secs")? / secs("wall_secs")?)
}
