//! What keys and clock cost and how exact they are: `cargo run --release --example keys [seconds of Link]`.
//!
//! Pitch and formants of single notes of a chord, the time from a key to its first sample, what sixteen notes take of a core and how
//! many blocks of 256 frames come late, how steady the MIDI clock is, and how far two engines of one Link session are apart.

#[path = "../tests/sounds/mod.rs"]
mod sounds;
#[path = "../tests/keys/spectra.rs"]
mod spectra;

use songspace::app::{AbletonLink, BeatSession, ClockOut, LinkPlay, MidiSink};
use songspace::audio::{AudioEngine, AudioOptions, BlockRenderer, ClockPlay, KeyPlay, Playback};
use songspace::dsp::BandAxis;
use songspace::values::{KeyChange, KeyEvent, hz_of_key, key_of_hz};
use sounds::chord;
use sounds::recorded::{key, recording, steered};
use spectra::{FUNDAMENTAL_HZ, amplitude, cents_off, envelope_db, voice};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const RATE_HZ: u32 = 44_100;
const BLOCK: usize = 256;
const CHORD: [u8; 16] = [36, 40, 43, 48, 50, 52, 55, 57, 60, 62, 64, 67, 69, 72, 74, 76];

fn main() {
    let link_secs: u64 = std::env::args().nth(1).and_then(|secs| secs.parse().ok()).unwrap_or(20);
    spectra_of_notes();
    for from_attack in [false, true] {
        cost(from_attack);
    }
    latency();
    midi_clock();
    link(link_secs);
}

fn keyed(keys: KeyPlay) -> (AudioEngine, BlockRenderer) {
    let (engine, renderer) = AudioEngine::detached(AudioOptions::default(), RATE_HZ).expect("a usual rate");
    engine.set_playback(Playback::default());
    engine.set_keys(KeyPlay {
        on: true,
        root: key_of_hz(FUNDAMENTAL_HZ as f32),
        ..keys
    });
    engine.publish_recording(recording(key("a", 2), voice));
    let model = chord(&BandAxis::standard(), 110.0, -4.0);
    engine.publish(Arc::new(steered(model, 1, key("a", 2), None)));
    engine.play();
    (engine, renderer)
}

fn press(engine: &AudioEngine, note: u8) {
    let change = KeyChange::On { note, velocity: 1.0 };
    engine.key(KeyEvent { channel: 0, change });
}

fn spectra_of_notes() {
    let (mut worst_cents, mut worst_db, mut partials) = (0.0f64, 0.0f32, 0);
    for note in CHORD {
        let (engine, mut renderer) = keyed(KeyPlay::default());
        engine.set_playback(Playback {
            volume: 1.0,
            ..Playback::default()
        });
        press(&engine, note);
        let mut block = vec![0.0; RATE_HZ as usize * 2];
        renderer.render(&mut block, 1);
        let sound = &block[30_000..];
        let hz = f64::from(hz_of_key(f32::from(note)));
        worst_cents = worst_cents.max(cents_off(sound, hz).abs());
        for number in 1..=24 {
            let at = hz * f64::from(number);
            if (FUNDAMENTAL_HZ..2_600.0).contains(&at) {
                let off = 20.0 * amplitude(sound, at).log10() - envelope_db(at) as f32;
                worst_db = worst_db.max(off.abs());
                partials += 1;
            }
        }
    }
    println!(
        "16 notes: fundamentals within {worst_cents:.2} cents, {partials} partials within {worst_db:.2} dB of the formants"
    );
}

/// Sixteen notes in real time, in blocks of 256 frames.
fn cost(from_attack: bool) {
    let share = |notes: usize| {
        let (engine, mut renderer) = keyed(KeyPlay {
            from_attack,
            ..KeyPlay::default()
        });
        let mut block = [0.0; 2 * BLOCK];
        (0..200).for_each(|_| renderer.render(&mut block, 2));
        CHORD.iter().take(notes).for_each(|note| press(&engine, *note));
        let duration = Duration::from_secs_f64(BLOCK as f64 / f64::from(RATE_HZ));
        let (mut worked, mut late, mut longest) = (Duration::ZERO, 0, Duration::ZERO);
        let blocks = 400;
        let mut due = Instant::now();
        for _ in 0..blocks {
            let begun = Instant::now();
            renderer.render(&mut block, 2);
            let took = begun.elapsed();
            worked += took;
            longest = longest.max(took);
            late += u32::from(took > duration);
            due += duration;
            std::thread::sleep(due.saturating_duration_since(Instant::now()));
        }
        let share = worked.as_secs_f64() / (duration.as_secs_f64() * f64::from(blocks)) * 100.0;
        println!(
            "{notes:2} notes{}: {share:.1} % of a core, longest block {:.2} of {:.2} ms, {late} of {blocks} late, {} sound",
            if from_attack { " from the attack" } else { "" },
            longest.as_secs_f64() * 1e3,
            duration.as_secs_f64() * 1e3,
            engine.notes_sounding()
        );
    };
    share(0);
    share(1);
    share(16);
}

/// From the moment a thread hands a key over until the block with its first sample is handed to the device.
fn latency() {
    let (engine, mut renderer) = keyed(KeyPlay {
        attack_secs: 0.001,
        release_secs: 0.005,
        ..KeyPlay::default()
    });
    let begun = Instant::now();
    let pressed = Arc::new(AtomicU64::new(0));
    let (player, pressed_by) = (engine.clone(), Arc::clone(&pressed));
    let play = move || {
        for index in 0..120u64 {
            std::thread::sleep(Duration::from_micros(61_000 + index * 7_919 % 9_000));
            let note = 48 + (index % 24) as u8;
            pressed_by.store(begun.elapsed().as_micros() as u64, Ordering::Release);
            press(&player, note);
            std::thread::sleep(Duration::from_millis(40));
            let change = KeyChange::Off { note };
            player.key(KeyEvent { channel: 0, change });
        }
    };
    let mut readings = Vec::new();
    std::thread::scope(|threads| {
        let hand = threads.spawn(play);
        let duration = Duration::from_secs_f64(BLOCK as f64 / f64::from(RATE_HZ));
        let (mut block, mut due) = ([0.0; 2 * BLOCK], Instant::now());
        while !hand.is_finished() {
            renderer.render(&mut block, 2);
            let first = block.iter().position(|sample| sample.abs() > 1e-5);
            let at = pressed.load(Ordering::Acquire);
            if let Some(first) = first.filter(|_| at > 0) {
                let into = first as f64 / 2.0 / f64::from(RATE_HZ) * 1e3;
                readings.push((begun.elapsed().as_micros() as u64 - at) as f64 / 1e3 + into);
                pressed.store(0, Ordering::Release);
            }
            due += duration;
            std::thread::sleep(due.saturating_duration_since(Instant::now()));
        }
    });
    readings.sort_by(f64::total_cmp);
    let at = |share: f64| readings[((readings.len() - 1) as f64 * share) as usize];
    println!(
        "key to first sample in blocks of {BLOCK}: p50 {:.1} ms, p95 {:.1} ms, {} keys",
        at(0.5),
        at(0.95),
        readings.len()
    );
}

#[derive(Clone, Default)]
struct Ears(Arc<Mutex<Vec<Instant>>>);

impl MidiSink for Ears {
    fn send(&mut self, bytes: &[u8]) {
        if bytes == [0xf8]
            && let Ok(mut ticks) = self.0.lock()
        {
            ticks.push(Instant::now());
        }
    }
}

fn silent() -> AudioEngine {
    let engine = AudioEngine::start(AudioOptions {
        silent: true,
        ..AudioOptions::default()
    });
    engine.play();
    engine
}

fn midi_clock() {
    let engine = silent();
    engine.set_clock(ClockPlay {
        on: true,
        bpm: 125.0,
        ..ClockPlay::default()
    });
    std::thread::sleep(Duration::from_secs(1));
    let ears = Ears::default();
    let sender = ClockOut::start(engine, Box::new(ears.clone()));
    std::thread::sleep(Duration::from_secs(12));
    drop(sender);
    let ticks = ears.0.lock().map(|ticks| ticks.clone()).unwrap_or_default();
    let mut off: Vec<f64> = ticks
        .windows(2)
        .skip(24)
        .map(|pair| ((pair[1] - pair[0]).as_secs_f64() * 1e3 - 20.0).abs())
        .collect();
    off.sort_by(f64::total_cmp);
    let at = |share: f64| {
        off.get(((off.len().max(1) - 1) as f64 * share) as usize)
            .copied()
            .unwrap_or(f64::NAN)
    };
    println!(
        "MIDI clock at 125 BPM: ticks 20 ms apart, off by p50 {:.2} ms, p95 {:.2} ms, worst {:.2} ms, {} ticks",
        at(0.5),
        at(0.95),
        at(1.0),
        ticks.len()
    );
}

fn link(secs: u64) {
    let join = || {
        let (engine, session) = (silent(), Arc::new(AbletonLink::join(120.0)));
        engine.set_clock(ClockPlay {
            on: true,
            ..ClockPlay::default()
        });
        let play = LinkPlay::start(engine.clone(), session.clone() as Arc<dyn BeatSession>);
        (engine, session, play)
    };
    let (first, second) = (join(), join());
    let deadline = Instant::now() + Duration::from_secs(10);
    while (first.1.peers() == 0 || second.1.peers() == 0) && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(50));
    }
    if first.1.peers() == 0 {
        println!("Link: the two did not find each other");
        return;
    }
    std::thread::sleep(Duration::from_secs(5));
    let (begun, mut off) = (Instant::now(), Vec::new());
    let mut changes = 0;
    while begun.elapsed() < Duration::from_secs(secs) {
        // Another tempo every five seconds, from either side.
        if begun.elapsed().as_secs() / 5 > changes {
            changes = begun.elapsed().as_secs() / 5;
            let bpm = 96.0 + (changes * 37 % 60) as f32;
            if changes % 2 == 0 {
                first.2.set_tempo(bpm);
            } else {
                second.2.set_tempo(bpm);
            };
        }
        std::thread::sleep(Duration::from_millis(50));
        let now = Instant::now();
        let (a, b) = (first.0.clock(), second.0.clock());
        let apart = a.beat_at(now) - b.beat_at(now);
        let near = apart - (apart / 4.0).round() * 4.0;
        off.push(near.abs() * 60.0 / f64::from(a.bpm) * 1e3);
    }
    off.sort_by(f64::total_cmp);
    let at = |share: f64| off[((off.len() - 1) as f64 * share) as usize];
    println!(
        "Link: two engines over {secs} s with {changes} changes of tempo: apart p50 {:.2} ms, p95 {:.2} ms, worst {:.2} ms",
        at(0.5),
        at(0.95),
        at(1.0)
    );
}
