//! Loops round a part of a sound, and sounds that begin elsewhere than at their beginning.

use crate::sounds::recorded::{CHUNK_LEN, key, recording, steered};
use crate::sounds::{CHUNK_FRAMES, chord, decoded, engine, loudest_hz, tone};
use songspace::audio::{AudioEngine, BlockRenderer, Playback};
use songspace::dsp::BandAxis;
use songspace::values::{ChunkAudio, LoopRegion};
use std::sync::Arc;

const RATE_HZ: usize = 44_100;
const HOP: usize = 256;

fn secs(frames: usize) -> f32 {
    (frames * HOP) as f32 / RATE_HZ as f32
}

/// Frames `begin..end` of what sounds.
fn region(begin: usize, end: usize) -> Option<LoopRegion> {
    Some(LoopRegion {
        begin_secs: secs(begin),
        end_secs: secs(end),
    })
}

/// The left channel of the next `samples`.
fn heard(renderer: &mut BlockRenderer, samples: usize) -> Vec<f32> {
    let mut block = vec![0.0; 2 * samples];
    renderer.render(&mut block, 2);
    block.as_chunks::<2>().0.iter().map(|[left, _]| *left).collect()
}

/// Two tones that fit nowhere to what comes later.
fn wave(i: usize) -> f32 {
    let turn = |hz: f64| (std::f64::consts::TAU * hz * i as f64 / RATE_HZ as f64).sin() as f32;
    0.2 * turn(173.3) + 0.1 * turn(411.7)
}

const BEGIN: usize = 90;
const END: usize = 250;

fn largest(samples: impl Iterator<Item = f32>) -> f32 {
    samples.map(f32::abs).fold(0.0, f32::max)
}

/// The sound of a chunk as a recording under the model, or as samples of a waveform codec.
fn sounding(as_recording: bool, playback: Playback) -> (AudioEngine, BlockRenderer) {
    let (engine, renderer) = engine(playback);
    if as_recording {
        let model = chord(&BandAxis::standard(), 110.0, -4.0);
        engine.publish_recording(recording(key("a", 2), |i| [wave(i); 2]));
        engine.publish(Arc::new(steered(model, 1, key("a", 2), None)));
    } else {
        engine.publish(decoded(
            ChunkAudio::Pcm {
                channels: 1,
                samples: (0..CHUNK_LEN).map(|i| wave(2 * CHUNK_LEN + i)).collect(),
                sample_rate_hz: RATE_HZ as u32,
            },
            1,
        ));
    }
    engine.play();
    (engine, renderer)
}

#[test]
fn a_region_goes_round_by_its_own_length_to_the_sample_and_without_a_click() {
    let round = (END - BEGIN) * HOP;
    for as_recording in [true, false] {
        let (engine, mut renderer) = sounding(
            as_recording,
            Playback {
                region: region(BEGIN, END),
                ..Playback::default()
            },
        );
        heard(&mut renderer, RATE_HZ);
        let sound = heard(&mut renderer, 5 * round);
        let apart = largest(sound.iter().zip(&sound[round..]).map(|(a, b)| a - b));
        assert!(apart < 2e-4, "recording {as_recording}: two rounds are {apart} apart");
        // Other lengths are no rounds of it.
        for other in [CHUNK_LEN, round + HOP, round - HOP / 2] {
            let apart = largest(sound.iter().zip(&sound[other..]).map(|(a, b)| a - b));
            assert!(apart > 0.05, "{other} samples: {apart}");
        }
        // One round is the recording itself but for the fade, the last 8 hops, and the windows that reach out of it.
        let whole: Vec<f32> = ((BEGIN + 4) * HOP..(END - 12) * HOP)
            .map(|i| wave(2 * CHUNK_LEN + i))
            .collect();
        let residual = |from: usize| {
            let pairs = sound[from..from + whole.len()].iter().zip(&whole);
            largest(pairs.map(|(a, b)| a - b))
        };
        let begin = (0..round)
            .min_by(|a, b| {
                // Some moments of all of it: two tones are alike elsewhere for a while.
                let look = |from: usize| -> f32 {
                    let pairs = sound[from..].iter().zip(&whole).step_by(97);
                    pairs.map(|(a, b)| (a - b).powi(2)).sum()
                };
                look(*a).total_cmp(&look(*b))
            })
            .expect("somewhere");
        assert!(residual(begin) < 2e-3, "recording {as_recording}: {}", residual(begin));
        // Where it goes round, no sample jumps further than two of these waves do at equal power.
        let step = |sound: &[f32]| largest(sound.windows(2).map(|pair| pair[1] - pair[0]));
        let own = step(&whole);
        let seam = step(&sound[begin + whole.len()..begin + round]);
        assert!(
            seam < 1.5 * own,
            "recording {as_recording}: {seam} at the seam, {own} within"
        );
        assert!((BEGIN..END).contains(&((engine.position() * CHUNK_FRAMES as f32) as usize + 8)));
    }
}

#[test]
fn the_model_alone_goes_round_a_region_at_any_speed() {
    let axis = BandAxis::standard();
    let (
        ChunkAudio::Spectral {
            log_amplitude: low,
            texture,
        },
        ChunkAudio::Spectral {
            log_amplitude: high, ..
        },
    ) = (tone(&axis, 500.0), tone(&axis, 3_000.0))
    else {
        unreachable!("tones are frames");
    };
    // High outside of the region.
    let mut levels = high.clone();
    for frame in BEGIN - 16..END {
        levels.row_mut(frame).copy_from_slice(low.row(frame));
    }
    for speed in [0.5, 1.0, 2.0] {
        let (engine, mut renderer) = engine(Playback {
            region: region(BEGIN, END),
            speed,
            ..Playback::default()
        });
        engine.publish(decoded(
            ChunkAudio::Spectral {
                log_amplitude: levels.clone(),
                texture: texture.clone(),
            },
            1,
        ));
        engine.play();
        heard(&mut renderer, RATE_HZ / 2);
        for _ in 0..40 {
            let sound = heard(&mut renderer, 4_096);
            let hz = loudest_hz(&sound, RATE_HZ as u32);
            assert!((hz - 500.0).abs() < 60.0, "{hz} Hz at speed {speed}");
        }
    }
}

#[test]
fn a_region_that_is_set_while_it_sounds_is_gone_into_and_left_again() {
    let (engine, mut renderer) = sounding(true, Playback::default());
    heard(&mut renderer, RATE_HZ / 10);
    let frame = |engine: &AudioEngine| (engine.position() * CHUNK_FRAMES as f32) as usize;
    assert!(frame(&engine) < BEGIN);
    let mut playback = engine.playback();
    playback.region = region(BEGIN, END);
    engine.set_playback(playback);
    heard(&mut renderer, 4 * HOP);
    assert!((BEGIN..END).contains(&frame(&engine)), "{}", frame(&engine));
    // From a start point before it, it comes in by itself.
    playback.start_secs = Some(secs(10));
    engine.set_playback(playback);
    engine.seek(20.0 / CHUNK_FRAMES as f32);
    heard(&mut renderer, 30 * HOP);
    assert!((45..60).contains(&frame(&engine)), "{}", frame(&engine));
    heard(&mut renderer, 3 * RATE_HZ);
    assert!((BEGIN - 9..END).contains(&frame(&engine)), "{}", frame(&engine));
    playback.region = None;
    engine.set_playback(playback);
    heard(&mut renderer, (END - BEGIN + 10) * HOP);
    assert!(
        !(BEGIN..END).contains(&frame(&engine)),
        "all of it loops again: {}",
        frame(&engine)
    );
}

#[test]
fn a_sound_begins_at_its_start_point_and_no_other_does() {
    let (engine, mut renderer) = sounding(false, Playback::default());
    heard(&mut renderer, RATE_HZ / 4);
    let chunk = |generation| decoded(tone(&BandAxis::standard(), 700.0), generation);
    let frame = |engine: &AudioEngine| (engine.position() * CHUNK_FRAMES as f32).round() as usize;
    engine.start_at(secs(300), 7);
    // An answer that was on its way goes on where the sound is.
    engine.publish(chunk(6));
    heard(&mut renderer, 10 * HOP);
    assert!(frame(&engine) < 80, "{}", frame(&engine));
    engine.publish(chunk(7));
    heard(&mut renderer, 10 * HOP);
    assert!((305..315).contains(&frame(&engine)), "{}", frame(&engine));
    engine.publish(chunk(8));
    heard(&mut renderer, 10 * HOP);
    assert!((315..325).contains(&frame(&engine)), "{}", frame(&engine));
}
