//! The clock beside others: what it sends, and the session it shares, with a made-up one and with Link on this machine.

use songspace::app::{AbletonLink, BeatSession, ClockOut, FollowedBeat, LinkPlay, MidiSink};
use songspace::audio::{AudioEngine, AudioOptions, ClockPlay};
use std::net::{Ipv4Addr, UdpSocket};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// An engine that plays in time, to nobody.
fn silent(bpm: f32) -> AudioEngine {
    let engine = AudioEngine::start(AudioOptions {
        silent: true,
        ..AudioOptions::default()
    });
    engine.set_clock(ClockPlay {
        on: true,
        bpm,
        ..ClockPlay::default()
    });
    engine.play();
    engine
}

/// Waits until `reading` (in ms) was within `ms` so many times one after the other.
fn settles(what: &str, ms: f64, reading: impl Fn() -> f64) {
    let deadline = Instant::now() + Duration::from_secs(90);
    let (mut near, mut last) = (0, f64::NAN);
    while near < 40 {
        assert!(Instant::now() < deadline, "{what}: still {last} ms apart");
        std::thread::sleep(Duration::from_millis(15));
        last = reading();
        near = if last.abs() <= ms { near + 1 } else { 0 };
    }
}

/// Milliseconds that `beats` beats are, the nearest whole bar taken off.
fn within_a_bar_ms(beats: f64, bpm: f32) -> f64 {
    (beats - (beats / 4.0).round() * 4.0) * 60e3 / f64::from(bpm)
}

/// A session whose beats are counted from a moment on.
struct Made(Mutex<FollowedBeat>);

impl BeatSession for Made {
    fn now(&self) -> FollowedBeat {
        let anchor = *self.0.lock().unwrap();
        let at = Instant::now();
        FollowedBeat {
            beat: anchor.beat + (at - anchor.at).as_secs_f64() * anchor.bpm / 60.0,
            at,
            bpm: anchor.bpm,
        }
    }

    fn set_tempo(&self, bpm: f64) {
        let now = self.now();
        *self.0.lock().unwrap() = FollowedBeat { bpm, ..now };
    }

    fn peers(&self) -> usize {
        1
    }
}

#[test]
fn the_engine_is_led_to_a_sessions_beats_through_changes_of_tempo() {
    let engine = silent(90.0);
    let session = Arc::new(Made(Mutex::new(FollowedBeat {
        beat: 2.7,
        at: Instant::now(),
        bpm: 128.0,
    })));
    let play = LinkPlay::start(engine.clone(), session.clone());
    for bpm in [128.0, 97.0, 174.0] {
        play.set_tempo(bpm);
        settles(&format!("{bpm} BPM"), 3.0, || {
            let theirs = session.now();
            within_a_bar_ms(engine.clock().beat_at(theirs.at) - theirs.beat, bpm)
        });
    }
}

/// Whether this machine hands a multicast back to itself: containers may not.
fn has_multicast() -> bool {
    let group = Ipv4Addr::new(224, 76, 78, 75);
    let heard = || -> std::io::Result<bool> {
        let ear = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0))?;
        ear.join_multicast_v4(&group, &Ipv4Addr::LOCALHOST)?;
        ear.set_read_timeout(Some(Duration::from_secs(2)))?;
        let mouth = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
        mouth.set_multicast_loop_v4(true)?;
        mouth.send_to(b"?", (group, ear.local_addr()?.port()))?;
        let mut bytes = [0; 4];
        Ok(ear.recv(&mut bytes)? == 1)
    };
    heard().unwrap_or(false)
}

#[test]
fn two_engines_of_one_link_session_beat_together() {
    if !has_multicast() {
        assert!(
            std::env::var_os("CI").is_none(),
            "this machine hands no multicast to itself, so Link cannot be tested"
        );
        eprintln!("not tested: this machine hands no multicast to itself, which Link finds its peers by");
        return;
    }
    let join = |bpm: f64| {
        let (engine, session) = (silent(bpm as f32), Arc::new(AbletonLink::join(bpm)));
        let play = LinkPlay::start(engine.clone(), session);
        (engine, play)
    };
    let (first, second) = (join(120.0), join(93.0));
    let deadline = Instant::now() + Duration::from_secs(60);
    while first.1.peers() == 0 || second.1.peers() == 0 {
        assert!(Instant::now() < deadline, "they do not find each other");
        std::thread::sleep(Duration::from_millis(50));
    }
    for (bpm, sets) in [(140.0, &first.1), (101.0, &second.1)] {
        sets.set_tempo(bpm);
        let other = [&first.1, &second.1];
        let deadline = Instant::now() + Duration::from_secs(30);
        while other.iter().any(|play| (play.bpm() - bpm).abs() > 0.01) {
            assert!(Instant::now() < deadline, "the tempo {bpm} does not arrive");
            std::thread::sleep(Duration::from_millis(20));
        }
        settles("two engines", 3.0, || {
            let now = Instant::now();
            within_a_bar_ms(first.0.clock().beat_at(now) - second.0.clock().beat_at(now), bpm)
        });
    }
}

#[derive(Clone, Default)]
struct Ears(Arc<Mutex<Vec<(u8, Instant)>>>);

impl MidiSink for Ears {
    fn send(&mut self, bytes: &[u8]) {
        self.0.lock().unwrap().push((bytes[0], Instant::now()));
    }
}

#[test]
fn others_are_sent_start_twenty_four_ticks_a_beat_and_stop() {
    let engine = silent(150.0);
    let ears = Ears::default();
    let sender = ClockOut::start(engine.clone(), Box::new(ears.clone()));
    let heard = |wanted: u8| {
        ears.0
            .lock()
            .unwrap()
            .iter()
            .filter(|(byte, _)| *byte == wanted)
            .count()
    };
    let deadline = Instant::now() + Duration::from_secs(60);
    while heard(0xf8) < 150 {
        assert!(Instant::now() < deadline, "{} ticks", heard(0xf8));
        std::thread::sleep(Duration::from_millis(10));
    }
    engine.stop();
    while heard(0xfc) == 0 {
        assert!(Instant::now() < deadline, "no stop");
        std::thread::sleep(Duration::from_millis(10));
    }
    drop(sender);
    let messages = ears.0.lock().unwrap().clone();
    assert!([0xfa, 0xfb].contains(&messages[0].0), "it begins with a start");
    assert_eq!(heard(0xfc), 1);
    let ticks: Vec<Instant> = messages
        .iter()
        .filter(|(byte, _)| *byte == 0xf8)
        .map(|(_, at)| *at)
        .collect();
    let mean_ms = (ticks[149] - ticks[29]).as_secs_f64() * 1e3 / 120.0;
    assert!(
        (mean_ms - 60e3 / 150.0 / 24.0).abs() < 0.4,
        "{mean_ms} ms from tick to tick"
    );
}
