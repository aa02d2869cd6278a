//! Keys play what sounds: their pitches, their envelopes, their pedals, on sound that was rendered.

mod clock;
mod shared_clock;
#[path = "../sounds/mod.rs"]
mod sounds;
mod spectra;

use songspace::audio::{AudioEngine, BlockRenderer, KeyPlay, Mode, Playback};
use songspace::dsp::BandAxis;
use songspace::values::{KeyChange, KeyEvent, Scale, hz_of_key, key_of_hz};
use sounds::recorded::{key, recording, steered, wide_music};
use sounds::{chord, decoded, engine, sine};
use spectra::{FUNDAMENTAL_HZ, amplitude, cents_off, envelope_db, voice};
use std::sync::Arc;

const RATE_HZ: usize = 44_100;

/// An engine that plays the recording `wave` under keys, its own pitch on the key of `root_hz`.
fn keyed(
    wave: impl Fn(usize) -> [f32; 2],
    root_hz: f32,
    playback: Playback,
    keys: KeyPlay,
) -> (AudioEngine, BlockRenderer) {
    let (engine, renderer) = engine(playback);
    engine.set_keys(KeyPlay {
        on: true,
        root: key_of_hz(root_hz),
        ..keys
    });
    engine.publish_recording(recording(key("a", 2), wave));
    let model = chord(&BandAxis::standard(), 110.0, -4.0);
    engine.publish(Arc::new(steered(model, 1, key("a", 2), None)));
    engine.play();
    (engine, renderer)
}

fn press(engine: &AudioEngine, note: u8) {
    change(engine, KeyChange::On { note, velocity: 1.0 });
}

fn change(engine: &AudioEngine, change: KeyChange) {
    engine.key(KeyEvent { channel: 0, change });
}

fn heard(renderer: &mut BlockRenderer, secs: f32) -> Vec<[f32; 2]> {
    let mut block = vec![0.0; 2 * (secs * RATE_HZ as f32) as usize];
    renderer.render(&mut block, 2);
    block.as_chunks::<2>().0.to_vec()
}

fn left(sound: &[[f32; 2]]) -> Vec<f32> {
    sound.iter().map(|frame| frame[0]).collect()
}

fn rms(sound: &[[f32; 2]]) -> f32 {
    let sum: f32 = sound.iter().flatten().map(|sample| sample * sample).sum();
    (sum / (2 * sound.len()) as f32).sqrt()
}

#[test]
fn without_a_key_there_is_silence_and_with_a_drone_the_sound_itself() {
    let (_engine, mut renderer) = keyed(wide_music, 220.0, Playback::default(), KeyPlay::default());
    heard(&mut renderer, 0.5);
    assert!(rms(&heard(&mut renderer, 0.5)) < 1e-6);
    let drone = KeyPlay {
        drone: true,
        ..KeyPlay::default()
    };
    let (_engine, mut renderer) = keyed(wide_music, 220.0, Playback::default(), drone);
    heard(&mut renderer, 0.5);
    assert!(rms(&heard(&mut renderer, 0.5)) > 0.01);
}

#[test]
fn the_root_key_is_the_recording_itself_in_stereo() {
    let (engine, mut renderer) = keyed(wide_music, 261.625_6, Playback::default(), KeyPlay::default());
    press(&engine, 60);
    let sound = heard(&mut renderer, 2.0);
    let sound = &sound[30_000..60_000];
    // Where in the recording it is: the place with the least difference.
    let begin = 2 * sounds::recorded::CHUNK_LEN + 27_000;
    let difference = |shift: usize, len: usize| -> f32 {
        let pairs = sound[..len].iter().enumerate();
        pairs
            .map(|(i, frame)| {
                let own = wide_music(begin + shift + i);
                (frame[0] - own[0]).powi(2) + (frame[1] - own[1]).powi(2)
            })
            .sum()
    };
    let best = (0..6_000).min_by(|a, b| difference(*a, 64).total_cmp(&difference(*b, 64)));
    let power: f32 = sound.iter().flatten().map(|sample| sample * sample).sum();
    let error_db = 10.0 * (difference(best.unwrap(), sound.len()) / power).log10();
    assert!(error_db < -45.0, "{error_db} dB");
}

#[test]
fn a_chord_has_the_fundamentals_of_its_keys_and_the_formants_of_the_sound() {
    for keeps_envelope in [true, false] {
        let keys = KeyPlay {
            keeps_envelope,
            ..KeyPlay::default()
        };
        // One after the other, so that their partials are told apart.
        for note in [48, 52, 55, 60, 64, 67, 71] {
            let (engine, mut renderer) = keyed(voice, FUNDAMENTAL_HZ as f32, Playback::default(), keys);
            press(&engine, note);
            let sound = left(&heard(&mut renderer, 2.2)[40_000..]);
            let hz = f64::from(hz_of_key(f32::from(note)));
            let off = cents_off(&sound, hz);
            assert!(off.abs() < 5.0, "key {note}: {off} cents");
            if !keeps_envelope {
                continue;
            }
            // Every partial lies on the sound's envelope, as loud as that is at its frequency.
            for number in 1..=12 {
                let at = hz * f64::from(number);
                if !(FUNDAMENTAL_HZ..2_600.0).contains(&at) {
                    continue;
                }
                let level = 20.0 * amplitude(&sound, at).log10();
                let wanted = envelope_db(at) as f32;
                assert!(
                    (level - wanted).abs() < 1.0,
                    "key {note}, partial {number} at {at:.0} Hz: {level:.2} instead of {wanted:.2} dB"
                );
            }
        }
    }
}

#[test]
fn sixteen_notes_sound_together_and_the_seventeenth_takes_the_place_of_the_oldest() {
    let (engine, mut renderer) = keyed(voice, FUNDAMENTAL_HZ as f32, Playback::default(), KeyPlay::default());
    for step in 0..17 {
        press(&engine, 40 + 2 * step);
    }
    heard(&mut renderer, 0.5);
    assert_eq!(engine.notes_sounding(), 16);
    let sound = left(&heard(&mut renderer, 1.5));
    let level = |note: u8| 20.0 * amplitude(&sound, f64::from(hz_of_key(f32::from(note)))).log10();
    assert!(
        level(40) < level(42) - 30.0,
        "the oldest has gone: {} {}",
        level(40),
        level(42)
    );
    for step in 1..17 {
        assert!(level(40 + 2 * step) > -60.0, "key {} is missing", 40 + 2 * step);
    }
}

#[test]
fn a_key_let_go_fades_and_the_pedal_holds_it() {
    let keys = KeyPlay {
        release_secs: 0.1,
        ..KeyPlay::default()
    };
    let (engine, mut renderer) = keyed(voice, FUNDAMENTAL_HZ as f32, Playback::default(), keys);
    press(&engine, 60);
    change(&engine, KeyChange::Sustain(true));
    let before = rms(&heard(&mut renderer, 0.5)[11_025..]);
    change(&engine, KeyChange::Off { note: 60 });
    let held = rms(&heard(&mut renderer, 0.5));
    assert!(held > 0.7 * before, "the pedal does not hold: {held} of {before}");
    change(&engine, KeyChange::Sustain(false));
    heard(&mut renderer, 0.2);
    assert!(rms(&heard(&mut renderer, 0.1)) < 1e-6);
    assert_eq!(engine.notes_sounding(), 0);
}

#[test]
fn a_soft_key_is_softer_and_an_attack_takes_its_time() {
    let level = |velocity: f32, attack_secs: f32| {
        let keys = KeyPlay {
            attack_secs,
            ..KeyPlay::default()
        };
        let (engine, mut renderer) = keyed(voice, FUNDAMENTAL_HZ as f32, Playback::default(), keys);
        heard(&mut renderer, 0.5);
        change(&engine, KeyChange::On { note: 60, velocity });
        rms(&heard(&mut renderer, 0.1))
    };
    let (loud, soft, slow) = (level(1.0, 0.001), level(0.25, 0.001), level(1.0, 1.0));
    assert!((soft / loud - 0.125).abs() < 0.02, "{soft} of {loud}");
    assert!(slow < 0.1 * loud, "{slow} of {loud}");
}

#[test]
fn bends_reach_their_note_alone_where_every_note_has_its_own() {
    let keys = KeyPlay {
        per_note: true,
        bend_semitones: 48.0,
        ..KeyPlay::default()
    };
    let (engine, mut renderer) = keyed(voice, FUNDAMENTAL_HZ as f32, Playback::default(), keys);
    for (channel, note) in [(1, 57), (2, 64)] {
        let change = KeyChange::On { note, velocity: 1.0 };
        engine.key(KeyEvent { channel, change });
    }
    let change = KeyChange::Bend(3.0 / 48.0);
    engine.key(KeyEvent { channel: 2, change });
    let sound = left(&heard(&mut renderer, 2.2)[40_000..]);
    let level = |note: f32| 20.0 * amplitude(&sound, f64::from(hz_of_key(note))).log10();
    assert!(
        level(57.0) > -40.0 && level(67.0) > -40.0,
        "{} {}",
        level(57.0),
        level(67.0)
    );
    assert!(level(64.0) < level(67.0) - 30.0, "the bent note has left its key");
    assert!(level(60.0) < level(57.0) - 30.0, "the other one has stayed");
}

#[test]
fn keys_are_held_to_the_scale() {
    let keys = KeyPlay {
        scale: Scale::Major,
        ..KeyPlay::default()
    };
    let (engine, mut renderer) = keyed(voice, FUNDAMENTAL_HZ as f32, Playback::default(), keys);
    press(&engine, 61);
    let sound = left(&heard(&mut renderer, 2.2)[40_000..]);
    assert!(cents_off(&sound, f64::from(hz_of_key(60.0))).abs() < 5.0);
}

#[test]
fn the_model_alone_frozen_and_stretched_sound_and_samples_are_in_tune_too() {
    let axis = BandAxis::standard();
    let frozen = Playback {
        mode: Mode::Freeze,
        ..Playback::default()
    };
    let slow = Playback {
        speed: 0.6,
        ..Playback::default()
    };
    for playback in [frozen, slow] {
        let (engine, mut renderer) = keyed(voice, FUNDAMENTAL_HZ as f32, playback, KeyPlay::default());
        // Away from the seam of the loop, where two waves meet under one window.
        engine.seek(0.3);
        heard(&mut renderer, 0.3);
        press(&engine, 65);
        let sound = left(&heard(&mut renderer, 2.2)[40_000..]);
        let off = cents_off(&sound, f64::from(hz_of_key(65.0)));
        assert!(off.abs() < 5.0, "{playback:?}: {off} cents");
    }
    for audio in [sine(220.0, 44_100, 3.0), sounds::tone(&axis, 215.33)] {
        let root_hz = if matches!(audio, songspace::values::ChunkAudio::Pcm { .. }) {
            220.0
        } else {
            215.33
        };
        let (engine, mut renderer) = engine(Playback::default());
        engine.set_keys(KeyPlay {
            on: true,
            root: key_of_hz(root_hz),
            ..KeyPlay::default()
        });
        engine.publish(decoded(audio, 1));
        engine.play();
        press(&engine, 64);
        let sound = left(&heard(&mut renderer, 2.2)[40_000..]);
        let off = cents_off(&sound, f64::from(hz_of_key(64.0)));
        assert!(off.abs() < 5.0, "{root_hz} Hz: {off} cents");
    }
}

#[test]
fn every_note_begins_at_the_attack_at_once_and_ends_with_the_sound() {
    // Struck after 0.9 s of quiet, it rings for a second.
    let struck = |i: usize| {
        let place = i as f64 - 2.0 * sounds::recorded::CHUNK_LEN as f64 - 40_000.0;
        let quiet = 0.001 * (i as f32 * 0.05).sin();
        let level = if place < 0.0 { 0.0 } else { (-place / 12_000.0).exp() };
        let tone = (std::f64::consts::TAU * 220.0 * place / 44_100.0).sin()
            + 0.3 * (std::f64::consts::TAU * 660.0 * place / 44_100.0).sin();
        [(0.3 * level * tone) as f32 + quiet; 2]
    };
    let keys = KeyPlay {
        from_attack: true,
        attack_secs: 0.001,
        ..KeyPlay::default()
    };
    let (engine, mut renderer) = keyed(struck, 220.0, Playback::default(), keys);
    heard(&mut renderer, 0.3);
    for note in [57, 64] {
        press(&engine, note);
        let sound = heard(&mut renderer, 0.5);
        let loud = sound.iter().position(|frame| frame[0].abs() > 0.05);
        assert!(
            loud.is_some_and(|at| at < 700),
            "key {note}: loud after {loud:?} samples"
        );
    }
    assert_eq!(engine.notes_sounding(), 2);
    heard(&mut renderer, 2.5);
    assert_eq!(engine.notes_sounding(), 0, "the sound is over");
    assert!(rms(&heard(&mut renderer, 0.2)) < 1e-6);
}

#[test]
fn a_key_is_heard_in_the_next_hop() {
    let (engine, mut renderer) = keyed(voice, FUNDAMENTAL_HZ as f32, Playback::default(), KeyPlay::default());
    heard(&mut renderer, 0.5);
    press(&engine, 67);
    let sound = heard(&mut renderer, 0.1);
    let first = sound.iter().position(|frame| frame[0].abs() > 1e-4);
    assert!(first.is_some_and(|at| at < 2 * 256), "after {first:?} samples");
}
