//! The whole engine, all its threads, on the silent back-end: it keeps time, measures, records, and ends.

mod sounds;

use songspace::audio::{AudioEngine, AudioEvent, AudioOptions};
use songspace::dsp::BandAxis;
use sounds::{decoded, loudest_hz, tone};
use std::time::{Duration, Instant};

fn start() -> AudioEngine {
    AudioEngine::start(AudioOptions {
        silent: true,
        ..AudioOptions::default()
    })
}

fn sleep(secs: f32) {
    std::thread::sleep(Duration::from_secs_f32(secs));
}

#[test]
fn what_is_heard_is_recorded_shown_and_timed() {
    let axis = BandAxis::standard();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("takes/first.wav");
    let engine = start();
    engine.play();
    engine.start_recording(&path).expect("the folder can be written");
    for (generation, hz) in [(1, 500.0), (2, 900.0), (3, 700.0)] {
        engine.publish(decoded(tone(&axis, hz), generation));
        sleep(0.4);
    }
    let began = Instant::now();
    let from = engine.position();
    sleep(1.0);
    let moved = (engine.position() - from).rem_euclid(1.0) * 2.972;
    let passed = began.elapsed().as_secs_f32();
    assert!((moved - passed).abs() < 0.25, "{moved} s of sound in {passed} s");

    let mut scope = Vec::new();
    let rate_hz = engine.scope(&mut scope);
    assert!((loudest_hz(&scope, rate_hz) - 700.0).abs() < 50.0);
    let meters = engine.meters();
    assert_eq!(meters.t_first.readings, 3, "{meters:?}");
    assert!(
        meters.t_first.p50 > 0.0 && meters.t_first.p50 < 0.5,
        "{:?}",
        meters.t_first
    );
    assert!(
        meters.t_50.p50 > meters.t_first.p50 && meters.peak > 0.05 && meters.rms > 0.02,
        "{meters:?}"
    );
    assert!(meters.device.is_none() && meters.recording_secs.is_some_and(|secs| secs > 1.5));

    engine.stop_recording();
    let take = hound::WavReader::open(&path).expect("the recording is a WAV file");
    let (rate_hz, wave): (u32, Vec<f32>) = (
        take.spec().sample_rate,
        take.into_samples::<i32>()
            .map(|sample| sample.expect("a sample") as f32 / 8_388_608.0)
            .collect(),
    );
    assert!((loudest_hz(&wave[wave.len() - rate_hz as usize / 2..], rate_hz) - 700.0).abs() < 50.0);
    let events = engine.poll_events();
    assert!(
        events
            .iter()
            .any(|event| matches!(event, AudioEvent::RecordingStopped { lost_samples: 0, .. })),
        "{events:?}"
    );
}

#[test]
fn dropping_the_last_handle_ends_all_threads_soon() {
    let engine = start();
    let clone = engine.clone();
    engine.play();
    engine.publish(decoded(tone(&BandAxis::standard(), 500.0), 1));
    sleep(0.2);
    drop(engine);
    assert!(clone.is_playing());
    let began = Instant::now();
    drop(clone);
    assert!(
        began.elapsed() < Duration::from_secs(2),
        "it took {:?}",
        began.elapsed()
    );
}

#[test]
fn without_any_device_it_starts_and_says_so() {
    let engine = AudioEngine::start(AudioOptions {
        device: Some("alsa:no_such_card".to_owned()),
        ..AudioOptions::default()
    });
    let deadline = Instant::now() + Duration::from_secs(10);
    loop {
        let unavailable = |event: &AudioEvent| match event {
            AudioEvent::DeviceUnavailable { reason } => Some(reason.clone()),
            _ => None,
        };
        if let Some(reason) = engine.poll_events().iter().find_map(unavailable) {
            assert!(reason.contains("no_such_card"), "{reason}");
            break;
        }
        assert!(Instant::now() < deadline, "no event says that there is no device");
        sleep(0.02);
    }
    engine.play();
    engine.publish(decoded(tone(&BandAxis::standard(), 500.0), 1));
    sleep(0.5);
    assert!(engine.meters().peak > 0.05 && engine.position() > 0.0);
}
