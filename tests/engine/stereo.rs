//! Two channels through the whole engine: recordings keep theirs apart, the model sounds in the middle of them, and a
//! device with one channel loses nothing.

use crate::sounds::{chord, decoded, loudest_hz};
use songspace::audio::{AudioEngine, AudioEvent, AudioOptions, Playback};
use songspace::dsp::BandAxis;
use songspace::values::ChunkAudio;

/// A recording of one sine on the left and another one on the right.
fn two_sines(left_hz: f32, right_hz: f32, rate_hz: u32) -> ChunkAudio {
    let sample = |hz: f32, i: usize| 0.25 * (std::f32::consts::TAU * hz * i as f32 / rate_hz as f32).sin();
    ChunkAudio::Pcm {
        samples: (0..3 * rate_hz as usize)
            .flat_map(|i| [sample(left_hz, i), sample(right_hz, i)])
            .collect(),
        channels: 2,
        sample_rate_hz: rate_hz,
    }
}

/// A second and a half of `audio` on a device of `channels`, after what the engine needs to begin: one vector per channel.
fn heard(audio: ChunkAudio, playback: Playback, rate_hz: u32, channels: usize) -> Vec<Vec<f32>> {
    let (engine, mut renderer) = AudioEngine::detached(AudioOptions::default(), rate_hz).expect("an ordinary rate");
    engine.set_playback(playback);
    engine.publish(decoded(audio, 1));
    engine.play();
    let mut block = vec![0.0; 2 * rate_hz as usize * channels];
    renderer.render(&mut block, channels);
    let begun = rate_hz as usize / 2;
    let channel = |channel| {
        block
            .iter()
            .skip(channel)
            .step_by(channels)
            .skip(begun)
            .copied()
            .collect()
    };
    (0..channels).map(channel).collect()
}

fn full() -> Playback {
    Playback {
        volume: 1.0,
        ..Playback::default()
    }
}

#[test]
fn the_model_sounds_alike_in_both_channels_and_on_a_mono_device() {
    let audio = chord(&BandAxis::standard(), 110.0, -4.0);
    for rate_hz in [44_100, 48_000] {
        let stereo = heard(audio.clone(), full(), rate_hz, 2);
        assert!(stereo[0].iter().any(|sample| sample.abs() > 0.05));
        assert_eq!(stereo[0], stereo[1]);
        let mono = heard(audio.clone(), full(), rate_hz, 1);
        assert_eq!(mono[0], stereo[0]);
    }
}

#[test]
fn a_stereo_recording_passes_untouched_at_speed_one() {
    let audio = two_sines(440.0, 660.0, 44_100);
    let ChunkAudio::Pcm { samples: wave, .. } = audio.clone() else {
        unreachable!()
    };
    let heard = heard(audio, full(), 44_100, 2);
    for (channel, heard) in heard.iter().enumerate() {
        let wave: Vec<f32> = wave.iter().skip(channel).step_by(2).copied().collect();
        let middle = &heard[10_000..40_000];
        let error = |shift: usize| -> f32 {
            let pairs = middle.iter().zip(&wave[shift..]);
            pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
        };
        let best = (25_000..40_000).map(error).fold(f32::MAX, f32::min);
        assert!(best < 1e-3, "largest error {best} in channel {channel}");
    }
}

#[test]
fn channels_stay_apart_at_any_rate_and_speed() {
    for recorded_hz in [24_000, 44_100] {
        for speed in [0.5, 1.0, 2.0] {
            let playback = Playback { speed, ..full() };
            let heard = heard(two_sines(400.0, 1_000.0, recorded_hz), playback, 48_000, 2);
            for (heard, hz) in heard.iter().zip([400.0, 1_000.0]) {
                let loudest = loudest_hz(heard, 48_000);
                assert!((loudest - hz).abs() < 30.0, "{loudest} for {hz} Hz at speed {speed}");
            }
        }
    }
}

#[test]
fn a_mono_device_hears_a_recording_whose_channels_are_opposite() {
    let ChunkAudio::Pcm {
        mut samples,
        channels,
        sample_rate_hz,
    } = two_sines(440.0, 440.0, 44_100)
    else {
        unreachable!()
    };
    samples
        .iter_mut()
        .skip(1)
        .step_by(2)
        .for_each(|sample| *sample = -*sample);
    let audio = ChunkAudio::Pcm {
        samples,
        channels,
        sample_rate_hz,
    };
    let heard = heard(audio, full(), 44_100, 1);
    let peak = heard[0].iter().fold(0.0f32, |peak, sample| peak.max(sample.abs()));
    assert!((peak - 0.25).abs() < 0.01, "{peak}");
}

#[test]
fn more_than_two_channels_are_refused_with_a_reason() {
    let (engine, _renderer) = AudioEngine::detached(AudioOptions::default(), 44_100).expect("an ordinary rate");
    for channels in [0, 3] {
        let audio = ChunkAudio::Pcm {
            samples: vec![0.1; 300],
            channels,
            sample_rate_hz: 44_100,
        };
        engine.publish(decoded(audio, 1));
    }
    let rejected = |event: &AudioEvent| matches!(event, AudioEvent::Rejected(reason) if reason.contains("channels"));
    assert_eq!(engine.poll_events().iter().filter(|event| rejected(event)).count(), 2);
}
