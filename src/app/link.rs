//! Beats shared with other programs, behind a trait of ours: Ableton Link, or a fake in tests.

use super::clock_follower::FollowedBeat;
use crate::audio::AudioEngine;
use crate::sync::Worker;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Looked at so often.
const LOOK_EVERY: Duration = Duration::from_millis(20);
/// Beats that everybody counts together: where a bar begins is shared.
pub const QUANTUM: f64 = 4.0;

/// A session of programs that share tempo and beats. No call blocks.
pub trait BeatSession: Send + Sync {
    /// The beat that is due now, counted so that all agree modulo [`QUANTUM`], and the tempo.
    fn now(&self) -> FollowedBeat;
    /// Changes the tempo of everybody.
    fn set_tempo(&self, bpm: f64);
    /// Others in the session.
    fn peers(&self) -> usize;
}

/// Ableton Link by the crate `ablink`.
pub struct AbletonLink(ablink::Link);

impl AbletonLink {
    /// Joins the session of this network, or opens one with this tempo.
    pub fn join(bpm: f64) -> Self {
        let link = ablink::Link::new(bpm);
        link.enable();
        Self(link)
    }
}

impl BeatSession for AbletonLink {
    fn now(&self) -> FollowedBeat {
        let state = self.0.capture_session_state();
        let (moment, at) = (self.0.now(), Instant::now());
        FollowedBeat {
            beat: state.beat_at_time(moment, ablink::Beats::from_f64(QUANTUM)).to_f64(),
            at,
            bpm: state.tempo(),
        }
    }

    fn set_tempo(&self, bpm: f64) {
        self.0.set_tempo(bpm);
    }

    fn peers(&self) -> usize {
        self.0.num_peers()
    }
}

/// Leads the engine's clock to a session's while it lives.
pub struct LinkPlay {
    session: Arc<dyn BeatSession>,
    _worker: Worker,
}

impl LinkPlay {
    /// Follows `session` on a thread of its own.
    pub fn start(audio: AudioEngine, session: Arc<dyn BeatSession>) -> Self {
        let followed = Arc::clone(&session);
        let follow = move |stop: &crate::sync::StopFlag| {
            while !stop.is_stopped() {
                follow(&audio, followed.as_ref());
                std::thread::sleep(LOOK_EVERY);
            }
        };
        Self {
            session,
            _worker: Worker::spawn("link", follow, |message| log::error!("Link died: {message}")),
        }
    }

    /// The tempo of the session.
    pub fn bpm(&self) -> f32 {
        self.session.now().bpm as f32
    }

    /// Changes the tempo of everybody.
    pub fn set_tempo(&self, bpm: f32) {
        self.session.set_tempo(f64::from(bpm));
    }

    /// Others in the session.
    pub fn peers(&self) -> usize {
        self.session.peers()
    }
}

/// Our count may differ from the session's by whole bars of [`QUANTUM`] beats.
fn follow(audio: &AudioEngine, session: &dyn BeatSession) {
    let theirs = session.now();
    let ours = audio.clock().beat_at(theirs.at);
    let off = theirs.beat - ours;
    let near = off - (off / QUANTUM).round() * QUANTUM;
    let beat = FollowedBeat {
        beat: ours + near,
        ..theirs
    };
    beat.steer(audio);
}
