//! The whole engine, all its threads, on the silent back-end: it keeps time, measures, records, and ends.

use crate::sounds::{decoded, loudest_hz, tone};
use songspace::audio::{AudioEngine, AudioEvent, AudioOptions};
use songspace::dsp::BandAxis;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

fn start() -> AudioEngine {
    AudioEngine::start(AudioOptions {
        silent: true,
        ..AudioOptions::default()
    })
}

fn wait_until(what: &str, is_so: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while !is_so() {
        assert!(Instant::now() < deadline, "{what}: it did not happen");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Frequency of the strongest tone in what was heard last.
fn heard_hz(engine: &AudioEngine) -> f32 {
    let mut scope = Vec::new();
    let rate_hz = engine.scope(&mut scope);
    loudest_hz(&scope, rate_hz)
}

#[test]
fn what_is_heard_is_recorded_shown_and_timed() {
    let axis = BandAxis::standard();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("takes/first.wav");
    let engine = start();
    engine.play();
    engine.start_recording(&path).expect("the folder can be written");
    let recorded_secs = || engine.meters().recording_secs.expect("it records");
    for (generation, hz) in [(1, 500.0), (2, 900.0), (3, 700.0)] {
        engine.publish(decoded(tone(&axis, hz), generation));
        wait_until("the chunk is heard", || {
            engine.meters().request_to_sample.readings as u64 == generation && (heard_hz(&engine) - hz).abs() < 50.0
        });
    }
    // The playhead moves by as much as is played, whatever the machine does meanwhile.
    let (from, begun_secs) = (engine.position(), recorded_secs());
    wait_until("a second is recorded", || recorded_secs() > begun_secs + 1.0);
    let moved = (engine.position() - from).rem_euclid(1.0) * 2.972;
    let passed = (recorded_secs() - begun_secs) as f32;
    assert!((moved - passed).abs() < 0.25, "{moved} s of sound in {passed} s");
    wait_until("enough is recorded", || recorded_secs() > 1.5);
    assert!((heard_hz(&engine) - 700.0).abs() < 50.0);
    let meters = engine.meters();
    assert_eq!(meters.request_to_sample.readings, 3, "{meters:?}");
    assert!(
        meters.request_to_sample.p50 > 0.0 && meters.request_to_sample.p50 < 0.5,
        "{:?}",
        meters.request_to_sample
    );
    assert!(
        meters.t_50.p50 > meters.request_to_sample.p50 && meters.peak[0] > 0.05 && meters.rms[0] > 0.02,
        "{meters:?}"
    );
    assert_eq!(meters.peak[0], meters.peak[1], "the model sounds in the middle");
    assert!(meters.device.is_none() && meters.recording_secs.is_some_and(|secs| secs > 1.5));

    engine.stop_recording();
    let take = hound::WavReader::open(&path).expect("the recording is a WAV file");
    let (rate_hz, wave): (u32, Vec<f32>) = (
        take.spec().sample_rate,
        take.into_samples::<i32>()
            .step_by(2)
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
    wait_until("it sounds", || engine.meters().peak[0] > 0.05);
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
fn without_its_device_it_starts_and_says_so() {
    let engine = AudioEngine::start(AudioOptions {
        device: Some("alsa:no_such_card".to_owned()),
        ..AudioOptions::default()
    });
    let deadline = Instant::now() + Duration::from_secs(10);
    loop {
        let unavailable = |event: &AudioEvent| match event {
            // Where there is another card, that one plays.
            AudioEvent::DeviceUnavailable { reason } | AudioEvent::DeviceReplaced { reason, .. } => {
                Some(reason.clone())
            }
            _ => None,
        };
        if let Some(reason) = engine.poll_events().iter().find_map(unavailable) {
            assert!(reason.contains("no_such_card"), "{reason}");
            break;
        }
        assert!(Instant::now() < deadline, "no event says that there is no device");
        std::thread::sleep(Duration::from_millis(5));
    }
    engine.play();
    engine.publish(decoded(tone(&BandAxis::standard(), 500.0), 1));
    wait_until("it plays all the same", || {
        engine.meters().peak[0] > 0.05 && engine.position() > 0.0
    });
}

/// The program is killed in the middle of a recording: the file opens, and lacks a second at most.
#[test]
fn a_killed_recording_opens_and_has_lost_at_most_a_second() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    // A busy machine may be late with one; what the recorder itself loses is the least of three.
    let losses = [0.9, 1.3, 1.7].map(|secs| {
        let path = folder.path().join(format!("take-{secs}.wav"));
        lost_when_killed(&path, Duration::from_secs_f32(secs))
    });
    println!("lost when killed: {losses:?} s");
    assert!(
        losses.iter().copied().fold(f32::MAX, f32::min) < 1.0,
        "{losses:?} s were lost"
    );
}

/// Seconds of sound that were played and are not in the file at `path`, when the program is killed after `secs`.
fn lost_when_killed(path: &Path, secs: Duration) -> f32 {
    let mut program = Command::new(env!("CARGO_BIN_EXE_songspace"))
        .args(["play", "--clip=0", "--silent", "--loop", "--record"])
        .arg(path)
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/demo.songspace"))
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let says = BufReader::new(program.stderr.take().expect("the pipe was asked for"));
    let begins = says
        .lines()
        .map_while(Result::ok)
        .any(|line| line.contains("recording to"));
    let began = Instant::now();
    std::thread::sleep(secs);
    let played = began.elapsed();
    program.kill().expect("it still runs");
    program.wait().expect("it can be collected");
    assert!(begins, "it never recorded");
    let reader = hound::WavReader::open(path).expect("the file opens after a crash");
    let kept = reader.duration() as f32 / reader.spec().sample_rate as f32;
    assert!(kept <= played.as_secs_f32() + 1.0, "{kept} s of {played:?}");
    played.as_secs_f32() - kept
}
