//! The real-time core neither allocates nor frees, and whatever it is told, its output is finite and in -1..=1.
//!
//! This binary has its own allocator that counts what happens inside `assert_no_alloc`. The crate's default feature
//! would make it do nothing in the release profile, so the counting ones are switched on in Cargo.toml, and a test
//! proves that the alarm rings.

mod sounds;

use assert_no_alloc::{AllocDisabler, assert_no_alloc, violation_count};
use proptest::prelude::*;
use songspace::audio::{AudioEngine, AudioOptions, ClockPlay, KeyPlay, Mode, Note, Playback, Quantise};
use songspace::dsp::BandAxis;
use songspace::values::{BeatGrid, ChunkAudio, Frames, KeyChange, KeyEvent, LoopRegion, Timing};
use sounds::recorded::{key, recording, steered, wide_music};
use sounds::{chord, decoded, sine, tone};
use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

#[global_allocator]
static ALLOCATOR: AllocDisabler = AllocDisabler;

const RATE_HZ: usize = 48_000;

#[test]
fn the_alarm_rings() {
    let before = violation_count();
    assert_no_alloc(|| drop(black_box(Vec::<u8>::with_capacity(100))));
    assert_eq!(violation_count() - before, 2, "one allocation, one release");
}

#[test]
fn a_minute_of_playing_never_allocates() {
    let axis = BandAxis::standard();
    let spectral: Vec<ChunkAudio> = [110.0, 330.0, 700.0]
        .iter()
        .map(|hz| chord(&axis, *hz, -4.0))
        .chain([tone(&axis, 2_000.0)])
        .collect();
    let stereo = ChunkAudio::Pcm {
        samples: (0..200_000).map(|i| 0.2 * (i as f32 * 0.05).sin()).collect(),
        channels: 2,
        sample_rate_hz: 22_050,
    };
    let pieces: Vec<_> = (0..40).map(|place| recording(key("clip", place), wide_music)).collect();
    let recordings = [Arc::new(sine(440.0, 44_100, 3.0)), Arc::new(stereo)];
    let (engine, mut renderer) = AudioEngine::detached(AudioOptions::default(), RATE_HZ as u32).expect("a usual rate");
    let block_frames = 256;
    let mut block = vec![0.0f32; 2 * block_frames];
    let mut events = Vec::new();
    engine.play();
    let before = violation_count();
    let mut loud_blocks = 0;
    let mut score = None;
    let (mut notes, mut fresh) = (0, 0);
    for index in 0..60 * RATE_HZ / block_frames {
        // A drag at 50 chunks a second for most of the minute, and every other control now and then.
        if index % 4 == 0 && index % 1_000 < 800 {
            let pick = index / 4 % (spectral.len() + 1);
            let audio = spectral
                .get(pick)
                .cloned()
                .unwrap_or_else(|| (*recordings[index % 2]).clone());
            let is_spectral = matches!(audio, ChunkAudio::Spectral { .. });
            engine.publish(if is_spectral && index % 3 > 0 {
                // One of forty recordings, of which the engine holds some; with and without a gain.
                let place = key("clip", (index / 16 % 40) as u64);
                let gain = (index % 3 == 1).then_some(0.5);
                let mut chunk = steered(audio, index as u64, place, gain);
                chunk.timing = Timing {
                    grid: Some(BeatGrid {
                        first: (index % 90) as f32,
                        period: 60.0 + (index % 50) as f32,
                    }),
                    ..Timing::default()
                };
                Arc::new(chunk)
            } else {
                decoded(audio, index as u64)
            });
        }
        // Recordings arrive, mostly late, and push others out.
        if index % 18 == 5 {
            engine.publish_recording(Arc::clone(&pieces[index / 18 % pieces.len()]));
        }
        match index % 211 {
            7 => engine.set_original(Some(Arc::clone(&recordings[index % 2]))),
            31 => engine.hear_original(true),
            101 => engine.hear_original(false),
            131 => engine.seek((index % 10) as f32 / 10.0),
            139 => engine.start_at((index % 4) as f32 / 2.0, index as u64),
            151 => engine.stop(),
            157 => engine.play(),
            181 => engine.set_original(None),
            _ => {}
        }
        play_keys_and_clock(&engine, index);
        if index % 97 == 0 {
            let mode = [Mode::Loop, Mode::OneShot, Mode::Freeze, Mode::Loop][index / 97 % 4];
            let speed = [1.0, 0.25, 4.0, 0.7][index / 97 % 4];
            engine.set_playback(Playback {
                mode,
                speed,
                detail: [1.0, 0.5, 0.0][index / 97 % 3],
                region: (index / 97 % 5 > 2).then_some(LoopRegion {
                    begin_secs: 0.02 * (index % 7) as f32,
                    end_secs: 0.4 + 0.1 * (index % 9) as f32,
                }),
                start_secs: (index / 97 % 2 == 0).then_some(0.1),
                ..Playback::default()
            });
        }
        // A take now and then: voices without a past take over while it sounds.
        match index % 1_500 {
            400 => score = Some(engine.begin_score()),
            1_300 => engine.end_score(),
            _ => {}
        }
        if let Some(score) = score.as_ref().filter(|_| index % 100 == 50) {
            let news = score.read();
            assert_eq!(news.lost, 0);
            notes += news.notes.len();
            fresh += news
                .notes
                .iter()
                .filter(|note| matches!(note, Note::Fresh { .. }))
                .count();
        }
        assert_no_alloc(|| renderer.render(&mut block, 2));
        assert!(block.iter().all(|sample| sample.is_finite() && sample.abs() <= 1.0));
        loud_blocks += usize::from(block.iter().any(|sample| sample.abs() > 1e-3));
        if index % 500 == 0 {
            // Rendered far faster than real time: give the monitor its turn to free what came back.
            std::thread::sleep(Duration::from_millis(15));
            events.extend(engine.poll_events());
        }
    }
    assert_eq!(violation_count() - before, 0);
    assert!(notes > 1_000 && fresh >= 5, "{notes} notes, {fresh} times fresh voices");
    assert!(
        loud_blocks > 5_000,
        "only {loud_blocks} of 11250 blocks sounded: {events:?}"
    );
}

/// Keys for a third of the time, sixteen and more of them, from the attack and along; a clock for half of it.
fn play_keys_and_clock(engine: &AudioEngine, index: usize) {
    if index.is_multiple_of(300) {
        engine.set_keys(KeyPlay {
            on: index / 300 % 3 == 1,
            from_attack: index / 300 % 2 == 1,
            drone: index / 300 % 4 == 1,
            keeps_envelope: !(index / 300).is_multiple_of(5),
            ..KeyPlay::default()
        });
        engine.set_clock(ClockPlay {
            on: index / 600 % 2 == 1,
            bpm: 80.0 + (index % 100) as f32,
            metronome: true,
            quantise: [Quantise::Off, Quantise::Beat, Quantise::Bar][index / 300 % 3],
            ..ClockPlay::default()
        });
    }
    let note = 30 + (index * 7 % 70) as u8;
    let change = match index % 6 {
        0 | 3 => KeyChange::On { note, velocity: 0.7 },
        1 => KeyChange::Off {
            note: 30 + ((index + 200) * 7 % 70) as u8,
        },
        2 => KeyChange::Bend((index % 100) as f32 / 100.0),
        4 if index % 60 == 4 => KeyChange::AllOff,
        4 => KeyChange::Sustain(index % 120 < 60),
        _ => return,
    };
    engine.key(KeyEvent {
        channel: (index % 3) as u8,
        change,
    });
}

#[derive(Clone, Debug)]
enum Act {
    Keys(KeyPlay, Vec<KeyEvent>),
    Clock(ClockPlay),
    Publish(ChunkAudio),
    PublishRow(Vec<ChunkAudio>),
    /// A chunk steered from a recording of any samples.
    Steered(ChunkAudio, Vec<f32>, Option<f32>),
    Original(Option<ChunkAudio>),
    Hear(bool),
    Play,
    Stop,
    Playback(Playback),
    Seek(f32),
    Render(usize),
}

fn any_spectral() -> impl Strategy<Value = ChunkAudio> {
    let bands = BandAxis::standard().bands();
    (
        1usize..40,
        prop::collection::vec(prop_oneof![any::<f32>(), -9.0f32..1.0], 7),
        0.0f32..2.0,
    )
        .prop_map(move |(frames, levels, depth)| ChunkAudio::Spectral {
            log_amplitude: Frames::from_vec(bands, (0..frames * bands).map(|i| levels[i % levels.len()]).collect()),
            texture: Frames::from_vec(bands, vec![depth; frames * bands]),
        })
}

fn any_pcm() -> impl Strategy<Value = ChunkAudio> {
    let sample = prop_oneof![any::<f32>(), -2.0f32..2.0];
    (
        prop::collection::vec(sample, 0..3_000),
        0usize..4,
        prop_oneof![Just(44_100u32), Just(24_000), Just(0), Just(96_000)],
    )
        .prop_map(|(samples, channels, sample_rate_hz)| ChunkAudio::Pcm {
            channels,
            samples,
            sample_rate_hz,
        })
}

fn any_chunk() -> impl Strategy<Value = ChunkAudio> {
    prop_oneof![any_spectral(), any_pcm()]
}

fn any_act() -> impl Strategy<Value = Act> {
    let marks = (
        prop::option::of((any::<f32>(), any::<f32>())),
        prop::option::of(0.0f32..4.0),
    );
    let knobs = (0usize..3, any::<f32>(), any::<f32>(), any::<f32>(), 0.0f32..=1.0, marks);
    let playback = knobs.prop_map(|(mode, speed, volume, texture, detail, (region, start_secs))| {
        Act::Playback(Playback {
            mode: [Mode::Loop, Mode::OneShot, Mode::Freeze][mode],
            speed,
            volume,
            texture,
            detail,
            region: region.map(|(begin_secs, end_secs)| LoopRegion { begin_secs, end_secs }),
            start_secs,
        })
    });
    let wild = prop::collection::vec(prop_oneof![any::<f32>(), -2.0f32..2.0], 1..50);
    let steered = (any_spectral(), wild, prop::option::of(any::<f32>()));
    let keys = (
        any::<[bool; 5]>(),
        any::<[f32; 4]>(),
        prop::collection::vec((any::<u8>(), 0u8..128, any::<f32>(), 0u8..5), 0..24),
    );
    let keys = keys.prop_map(
        |([drone, keeps_envelope, from_attack, per_note, on], [root, attack, release, bend], events)| {
            let event = |(channel, note, value, kind)| KeyEvent {
                channel,
                change: match kind {
                    0 => KeyChange::Off { note },
                    1 => KeyChange::Bend(value),
                    2 => KeyChange::Sustain(value > 0.0),
                    _ => KeyChange::On { note, velocity: value },
                },
            };
            let play = KeyPlay {
                on: on || !drone,
                drone,
                keeps_envelope,
                from_attack,
                per_note,
                root,
                attack_secs: attack,
                release_secs: release,
                bend_semitones: bend,
                ..KeyPlay::default()
            };
            Act::Keys(play, events.into_iter().map(event).collect())
        },
    );
    let clock = (any::<bool>(), any::<f32>(), any::<u8>(), 0usize..3).prop_map(|(on, bpm, beats_per_bar, quantise)| {
        Act::Clock(ClockPlay {
            on,
            bpm,
            beats_per_bar,
            quantise: [Quantise::Off, Quantise::Beat, Quantise::Bar][quantise],
            metronome: on,
        })
    });
    prop_oneof![
        2 => keys,
        1 => clock,
        4 => any_chunk().prop_map(Act::Publish),
        1 => prop::collection::vec(any_chunk(), 0..4).prop_map(Act::PublishRow),
        2 => steered.prop_map(|(audio, samples, gain)| Act::Steered(audio, samples, gain)),
        1 => prop::option::of(any_pcm()).prop_map(Act::Original),
        1 => any::<bool>().prop_map(Act::Hear),
        2 => Just(Act::Play),
        1 => Just(Act::Stop),
        1 => playback,
        1 => prop_oneof![any::<f32>(), 0.0f32..1.0].prop_map(Act::Seek),
        6 => (1usize..=8_192).prop_map(Act::Render),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn any_acts_render_finite_sound_in_range(
        acts in prop::collection::vec(any_act(), 1..24),
        channels in 1usize..=8,
        rate_hz in prop_oneof![Just(8_000u32), Just(44_100), Just(48_000), Just(192_000)],
    ) {
        let (engine, mut renderer) = AudioEngine::detached(AudioOptions::default(), rate_hz).expect("a usual rate");
        engine.play();
        for (generation, act) in acts.into_iter().enumerate() {
            match act {
                Act::Publish(audio) => engine.publish(decoded(audio, generation as u64)),
                Act::PublishRow(row) => {
                    let row: Vec<_> = row.into_iter().map(|audio| decoded(audio, generation as u64)).collect();
                    engine.publish_row(&row);
                }
                Act::Steered(audio, samples, gain) => {
                    let place = key("wild", generation as u64 % 3);
                    let sample = |i: usize| [samples[i % samples.len()], samples[i / 3 % samples.len()]];
                    engine.publish_recording(recording(place.clone(), sample));
                    let mut chunk = steered(audio, generation as u64, place, gain);
                    chunk.timing.grid = gain.map(|first| BeatGrid { first, period: first.abs() });
                    engine.publish(Arc::new(chunk));
                }
                Act::Original(audio) => engine.set_original(audio.map(Arc::new)),
                Act::Hear(original) => engine.hear_original(original),
                Act::Play => engine.play(),
                Act::Stop => engine.stop(),
                Act::Playback(playback) => engine.set_playback(playback),
                Act::Seek(position) => engine.seek(position),
                Act::Keys(play, events) => {
                    engine.set_keys(play);
                    for event in events {
                        engine.key(event);
                    }
                }
                Act::Clock(clock) => engine.set_clock(clock),
                Act::Render(frames) => {
                    let mut block = vec![f32::NAN; frames * channels];
                    renderer.render(&mut block, channels);
                    for sample in &block {
                        prop_assert!(sample.is_finite() && sample.abs() <= 1.0, "{sample}");
                    }
                    prop_assert!((0.0..=1.0).contains(&engine.position()));
                }
            }
        }
    }
}
