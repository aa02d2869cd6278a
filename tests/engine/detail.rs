//! The recording itself, steered by the latent: what the engine makes of a recording and a gain.

use crate::sounds::recorded::{CHUNK_LEN, key, recording, steered, wide_music};
use crate::sounds::{CHUNK_FRAMES, chord};
use songspace::audio::{AudioEngine, AudioOptions, BlockRenderer, Playback};
use songspace::dsp::BandAxis;
use songspace::values::{ChunkAudio, Course, DecodedChunk, Frames, Steering, Timing};
use std::sync::Arc;
use std::time::{Duration, Instant};

const RATE_HZ: usize = 44_100;

fn engine(detail: f32) -> (AudioEngine, BlockRenderer) {
    engine_at(detail, 1.0)
}

fn engine_at(detail: f32, speed: f32) -> (AudioEngine, BlockRenderer) {
    let (engine, renderer) = AudioEngine::detached(AudioOptions::default(), RATE_HZ as u32).expect("an ordinary rate");
    engine.set_playback(Playback {
        volume: 1.0,
        detail,
        speed,
        ..Playback::default()
    });
    (engine, renderer)
}

fn model() -> ChunkAudio {
    chord(&BandAxis::standard(), 110.0, -4.0)
}

fn heard(renderer: &mut BlockRenderer, secs: f32) -> Vec<[f32; 2]> {
    let mut block = vec![0.0; 2 * (secs * RATE_HZ as f32) as usize];
    renderer.render(&mut block, 2);
    block.as_chunks::<2>().0.to_vec()
}

/// The best residual of `heard` against `gain * wave` over where it may have begun, in dB, both channels together.
fn residual_db(heard: &[[f32; 2]], gain: f32, from: std::ops::Range<usize>, wave: impl Fn(usize) -> [f32; 2]) -> f32 {
    let power: f32 = heard.iter().flatten().map(|sample| sample * sample).sum();
    let wave: Vec<[f32; 2]> = (from.start..from.end + heard.len()).map(wave).collect();
    let error = |shift: usize, of: &[[f32; 2]]| -> f32 {
        let pairs = of.iter().zip(&wave[shift..]);
        pairs
            .flat_map(|(a, b)| [a[0] - gain * b[0], a[1] - gain * b[1]])
            .map(|d| d * d)
            .sum()
    };
    let shifts = 0..from.len();
    // A short look finds the place, a long one says how good it is.
    let best = shifts
        .min_by(|a, b| error(*a, &heard[..64]).total_cmp(&error(*b, &heard[..64])))
        .expect("somewhere");
    10.0 * (error(best, heard) / power).log10()
}

#[test]
fn under_its_own_labels_a_point_is_its_recording_in_both_channels() {
    for (gain, factor) in [(None, 1.0), (Some(0.0), 1.0), (Some(-0.7), (-0.7f32).exp())] {
        let (engine, mut renderer) = engine(1.0);
        engine.publish_recording(recording(key("a", 2), wide_music));
        engine.publish(Arc::new(steered(model(), 1, key("a", 2), gain)));
        engine.play();
        let sound = heard(&mut renderer, 2.0);
        let residual = residual_db(
            &sound[20_000..80_000],
            factor,
            2 * CHUNK_LEN + 15_000..2 * CHUNK_LEN + 21_000,
            wide_music,
        );
        assert!(residual < -80.0, "gain {gain:?}: {residual} dB");
    }
}

#[test]
fn a_song_is_its_recording_across_the_borders_of_its_chunks() {
    let (engine, mut renderer) = engine(1.0);
    for index in [5, 6, 7] {
        engine.publish_recording(recording(key("a", index), wide_music));
    }
    let first = steered(model(), 1, key("a", 5), None);
    let row: Vec<Arc<DecodedChunk>> = [5, 6, 7]
        .map(|index| {
            Arc::new(DecodedChunk {
                asked_at: first.asked_at,
                ..steered(model(), 1, key("a", index), None)
            })
        })
        .to_vec();
    engine.publish_row(&row);
    engine.play();
    let sound = heard(&mut renderer, 8.0);
    let middle = &sound[20_000..20_000 + 300_000];
    let residual = residual_db(middle, 1.0, 5 * CHUNK_LEN + 15_000..5 * CHUNK_LEN + 21_000, wide_music);
    assert!(residual < -80.0, "{residual} dB");
}

#[test]
fn without_detail_or_recording_the_model_sounds_as_ever() {
    let plain = |chunk: DecodedChunk, detail: f32, with_recording: bool| {
        let (engine, mut renderer) = engine(detail);
        if with_recording {
            engine.publish_recording(recording(key("a", 2), wide_music));
        }
        engine.publish(Arc::new(chunk));
        engine.play();
        heard(&mut renderer, 1.0)
    };
    let never_recorded = DecodedChunk {
        steering: None,
        ..steered(model(), 1, key("a", 2), None)
    };
    let model_alone = plain(never_recorded, 1.0, true);
    assert!(model_alone.iter().any(|frame| frame[0].abs() > 0.05));
    assert_eq!(plain(steered(model(), 1, key("a", 2), None), 0.0, true), model_alone);
    assert_eq!(plain(steered(model(), 1, key("a", 2), None), 1.0, false), model_alone);
}

#[test]
fn a_recording_that_comes_late_fades_in_over_the_model_without_a_gap() {
    let (engine, mut renderer) = engine(1.0);
    engine.publish(Arc::new(steered(model(), 1, key("a", 2), None)));
    engine.play();
    let before = heard(&mut renderer, 0.5);
    assert!(
        before[10_000..].iter().all(|frame| frame[0] == frame[1]),
        "the model is in the middle"
    );
    engine.publish_recording(recording(key("a", 2), wide_music));
    let after = heard(&mut renderer, 1.0);
    let quietest = after
        .chunks_exact(882)
        .map(|part| part.iter().flatten().map(|sample| sample * sample).sum::<f32>() / 1_764.0)
        .fold(f32::INFINITY, f32::min);
    assert!(quietest.sqrt() > 0.04, "it falls to {}", quietest.sqrt());
    let residual = residual_db(
        &after[12_000..40_000],
        1.0,
        2 * CHUNK_LEN + 20_000..2 * CHUNK_LEN + 60_000,
        wide_music,
    );
    assert!(residual < -80.0, "{residual} dB after the fade");
}

#[test]
fn a_chunk_of_samples_sounds_by_itself_until_its_recording_comes_and_again_without_detail() {
    let tone = |hz: f32, rate_hz: u32| ChunkAudio::Pcm {
        samples: (0..3 * rate_hz as usize)
            .map(|i| 0.2 * (std::f32::consts::TAU * hz * i as f32 / rate_hz as f32).sin())
            .collect(),
        channels: 1,
        sample_rate_hz: rate_hz,
    };
    let left_hz = |sound: &[[f32; 2]]| {
        let left: Vec<f32> = sound.iter().map(|frame| frame[0]).collect();
        crate::sounds::loudest_hz(&left, RATE_HZ as u32)
    };
    let (engine, mut renderer) = engine(1.0);
    let mut chunk = steered(tone(1_000.0, 24_000), 1, key("a", 2), None);
    chunk.steering.as_mut().expect("it is steered").levels = Some(Arc::new(model()));
    engine.publish(Arc::new(chunk));
    engine.play();
    let alone = heard(&mut renderer, 0.6);
    assert!((left_hz(&alone[10_000..]) - 1_000.0).abs() < 30.0);
    engine.publish_recording(recording(key("a", 2), wide_music));
    let recorded = heard(&mut renderer, 1.0);
    let places = 2 * CHUNK_LEN + 20_000..2 * CHUNK_LEN + 66_000;
    let residual = residual_db(&recorded[12_000..40_000], 1.0, places, wide_music);
    assert!(residual < -80.0, "{residual} dB after the fade");
    engine.set_playback(Playback {
        volume: 1.0,
        detail: 0.0,
        ..Playback::default()
    });
    let alone_again = heard(&mut renderer, 0.6);
    assert!((left_hz(&alone_again[12_000..]) - 1_000.0).abs() < 30.0);
}

#[test]
fn between_model_and_recording_the_levels_lie_between() {
    let power = |detail: f32| {
        let (engine, mut renderer) = engine(detail);
        engine.publish_recording(recording(key("a", 2), wide_music));
        engine.publish(Arc::new(steered(model(), 1, key("a", 2), None)));
        engine.play();
        let sound = heard(&mut renderer, 1.5);
        let left: Vec<f32> = sound[20_000..].iter().map(|frame| frame[0]).collect();
        crate::sounds::mean_power(&left)
    };
    let (model, half, full) = (power(0.0), power(0.5), power(1.0));
    // 110 Hz is in the model alone, bin 5.
    let level = |power: &[f32]| 10.0 * power[5].log10();
    let (low, middle, high) = (level(&full), level(&half), level(&model));
    assert!(low < middle - 3.0 && middle < high - 3.0, "{low} {middle} {high} dB");
}

#[test]
fn at_other_speeds_the_channels_keep_their_levels_and_what_lies_between_them() {
    let bands = |sound: &[[f32; 2]]| {
        let channel =
            |side: usize| crate::sounds::mean_power(&sound.iter().map(|frame| frame[side]).collect::<Vec<_>>());
        let (left, right) = (channel(0), channel(1));
        let sum = |power: &[f32], from: f32, to: f32| -> f32 {
            let bin = |hz: f32| (hz / 44_100.0 * 2_048.0) as usize;
            power[bin(from)..bin(to)].iter().sum()
        };
        [
            (180.0, 260.0),
            (380.0, 520.0),
            (600.0, 760.0),
            (1_200.0, 1_500.0),
            (3_000.0, 12_000.0),
        ]
        .map(|(from, to)| 10.0 * (sum(&left, from, to) / sum(&right, from, to)).log10())
    };
    let correlation = |sound: &[[f32; 2]]| {
        let sum = |product: fn(&[f32; 2]) -> f32| sound.iter().map(product).sum::<f32>();
        sum(|f| f[0] * f[1]) / (sum(|f| f[0] * f[0]) * sum(|f| f[1] * f[1])).sqrt()
    };
    let wave: Vec<[f32; 2]> = (0..CHUNK_LEN).map(wide_music).collect();
    for speed in [0.5, 2.0] {
        let (engine, mut renderer) = engine_at(1.0, speed);
        engine.publish_recording(recording(key("a", 0), wide_music));
        engine.publish(Arc::new(steered(model(), 1, key("a", 0), None)));
        engine.play();
        let sound = heard(&mut renderer, 2.2);
        let steady = &sound[22_050..];
        for (index, (heard, wanted)) in bands(steady).iter().zip(bands(&wave)).enumerate() {
            assert!(
                (heard - wanted).abs() < 0.5,
                "speed {speed}, band {index}: {heard} dB instead of {wanted}"
            );
        }
        let (heard, wanted) = (correlation(steady), correlation(&wave));
        assert!(
            (heard - wanted).abs() < 0.05,
            "speed {speed}: correlation {heard} instead of {wanted}"
        );
    }
}

#[test]
fn a_switch_between_recordings_never_cuts_the_wave() {
    let sine = |hz: f64| move |i: usize| [0.3 * (std::f64::consts::TAU * hz * i as f64 / 44_100.0).sin() as f32; 2];
    let (engine, mut renderer) = engine(1.0);
    engine.publish_recording(recording(key("low", 1), sine(200.0)));
    engine.publish_recording(recording(key("high", 1), sine(310.0)));
    engine.publish(Arc::new(steered(model(), 1, key("low", 1), None)));
    engine.play();
    let mut sound = heard(&mut renderer, 0.5);
    for switch in 0..8u64 {
        let clip = ["high", "low"][switch as usize % 2];
        engine.publish(Arc::new(steered(model(), 2 + switch, key(clip, 1), Some(0.2))));
        sound.extend(heard(&mut renderer, 0.11));
    }
    let steepest = sound[10_000..]
        .windows(2)
        .map(|pair| (pair[1][0] - pair[0][0]).abs())
        .fold(0.0, f32::max);
    // Both sines together at their steepest, raised by the gain; a cut would step by up to .6.
    let wave = 0.3 * std::f32::consts::TAU * (200.0 + 310.0) / 44_100.0 * 0.2f32.exp();
    assert!(
        steepest < 1.2 * wave,
        "{steepest} where the waves themselves reach {wave}"
    );
}

/// Part `number` of a row without end: `frames` frames of chunk `index` of `clip` from `from` on.
fn leg(clip: &str, index: u64, (from, frames): (usize, usize), number: u64, asked_at: Instant) -> Arc<DecodedChunk> {
    let whole = steered(model(), 1, key(clip, index), None);
    let ChunkAudio::Spectral { log_amplitude, texture } = &whole.audio else {
        unreachable!("the model gives levels")
    };
    let cut = |rows: &Frames| rows.slice(from, from + frames);
    let audio = ChunkAudio::Spectral {
        log_amplitude: cut(log_amplitude),
        texture: cut(texture),
    };
    let steering = whole.steering.clone().map(|steering| Steering {
        skip_samples: from * 256,
        ..steering
    });
    Arc::new(DecodedChunk {
        asked_at,
        audio,
        steering,
        course: Some(Course { number, is_jump: true }),
        ..whole
    })
}

#[test]
fn a_row_without_end_grows_and_lets_go_and_is_its_recordings_all_the_way() {
    let (engine, mut renderer) = engine(1.0);
    let asked_at = Instant::now();
    let mut sound = Vec::new();
    engine.play();
    // More than a minute and a half of one clip, half a chunk at a time: more than is kept.
    let (legs, half) = (80u64, CHUNK_FRAMES / 2);
    let mut published = 0;
    while (sound.len() as f32) < 100.0 * 44_100.0 {
        let playing = engine.course_place().map_or(0, |(number, _)| number);
        while published < legs && published <= playing + 2 {
            let (index, part) = (published / 2 + 5, (published % 2) as usize);
            engine.publish_recording(recording(key("a", index), wide_music));
            engine.publish_row(&[leg("a", index, (part * half, half), published, asked_at)]);
            published += 1;
        }
        sound.extend(heard(&mut renderer, 0.2));
    }
    assert_eq!(engine.course_end(), Some((1, published - 1)));
    for from in [20_000, 1_500_000, 4_000_000] {
        let begin = 5 * CHUNK_LEN + from;
        let residual = residual_db(
            &sound[from..from + 200_000],
            1.0,
            begin - 6_000..begin + 6_000,
            wide_music,
        );
        assert!(residual < -80.0, "{residual} dB at {from}");
    }
}

#[test]
fn a_newer_row_without_end_goes_on_at_the_same_moment_of_the_same_part() {
    let (engine, mut renderer) = engine(1.0);
    let first = Instant::now();
    for index in [5, 6, 7] {
        engine.publish_recording(recording(key("a", index), wide_music));
        engine.publish_row(&[leg("a", index, (0, CHUNK_FRAMES), index, first)]);
    }
    engine.play();
    let mut sound = heard(&mut renderer, 4.0);
    let (number, _) = engine.course_place().expect("a row without end sounds");
    assert_eq!(number, 6, "one chunk and a bit have sounded");
    let newer = |index: u64| {
        let chunk = leg("a", index, (0, CHUNK_FRAMES), index, first + Duration::from_millis(1));
        Arc::new(DecodedChunk {
            generation: 2,
            ..DecodedChunk::clone(&chunk)
        })
    };
    engine.publish_row(&[newer(6), newer(7)]);
    sound.extend(heard(&mut renderer, 1.0));
    assert_eq!(engine.course_place().map(|place| place.0), Some(6));
    let begin = 5 * CHUNK_LEN + 20_000;
    let residual = residual_db(&sound[20_000..200_000], 1.0, begin - 6_000..begin + 6_000, wide_music);
    assert!(residual < -60.0, "{residual} dB: nothing is heard of the change");
}

#[test]
fn a_part_at_another_pace_lasts_as_much_shorter() {
    let (engine, mut renderer) = engine(1.0);
    let asked_at = Instant::now();
    for (number, pace) in [(0u64, 1.05f32), (1, 1.0)] {
        engine.publish_recording(recording(key("a", number), wide_music));
        let chunk = leg("a", number, (0, CHUNK_FRAMES), number, asked_at);
        engine.publish_row(&[Arc::new(DecodedChunk {
            timing: Timing {
                pace,
                ..Timing::default()
            },
            ..DecodedChunk::clone(&chunk)
        })]);
    }
    engine.play();
    let mut samples = 0;
    while engine.course_place().is_none_or(|(number, _)| number == 0) {
        samples += heard(&mut renderer, 0.01).len();
        assert!(samples < 10 * 44_100, "the second part never comes");
    }
    let expected = CHUNK_LEN as f32 / 1.05;
    assert!(
        (samples as f32 / expected - 1.0).abs() < 0.01,
        "{samples} instead of {expected}"
    );
}
