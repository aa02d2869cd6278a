//! The engine without a device: what is published is what is heard.

use crate::sounds::{decoded, loudest_hz, sine, tone};
use songspace::audio::{AudioEngine, AudioEvent, AudioOptions, BlockRenderer, Mode, Playback};
use songspace::dsp::{BandAxis, WhiteNoise};
use songspace::values::ChunkAudio;
use std::sync::Arc;
use std::time::{Duration, Instant};

const RATE_HZ: u32 = 48_000;

fn engine(rate_hz: u32) -> (AudioEngine, BlockRenderer) {
    AudioEngine::detached(AudioOptions::default(), rate_hz).expect("an ordinary rate")
}

fn render_secs(renderer: &mut BlockRenderer, rate_hz: u32, secs: f32) -> Vec<f32> {
    let mut samples = vec![0.0; (secs * rate_hz as f32) as usize];
    renderer.render(&mut samples, 1);
    samples
}

#[test]
fn a_published_chunk_sounds_at_its_pitch_at_any_rate_and_speed() {
    let axis = BandAxis::standard();
    for rate_hz in [22_050, 44_100, 48_000, 96_000] {
        for speed in [0.25, 1.0, 4.0] {
            let (engine, mut renderer) = engine(rate_hz);
            engine.set_playback(Playback {
                speed,
                ..Playback::default()
            });
            engine.publish(decoded(tone(&axis, 1_000.0), 1));
            engine.play();
            render_secs(&mut renderer, rate_hz, 0.3);
            let heard = loudest_hz(&render_secs(&mut renderer, rate_hz, 1.0), rate_hz);
            assert!(
                (heard - 1_000.0).abs() < 50.0,
                "{heard} Hz at rate {rate_hz}, speed {speed}"
            );
        }
    }
}

#[test]
fn the_newest_chunk_wins_and_the_old_one_is_gone_after_the_fade() {
    let axis = BandAxis::standard();
    let (engine, mut renderer) = engine(RATE_HZ);
    engine.play();
    engine.publish(decoded(tone(&axis, 500.0), 1));
    render_secs(&mut renderer, RATE_HZ, 0.5);
    for (generation, hz) in [(2, 3_000.0), (3, 4_000.0), (4, 1_500.0)] {
        engine.publish(decoded(tone(&axis, hz), generation));
    }
    render_secs(&mut renderer, RATE_HZ, 0.15);
    let heard = render_secs(&mut renderer, RATE_HZ, 1.0);
    assert!((loudest_hz(&heard, RATE_HZ) - 1_500.0).abs() < 60.0);
    let power = crate::sounds::mean_power(&heard);
    let level = |hz: f32| {
        let bin = (hz * 2_048.0 / RATE_HZ as f32) as usize;
        10.0 * power[bin - 2..bin + 3].iter().sum::<f32>().max(1e-20).log10()
    };
    for gone in [500.0, 3_000.0, 4_000.0] {
        assert!(level(gone) < level(1_500.0) - 50.0, "{gone} Hz is still heard");
    }
}

#[test]
fn a_recording_passes_untouched_at_speed_one() {
    let (engine, mut renderer) = engine(44_100);
    let audio = sine(440.0, 44_100, 2.0);
    let ChunkAudio::Pcm { samples, .. } = &audio else {
        unreachable!()
    };
    let wave = samples.clone();
    engine.set_playback(Playback {
        volume: 1.0,
        ..Playback::default()
    });
    engine.publish(decoded(audio, 1));
    engine.play();
    let heard = render_secs(&mut renderer, 44_100, 1.5);
    let middle = &heard[20_000..40_000];
    let error = |shift: usize| -> f32 {
        middle
            .iter()
            .zip(&wave[shift..])
            .map(|(a, b)| (a - b).abs())
            .fold(0.0, f32::max)
    };
    let best = (15_000..25_000).map(error).fold(f32::MAX, f32::min);
    assert!(best < 1e-3, "largest error {best}");
}

#[test]
fn a_stretched_recording_keeps_its_pitch_and_loudness() {
    for speed in [0.25, 0.6, 1.7, 4.0] {
        let (engine, mut renderer) = engine(RATE_HZ);
        engine.set_playback(Playback {
            speed,
            volume: 1.0,
            ..Playback::default()
        });
        engine.publish(decoded(sine(440.0, 24_000, 3.0), 1));
        engine.play();
        render_secs(&mut renderer, RATE_HZ, 0.3);
        let heard = render_secs(&mut renderer, RATE_HZ, 1.5);
        assert!((loudest_hz(&heard, RATE_HZ) - 440.0).abs() < 30.0, "speed {speed}");
        let rms = (heard.iter().map(|x| x * x).sum::<f32>() / heard.len() as f32).sqrt();
        assert!(
            (rms / (0.25 / 2f32.sqrt()) - 1.0).abs() < 0.1,
            "rms {rms} at speed {speed}"
        );
    }
}

/// Chunks of a waveform codec: while one fades into another that it has nothing in common with, the power stays.
#[test]
fn waveform_chunks_cross_fade_at_equal_power() {
    let (engine, mut renderer) = engine(44_100);
    let noise = |seed: u32| ChunkAudio::Pcm {
        channels: 1,
        samples: WhiteNoise::new(seed).map(|x| 0.4 * x).take(3 * 24_000).collect(),
        sample_rate_hz: 24_000,
    };
    engine.publish(decoded(noise(1), 1));
    engine.play();
    let power = |samples: &[f32]| samples.iter().map(|x| x * x).sum::<f32>() / samples.len() as f32;
    let steady = power(&render_secs(&mut renderer, 44_100, 1.0)[11_025..]);
    for generation in 2..12 {
        engine.publish(decoded(noise(generation), u64::from(generation)));
        // The whole fade, 46 ms, and a little of what lies round it.
        let fade_db = 10.0 * (power(&render_secs(&mut renderer, 44_100, 0.06)) / steady).log10();
        assert!(
            fade_db.abs() < 1.0,
            "the power moves by {fade_db} dB in fade {generation}"
        );
        render_secs(&mut renderer, 44_100, 0.1);
    }
}

/// A song that is published while it is still being decoded: more of the same row is no switch, so nothing fades.
#[test]
fn a_row_that_grows_sounds_as_if_it_had_been_whole_from_the_beginning() {
    let axis = BandAxis::standard();
    for parts in [
        [sine(440.0, 44_100, 1.0), sine(660.0, 44_100, 1.0)],
        [sine(440.0, 24_000, 1.0), sine(660.0, 24_000, 1.0)],
        [tone(&axis, 500.0), tone(&axis, 900.0)],
    ] {
        let row = parts.map(|audio| decoded(audio, 1));
        let [heard, whole] = [true, false].map(|grows| {
            let (engine, mut renderer) = engine(44_100);
            engine.play();
            engine.publish_row(if grows { &row[..1] } else { &row });
            let mut heard = render_secs(&mut renderer, 44_100, 0.5);
            if grows {
                engine.publish_row(&row);
            }
            heard.extend(render_secs(&mut renderer, 44_100, 3.5));
            heard
        });
        // A recording lags behind the playhead: at first the end of the row is heard, which is another one there.
        let begun = 44_100 / 5;
        let (heard, whole) = (&heard[begun..], &whole[begun..]);
        assert!(heard.iter().any(|sample| sample.abs() > 0.05));
        let differs = heard.iter().zip(whole).position(|(a, b)| a != b);
        assert_eq!(differs, None, "the growing row sounds different");
    }
}

#[test]
fn original_and_reconstruction_alternate_at_the_same_position() {
    let axis = BandAxis::standard();
    let (engine, mut renderer) = engine(RATE_HZ);
    engine.publish(decoded(tone(&axis, 1_000.0), 1));
    engine.set_original(Some(Arc::new(sine(300.0, 44_100, 2.972))));
    engine.play();
    for (original, hz) in [(false, 1_000.0), (true, 300.0), (false, 1_000.0)] {
        let before = engine.position();
        engine.hear_original(original);
        render_secs(&mut renderer, RATE_HZ, 0.2);
        let moved = (engine.position() - before).rem_euclid(1.0);
        assert!((0.05..0.12).contains(&moved), "the playhead jumped by {moved}");
        let heard = loudest_hz(&render_secs(&mut renderer, RATE_HZ, 0.5), RATE_HZ);
        assert!((heard - hz).abs() < 50.0, "{heard} Hz");
    }
}

#[test]
fn a_one_shot_ends_once_in_silence_and_the_next_chunk_begins_again() {
    let axis = BandAxis::standard();
    let (engine, mut renderer) = engine(RATE_HZ);
    engine.set_playback(Playback {
        mode: Mode::OneShot,
        ..Playback::default()
    });
    engine.publish(decoded(tone(&axis, 800.0), 1));
    engine.play();
    let heard = render_secs(&mut renderer, RATE_HZ, 4.0);
    let peak = |from: f32, to: f32| {
        heard[(from * RATE_HZ as f32) as usize..(to * RATE_HZ as f32) as usize]
            .iter()
            .fold(0.0f32, |p, x| p.max(x.abs()))
    };
    assert!(peak(2.0, 2.8) > 0.05);
    assert!(peak(3.3, 4.0) < 1e-3, "{}", peak(3.3, 4.0));
    let deadline = Instant::now() + Duration::from_secs(20);
    let mut ends = 0;
    while ends == 0 && Instant::now() < deadline {
        let events = engine.poll_events();
        ends += events.iter().filter(|event| matches!(event, AudioEvent::Ended)).count();
        std::thread::yield_now();
    }
    assert_eq!(ends, 1);
    engine.publish(decoded(tone(&axis, 800.0), 2));
    let again = render_secs(&mut renderer, RATE_HZ, 0.5);
    assert!(again.iter().fold(0.0f32, |p, x| p.max(x.abs())) > 0.05);
    assert!(engine.position() < 0.3);
}

#[test]
fn freeze_holds_the_playhead_and_sounds_on() {
    let axis = BandAxis::standard();
    let (engine, mut renderer) = engine(RATE_HZ);
    engine.publish(decoded(tone(&axis, 800.0), 1));
    engine.play();
    render_secs(&mut renderer, RATE_HZ, 0.4);
    engine.set_playback(Playback {
        mode: Mode::Freeze,
        ..Playback::default()
    });
    render_secs(&mut renderer, RATE_HZ, 0.1);
    let position = engine.position();
    let heard = render_secs(&mut renderer, RATE_HZ, 5.0);
    assert_eq!(engine.position(), position);
    assert!(heard[heard.len() - 2_000..].iter().fold(0.0f32, |p, x| p.max(x.abs())) > 0.05);
}

#[test]
fn a_foreign_chunk_is_refused_with_a_reason_and_the_sound_goes_on() {
    let axis = BandAxis::standard();
    let (engine, mut renderer) = engine(RATE_HZ);
    engine.publish(decoded(tone(&axis, 800.0), 1));
    engine.play();
    render_secs(&mut renderer, RATE_HZ, 0.3);
    let small = BandAxis::hybrid(22_050, 1_024, 128, 96).expect("an axis");
    engine.publish(decoded(tone(&small, 400.0), 2));
    engine.publish(decoded(
        ChunkAudio::Pcm {
            channels: 1,
            samples: vec![],
            sample_rate_hz: 44_100,
        },
        3,
    ));
    engine.publish(decoded(
        ChunkAudio::Pcm {
            channels: 1,
            samples: vec![0.1],
            sample_rate_hz: 0,
        },
        4,
    ));
    engine.publish_row(&[]);
    let reasons: Vec<String> = engine
        .poll_events()
        .into_iter()
        .filter_map(|event| match event {
            AudioEvent::Rejected(reason) => Some(reason),
            _ => None,
        })
        .collect();
    assert_eq!(reasons.len(), 4, "{reasons:?}");
    assert!(reasons[0].contains("96") && reasons[0].contains("224"), "{reasons:?}");
    assert!((loudest_hz(&render_secs(&mut renderer, RATE_HZ, 0.5), RATE_HZ) - 800.0).abs() < 50.0);
}
