//! The master clock as the window runs it: tempo, taps, what it follows and who is sent it; what it moves by itself.

use super::App;
use super::clock_out::ClockOut;
use super::link::{AbletonLink, LinkPlay};
use crate::audio::ClockPlay;
use crate::decode::{Resolved, beat_grid};
use crate::session::{ClockSettings, ClockSync, Modulator, PlayMode};
use std::sync::Arc;
use std::time::Instant;

/// Seconds in which the level that moves controls rises and falls.
const RISE_SECS: f32 = 0.05;
const FALL_SECS: f32 = 0.4;
/// The level that counts as nothing; full scale is 1.
const QUIET_DB: f32 = -48.0;

impl App {
    /// Lets loops follow the clock, or their own tempo.
    pub(super) fn follow_clock(&mut self, on: bool) {
        if self.session.clock.on == on {
            return;
        }
        self.session.clock.on = on;
        self.push_clock();
        if self.session.transport.playing {
            self.request_decode();
        }
    }

    /// Runs the clock so from now on.
    pub(super) fn set_clock(&mut self, settings: ClockSettings) {
        let before = std::mem::replace(
            &mut self.session.settings.clock,
            ClockSettings {
                bpm: settings
                    .bpm
                    .clamp(*ClockSettings::TEMPI.start(), *ClockSettings::TEMPI.end()),
                beats_per_bar: settings.beats_per_bar.clamp(1, 16),
                ..settings
            },
        );
        let now = &self.session.settings.clock;
        if before.sync != now.sync {
            self.midi.hears().follow_clock(now.sync == ClockSync::Midi);
        }
        self.join_link();
        if let Some(link) = self
            .clock
            .link
            .as_ref()
            .filter(|_| before.bpm != self.session.settings.clock.bpm)
        {
            link.set_tempo(self.session.settings.clock.bpm);
        }
        self.push_clock();
    }

    /// Joins the session of other programs where that is asked for, and leaves it.
    pub(super) fn join_link(&mut self) {
        let settings = &self.session.settings.clock;
        let wanted = settings.sync == ClockSync::Link;
        if wanted != self.clock.link.is_some() {
            let bpm = f64::from(settings.bpm);
            self.clock.link = wanted.then(|| LinkPlay::start(self.audio.clone(), Arc::new(AbletonLink::join(bpm))));
        }
    }

    /// The tempo that is followed; `None` where nothing is, or nothing comes.
    fn followed_bpm(&self) -> Option<f32> {
        match self.session.settings.clock.sync {
            ClockSync::Own => None,
            ClockSync::Midi => self.midi.hears().followed_bpm(Instant::now()),
            ClockSync::Link => self.clock.link.as_ref().map(LinkPlay::bpm),
        }
    }

    /// Seconds of a bar, where sounds follow the clock.
    pub(super) fn bar_secs(&self) -> Option<f32> {
        let settings = &self.session.settings.clock;
        let bpm = self.session.clock.followed_bpm.unwrap_or(settings.bpm);
        self.session
            .clock
            .on
            .then(|| f32::from(settings.beats_per_bar) * 60.0 / bpm)
    }

    /// A beat, by hand.
    pub(super) fn tap_tempo(&mut self) {
        if let Some(bpm) = self.clock.taps.tap(self.now_secs) {
            let settings = ClockSettings {
                bpm,
                ..self.session.settings.clock.clone()
            };
            self.set_clock(settings);
        }
    }

    /// Another machine starts or stops.
    pub(super) fn run_with_others(&mut self, runs: bool) {
        if runs != self.session.transport.playing && (self.session.space.is_some() || !runs) {
            self.toggle_play();
        }
    }

    /// Hands everything about the clock to the engine.
    pub(super) fn push_clock(&mut self) {
        let settings = &self.session.settings.clock;
        let followed = self.followed_bpm();
        self.audio.set_clock(ClockPlay {
            on: self.session.clock.on,
            bpm: followed.unwrap_or(settings.bpm),
            beats_per_bar: settings.beats_per_bar,
            quantise: settings.quantise,
            metronome: settings.metronome && self.session.clock.on,
        });
    }

    /// Once a frame: what the clock tells, who is sent it, and what moves by itself.
    pub(super) fn follow_beats(&mut self, dt: f32) {
        let time = self.audio.clock();
        let playing = self.session.transport.playing;
        let status = &mut self.session.clock;
        status.beat = playing.then(|| time.beat_at(Instant::now()));
        status.peers = self.clock.link.as_ref().map(LinkPlay::peers);
        self.session.clock.followed_bpm = self.followed_bpm();
        self.send_clock();
        self.modulate(dt);
    }

    /// Opens and closes the output that is sent the clock.
    fn send_clock(&mut self) {
        let wanted = &self.session.settings.clock.send_to;
        let wanted = wanted
            .as_ref()
            .filter(|name| self.session.clock.on && self.session.clock.outputs.contains(name));
        if self.clock.out.as_ref().map(|(name, _)| name) != wanted {
            self.clock.out = wanted.map(|name| (name.clone(), ClockOut::to_output(self.audio.clone(), name)));
        }
    }

    /// Tells what is about to sound when it beats, so that it can follow.
    pub(super) fn fit_to_clock(&mut self, resolved: &mut Resolved) {
        self.session.clock.beatless = false;
        let (Some(view), Some(sounding)) = (&self.session.space, resolved.sounding()) else {
            return;
        };
        let follows = self.session.clock.on && self.session.transport.mode != PlayMode::Endless;
        let grid = follows.then(|| beat_grid(&view.snapshot, sounding)).flatten();
        self.session.clock.beatless = follows && grid.is_none();
        if let (Some(grid), Some(first)) = (grid, resolved.row.first_mut()) {
            first.timing.grid = Some(grid);
        }
    }

    /// Replaces what moves controls by itself.
    pub(super) fn set_modulators(&mut self, modulators: Vec<Modulator>) {
        const MOST: usize = 8;
        self.session.settings.modulators = modulators.into_iter().take(MOST).collect();
    }

    fn modulate(&mut self, dt: f32) {
        let db = self.session.meters.rms_db.unwrap_or(QUIET_DB);
        let target = ((db - QUIET_DB) / -QUIET_DB).clamp(0.0, 1.0);
        let secs = if target > self.clock.level {
            RISE_SECS
        } else {
            FALL_SECS
        };
        self.clock.level += (target - self.clock.level) * (1.0 - (-dt / secs).exp());
        let Some(beat) = self.session.clock.beat else { return };
        for index in 0..self.session.settings.modulators.len() {
            let modulator = self.session.settings.modulators[index];
            if modulator.on {
                self.turn(modulator.target, modulator.value(beat, self.clock.level));
            }
        }
    }
}
