//! The share of one core that a live voice takes: ten seconds of frames at 44.1 kHz, smooth and with texture, beside
//! the analysis of as much sound. Below 10 s / 7 (15 % of a core) the live engine has room.

use divan::Bencher;
use divan::counter::ItemsCount;
use songspace::codec::SpectralCodec;
use songspace::dsp::{BandAxis, FrameSynth, WhiteNoise};
use songspace::values::Frames;

const SECONDS: usize = 10;

fn main() {
    divan::main();
}

/// A chord with overtones and noise: every part of the voice has work to do.
fn sound() -> Vec<f32> {
    (0..SECONDS * 44_100)
        .zip(WhiteNoise::new(1))
        .map(|(i, noise)| {
            let phase = std::f32::consts::TAU * i as f32 / 44_100.0;
            let chord: f32 = [220.0, 277.2, 329.6]
                .map(|hz| (phase * hz).sin() + 0.3 * (phase * hz * 5.0).sin())
                .iter()
                .sum();
            0.05 * chord + 0.02 * noise
        })
        .collect()
}

#[divan::bench(args = [0.0, 0.3], sample_count = 10)]
fn voice(bencher: Bencher, depth: f32) {
    let codec = SpectralCodec::new(BandAxis::standard());
    let frames = codec.analyse(&sound());
    let texture = vec![depth; frames.width()];
    let mut synth = FrameSynth::new(codec.axis().clone(), 1);
    let mut out = vec![0.0; synth.hop_len()];
    bencher.counter(ItemsCount::new(frames.len())).bench_local(|| {
        for row in frames.rows() {
            synth.push(row, &texture, &mut out);
        }
        out[0]
    });
}

#[divan::bench(sample_count = 10)]
fn analysis(bencher: Bencher) {
    let codec = SpectralCodec::new(BandAxis::standard());
    let samples = sound();
    bencher.bench_local(|| -> Frames { codec.analyse(&samples) });
}
