//! The live engine's own figures, with an instant decoder: gesture to sound on the silent back-end, and what the
//! synth costs, beside its peer: the same engine playing a recording.

#[path = "../tests/sounds/mod.rs"]
mod sounds;

use songspace::audio::{AudioEngine, AudioOptions, Meters, Playback};
use songspace::dsp::BandAxis;
use songspace::space::ChunkAudio;
use sounds::{chord, decoded, sine};
use std::time::{Duration, Instant};

const REQUESTS: u64 = 400;
const RENDERED_SECS: usize = 20;
const RATE_HZ: u32 = 48_000;

fn main() {
    let axis = BandAxis::standard();
    let chunks = [
        chord(&axis, 110.0, -4.0),
        chord(&axis, 415.0, -7.0),
        chord(&axis, 260.0, -2.0),
    ];
    let meters = drag(&chunks);
    println!("drag, {REQUESTS} requests, instant decoder, silent back-end:");
    let line = |name: &str, spread: songspace::audio::Spread| {
        let ms = |secs: f32| secs * 1e3;
        println!(
            "  {name:8} p50 {:6.1} ms  p95 {:6.1} ms  jitter {:5.1} ms",
            ms(spread.p50),
            ms(spread.p95),
            ms(spread.jitter())
        );
    };
    line("t_first", meters.t_first);
    line("t_50", meters.t_50);
    println!(
        "  ring {:.1} ms, empty rings {}, synth {:.1} % of a core",
        meters.ring_target_secs * 1e3,
        meters.empty_rings,
        meters.synth_load * 100.0
    );
    let recording = core_share(&sine(220.0, 44_100, 3.0), 1.0);
    println!("render {RENDERED_SECS} s, share of one core (and against the peer):");
    println!("  a recording at speed 1 (peer)   {:6.2} %", recording * 100.0);
    for (name, audio, speed) in [
        ("frames at speed 1", &chunks[0], 1.0),
        ("frames at speed 0.25", &chunks[0], 0.25),
        ("a stretched recording", &sine(220.0, 44_100, 3.0), 0.7),
    ] {
        let share = core_share(audio, speed);
        println!("  {name:31} {:6.2} %  {:5.1} x", share * 100.0, share / recording);
    }
}

/// Fifty requests a second, never in step with the blocks.
fn drag(chunks: &[ChunkAudio]) -> Meters {
    let engine = AudioEngine::start(AudioOptions {
        silent: true,
        ..AudioOptions::default()
    });
    engine.play();
    std::thread::sleep(Duration::from_millis(300));
    for generation in 0..REQUESTS {
        let audio = chunks[generation as usize % chunks.len()].clone();
        engine.publish(decoded(audio, generation));
        std::thread::sleep(Duration::from_micros(17_000 + generation * 7_919 % 6_000));
    }
    engine.meters()
}

fn core_share(audio: &ChunkAudio, speed: f32) -> f64 {
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
    started.elapsed().as_secs_f64() / RENDERED_SECS as f64
}
