//! The master clock on rendered sound: loops in time with the metronome, at their own pitch, taking over at beats.

use super::sounds::recorded::{CHUNK_LEN, key, recording, steered};
use super::sounds::{CHUNK_FRAMES, chord};
use super::spectra::cents_off;
use super::{RATE_HZ, engine, heard, left};
use songspace::audio::{AudioEngine, BlockRenderer, ClockPlay, Playback, Quantise};
use songspace::dsp::BandAxis;
use songspace::values::{BeatGrid, DecodedChunk, LoopRegion, Timing};
use std::sync::Arc;

/// Clicks at `bpm`, the first `first` samples into chunk 2, over a tone of `hz`.
fn beats(bpm: f64, first: usize, hz: f64) -> impl Fn(usize) -> [f32; 2] {
    let period = 60.0 / bpm * RATE_HZ as f64;
    move |i| {
        let since = (i as f64 - (2 * CHUNK_LEN + first) as f64).rem_euclid(period);
        let noise = ((i as u32).wrapping_mul(2_654_435_761) >> 16) as f64 / 32_768.0 - 1.0;
        let click = 0.5 * (-since / 150.0).exp() * noise;
        let tone = 0.03 * (std::f64::consts::TAU * hz * i as f64 / RATE_HZ as f64).sin();
        [(click + tone) as f32; 2]
    }
}

/// The chunk under those clicks, which follows a clock.
fn chunk(bpm: f64, first: usize, generation: u64, place: u64) -> Arc<DecodedChunk> {
    let frame_rate = RATE_HZ as f64 / 256.0;
    let model = chord(&BandAxis::standard(), 110.0, -4.0);
    let mut chunk = steered(model, generation, key("a", place), None);
    chunk.timing = Timing {
        grid: Some(BeatGrid {
            first: first as f32 / 256.0,
            period: (60.0 / bpm * frame_rate) as f32,
        }),
        ..Timing::default()
    };
    Arc::new(chunk)
}

fn clocked(bpm: f64, first: usize, clock: ClockPlay) -> (AudioEngine, BlockRenderer) {
    let (engine, renderer) = engine(Playback::default());
    engine.set_clock(ClockPlay { on: true, ..clock });
    engine.publish_recording(recording(key("a", 2), beats(bpm, first, 500.0)));
    engine.publish(chunk(bpm, first, 1, 2));
    engine.play();
    (engine, renderer)
}

/// Where the energy of `sound` rises most round `at`, in samples.
fn attack_near(sound: &[f32], at: usize, reach: usize) -> usize {
    let energy = |from: usize| {
        sound[from..from + 64]
            .windows(2)
            .map(|pair| (pair[1] - pair[0]).powi(2))
            .sum::<f32>()
            + 1e-7
    };
    (at.saturating_sub(reach).max(128)..(at + reach).min(sound.len() - 128))
        .step_by(8)
        .max_by(|a, b| {
            let rise = |at: usize| energy(at) / energy(at - 64);
            rise(*a).total_cmp(&rise(*b))
        })
        .unwrap_or(at)
}

/// Milliseconds that the clicks of a loop at `own` lie beside the beats of a clock at `master`.
fn offsets_ms(own: f64, master: f32) -> Vec<f32> {
    let clock = ClockPlay {
        bpm: master,
        ..ClockPlay::default()
    };
    let (_engine, mut renderer) = clocked(own, 3_000, clock);
    let sound = left(&heard(&mut renderer, 12.0));
    let clock = ClockPlay {
        metronome: true,
        ..clock
    };
    // The same clock alone, clicking.
    let (silent, mut renderer) = engine(Playback::default());
    silent.set_clock(ClockPlay { on: true, ..clock });
    silent.play();
    let clicks = left(&heard(&mut renderer, 12.0));
    let period = 60.0 / f64::from(master) * RATE_HZ as f64;
    let first = attack_near(&clicks, period as usize, 4_000);
    // A loop of half the tempo clicks on every other beat.
    let every = (f64::from(master) / own).round().max(1.0) as i32;
    (1..)
        .step_by(every as usize)
        .map(|beat| first + (f64::from(beat) * period) as usize)
        .take_while(|at| at + 6_000 < sound.len())
        .map(|at| (attack_near(&sound, at, 2_500) as f32 - at as f32) / RATE_HZ as f32 * 1e3)
        .collect()
}

#[test]
fn a_loop_is_in_time_with_the_metronome_at_any_tempo() {
    for (own, master) in [(120.0, 120.0), (104.0, 120.0), (131.0, 117.0), (70.0, 140.0)] {
        let offsets = offsets_ms(own, master);
        let near = offsets.iter().filter(|offset| offset.abs() < 8.0).count();
        assert!(near * 10 >= offsets.len() * 9, "{own} at {master}: {offsets:?}");
    }
}

#[test]
fn a_loop_stretched_to_the_clock_keeps_its_pitch() {
    let clock = ClockPlay {
        bpm: 126.0,
        ..ClockPlay::default()
    };
    let (_engine, mut renderer) = clocked(108.0, 3_000, clock);
    let sound = left(&heard(&mut renderer, 3.0)[44_100..]);
    let off = cents_off(&sound, 500.0);
    assert!(off.abs() < 10.0, "{off} cents");
}

#[test]
fn another_sound_takes_over_at_the_next_bar_where_it_has_to_wait() {
    for (quantise, beats_to_wait) in [(Quantise::Off, 0.0), (Quantise::Beat, 1.0), (Quantise::Bar, 4.0)] {
        let clock = ClockPlay {
            bpm: 120.0,
            quantise,
            ..ClockPlay::default()
        };
        let (engine, mut renderer) = clocked(120.0, 3_000, clock);
        engine.publish_recording(recording(key("a", 3), |i| [0.3 * (i as f32 * 0.3).sin(); 2]));
        // A quarter of a beat after a bar has begun.
        heard(&mut renderer, 4.0 + 0.125);
        engine.publish(chunk(120.0, 3_000, 2, 3));
        let sound = left(&heard(&mut renderer, 3.0));
        let level = |from: usize| sound[from..from + 512].iter().map(|sample| sample.abs()).sum::<f32>() / 512.0;
        let begins = (0..sound.len() - 512).step_by(128).find(|from| level(*from) > 0.15);
        let secs = begins.map(|from| from as f32 / RATE_HZ as f32);
        let wanted = if beats_to_wait > 0.0 {
            beats_to_wait * 0.5 - 0.125
        } else {
            0.03
        };
        assert!(
            secs.is_some_and(|secs| (secs - wanted).abs() < 0.06),
            "{quantise:?}: after {secs:?} s instead of {wanted}"
        );
    }
}

#[test]
fn a_row_of_frames_without_a_beat_plays_as_it_did() {
    let play = |on: bool| {
        let (engine, mut renderer) = engine(Playback::default());
        engine.set_clock(ClockPlay {
            on,
            ..ClockPlay::default()
        });
        engine.publish_recording(recording(key("a", 2), beats(90.0, 3_000, 400.0)));
        let model = chord(&BandAxis::standard(), 110.0, -4.0);
        engine.publish(Arc::new(steered(model, 1, key("a", 2), None)));
        engine.play();
        heard(&mut renderer, 1.5 * CHUNK_FRAMES as f32 * 256.0 / RATE_HZ as f32)
    };
    assert_eq!(play(true), play(false));
}

/// Three beats of a region are a loop of three beats, whose tempo is the clock's.
#[test]
fn a_region_of_three_beats_goes_round_in_three_beats() {
    let bpm = 120.0;
    let beat = RATE_HZ / 2;
    let (engine, mut renderer) = clocked(
        bpm,
        4_000,
        ClockPlay {
            bpm: 120.0,
            ..ClockPlay::default()
        },
    );
    let mut playback = engine.playback();
    // From a little before the second beat to a little before the fifth.
    let at = |samples: usize| samples as f32 / RATE_HZ as f32;
    playback.region = Some(LoopRegion {
        begin_secs: at(4_000 + beat) - 0.02,
        end_secs: at(4_000 + 4 * beat) + 0.1,
    });
    engine.set_playback(playback);
    heard(&mut renderer, 1.0);
    let sound = left(&heard(&mut renderer, 8.0));
    let alike = |lag: usize| {
        let pairs = || {
            sound
                .iter()
                .zip(&sound[lag..])
                .map(|(a, b)| (f64::from(*a), f64::from(*b)))
        };
        let product: f64 = pairs().map(|(a, b)| a * b).sum();
        let power: f64 = pairs().map(|(a, b)| 0.5 * (a * a + b * b)).sum();
        product / power
    };
    assert!(alike(3 * beat) > 0.95, "{}", alike(3 * beat));
    for beats in [1, 2, 4] {
        assert!(alike(beats * beat) < 0.8, "{beats} beats: {}", alike(beats * beat));
    }
}
