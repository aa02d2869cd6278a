//! Phases from magnitudes: gradient integration against 32 iterations of fast Griffin-Lim, on the same spectra of the
//! same songs in one run. Prints how close each comes and how long each takes on one core, then lets divan repeat both.

#[path = "peers/phase.rs"]
mod phase;

use divan::Bencher;
use phase::{HOP_LEN, fast_griffin_lim, integrated, magnitudes};
use songspace::corpus::decode_mono;
use songspace::dsp::{loudness, spectral_convergence_db};
use songspace::values::Frames;
use std::path::Path;
use std::sync::LazyLock;
use std::time::Instant;

const SAMPLE_RATE_HZ: u32 = 44_100;
const GRIFFIN_LIM_ITERATIONS: usize = 32;
const SONGS: [&str; 4] = [
    "Classical/classical_001.ogg",
    "Electronic/electronic_001.ogg",
    "Jazz/jazz_002.ogg",
    "Rock/rock_009.ogg",
];

/// Six seconds of a song and the magnitudes of their spectra.
struct Excerpt {
    name: &'static str,
    len: usize,
    magnitudes: Frames,
}

static EXCERPTS: LazyLock<Vec<Excerpt>> = LazyLock::new(|| SONGS.into_iter().map(Excerpt::read).collect());

impl Excerpt {
    fn read(name: &'static str) -> Self {
        let songs = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/fixtures/songs");
        let mut samples = decode_mono(&songs.join(name), SAMPLE_RATE_HZ).expect("the fixture is a song");
        samples.truncate(6 * SAMPLE_RATE_HZ as usize);
        loudness::normalise(&mut samples, SAMPLE_RATE_HZ);
        Self {
            name,
            len: samples.len(),
            magnitudes: magnitudes(&samples),
        }
    }

    fn integrated(&self) -> Vec<f32> {
        integrated(&self.magnitudes, self.len)
    }

    fn iterated(&self) -> Vec<f32> {
        fast_griffin_lim(&self.magnitudes, HOP_LEN, self.len, GRIFFIN_LIM_ITERATIONS, 1)
    }

    fn convergence_db(&self, samples: &[f32]) -> f32 {
        spectral_convergence_db(self.magnitudes.as_slice(), magnitudes(samples).as_slice())
    }
}

fn main() {
    println!("song                           gradient integration    {GRIFFIN_LIM_ITERATIONS} x fast Griffin-Lim");
    for excerpt in EXCERPTS.iter() {
        let (integrated, integration_secs) = timed(|| excerpt.integrated());
        let (iterated, iteration_secs) = timed(|| excerpt.iterated());
        println!(
            "{:30} {:6.1} dB {:7.3} s    {:6.1} dB {:7.3} s    {:+.1} dB, {:.1} times as long",
            excerpt.name,
            excerpt.convergence_db(&integrated),
            integration_secs,
            excerpt.convergence_db(&iterated),
            iteration_secs,
            excerpt.convergence_db(&iterated) - excerpt.convergence_db(&integrated),
            iteration_secs / integration_secs,
        );
    }
    divan::main();
}

/// The result, and the shortest of three times: what the machine does besides only ever adds.
fn timed(job: impl Fn() -> Vec<f32>) -> (Vec<f32>, f64) {
    let mut shortest_secs = f64::INFINITY;
    let mut samples = Vec::new();
    for _ in 0..3 {
        let start = Instant::now();
        samples = job();
        shortest_secs = shortest_secs.min(start.elapsed().as_secs_f64());
    }
    (samples, shortest_secs)
}

#[divan::bench(sample_count = 5)]
fn gradient_integration(bencher: Bencher) {
    bencher.bench_local(|| EXCERPTS[0].integrated());
}

#[divan::bench(sample_count = 5)]
fn griffin_lim(bencher: Bencher) {
    bencher.bench_local(|| EXCERPTS[0].iterated());
}
