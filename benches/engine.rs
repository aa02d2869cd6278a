//! The live engine with the demo space's own decoder: gesture to sound, idle and beside a training, against its bars;
//! decoding against real time; and what the synth costs beside its peer, the same engine playing a recording.
//!
//! On the silent back-end and the processor, whatever else there is.

#[path = "../tests/live/mod.rs"]
mod live;
#[path = "../tests/sounds/mod.rs"]
mod sounds;

use burn::tensor::Device;
use live::{Hand, Training, demo_space};
use songspace::audio::{AudioEngine, AudioOptions, EngineMeters, Percentiles, Playback};
use songspace::decode::SpaceDecoder;
use songspace::dsp::BandAxis;
use songspace::values::{ChunkAudio, ChunkId, LoopContext};
use sounds::{chord, decoded, sine};
use std::time::{Duration, Instant};

const DRAG_SECS: f64 = 12.0;
const RENDERED_SECS: usize = 20;
const DECODES: usize = 40;
const RATE_HZ: u32 = 48_000;

/// The bars, for two processor cores and preset s.
const T_FIRST_MS: [f32; 2] = [60.0, 100.0];
const T_50_P95_MS: f32 = 150.0;
const JITTER_MS: f32 = 25.0;
const TIMES_REAL_TIME: f32 = 20.0;
const SYNTH_PERCENT: f32 = 15.0;

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    println!("{:38} {:>9} {:>9}", "", "measured", "bar");
    let idle = drag();
    latency("idle", &idle);
    let training = Training::start();
    latency("training", &drag());
    drop(training);
    at_least("decode, one core, times real time", times_real_time(), TIMES_REAL_TIME);
    let recording = core_share(&sine(220.0, 44_100, 3.0), 1.0);
    let frames = chord(&BandAxis::standard(), 110.0, -4.0);
    at_most("synth, % of one core", core_share(&frames, 1.0) * 100.0, SYNTH_PERCENT);
    at_most(
        "synth at speed 0.25, %",
        core_share(&frames, 0.25) * 100.0,
        SYNTH_PERCENT,
    );
    println!("{:38} {:9.2}", "a recording at speed 1 (peer), %", recording * 100.0);
}

fn at_most(name: &str, value: f32, bar: f32) {
    row(name, value, bar, value <= bar);
}

fn at_least(name: &str, value: f32, bar: f32) {
    row(name, value, bar, value >= bar);
}

fn row(name: &str, value: f32, bar: f32, met: bool) {
    println!(
        "{name:38} {value:9.2} {bar:9.0}  {}",
        if met { "met" } else { "MISSED" }
    );
}

fn latency(when: &str, meters: &EngineMeters) {
    let ms = |secs: f32| secs * 1e3;
    let Percentiles { p50, p95, readings, .. } = meters.request_to_sample;
    at_most(&format!("{when}: request_to_sample p50, ms"), ms(p50), T_FIRST_MS[0]);
    at_most(&format!("{when}: request_to_sample p95, ms"), ms(p95), T_FIRST_MS[1]);
    at_most(&format!("{when}: jitter (p95 - p50), ms"), ms(p95 - p50), JITTER_MS);
    println!("{:38} {:9.2}", format!("{when}: t_50 p50, ms"), ms(meters.t_50.p50));
    at_most(&format!("{when}: t_50 p95, ms"), ms(meters.t_50.p95), T_50_P95_MS);
    println!(
        "{:38} {:9.2} (p50; {readings} sounds, {} late blocks)",
        format!("{when}: decode, ms"),
        ms(meters.decode.p50),
        meters.late_blocks
    );
}

/// Fifty requests a second.
fn drag() -> EngineMeters {
    let engine = AudioEngine::start(AudioOptions {
        silent: true,
        ..AudioOptions::default()
    });
    let mut hand = Hand::new(&engine);
    engine.play();
    hand.moves();
    std::thread::sleep(Duration::from_secs(1));
    hand.drags(DRAG_SECS);
    engine.meters()
}

/// Decoding one chunk after the other on a single thread, at the median.
fn times_real_time() -> f32 {
    let snapshot = demo_space();
    let decoder = SpaceDecoder::new(&snapshot, &Device::flex()).expect("the demo space decodes");
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build()
        .expect("a thread");
    let secs = |chunk: usize| {
        let chunk = ChunkId(chunk as u32);
        let (latent, labels) = (snapshot.latents.get(chunk), snapshot.labels(chunk));
        let begun = Instant::now();
        let sound = pool.install(|| decoder.decode(&latent, &labels, 1.0, LoopContext::Circular));
        sound.expect("a chunk decodes");
        begun.elapsed().as_secs_f32()
    };
    secs(0);
    let mut times: Vec<f32> = (0..DECODES).map(|i| secs(i % snapshot.chunks.len())).collect();
    times.sort_by(f32::total_cmp);
    snapshot.chunk_secs() / times[DECODES / 2]
}

/// Seconds of work per second of sound.
fn core_share(audio: &ChunkAudio, speed: f32) -> f32 {
    let (engine, mut renderer) = AudioEngine::detached(AudioOptions::default(), RATE_HZ).expect("a usual rate");
    engine.set_playback(Playback {
        speed,
        ..Playback::default()
    });
    engine.publish(decoded(audio.clone(), 1));
    engine.play();
    let mut block = vec![0.0; RATE_HZ as usize / 10];
    renderer.render(&mut block, 1);
    let started = Instant::now();
    for _ in 0..RENDERED_SECS * 10 {
        renderer.render(&mut block, 1);
    }
    started.elapsed().as_secs_f32() / RENDERED_SECS as f32
}
