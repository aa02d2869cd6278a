//! Keys that play what sounds: from MIDI, the computer and the strip; the root that is found for them.

use super::App;
use crate::audio::KeyPlay;
use crate::session::{KeySettings, MidiTarget, PlayMode, Root, RootFrom};
use crate::values::{KeyChange, KeyEvent, key_of_hz};

/// A sound has one pitch where so much of it has: chords and noise have less.
const CLEAR_PITCH: f32 = 0.7;
impl App {
    /// Lets keys play, or the sound itself again.
    pub(super) fn play_keys(&mut self, on: bool) {
        if self.session.keys.on == on {
            return;
        }
        self.session.keys.on = on;
        self.recorded.wants_pitch(on);
        if !on {
            self.session.keys.held.clear();
            self.audio.key(KeyEvent {
                channel: 0,
                change: KeyChange::AllOff,
            });
        }
        self.push_keys();
        self.push_playback();
        if on {
            // What sounds already may have come without its pitch.
            self.recorded.forget();
            if self.session.transport.playing {
                self.request_decode();
            } else if self.session.space.is_some() {
                self.toggle_play();
                // No hand is on the map.
                self.push_playback();
            }
        }
    }

    /// Plays keys so from now on.
    pub(super) fn set_keys(&mut self, settings: KeySettings) {
        self.session.settings.keys = KeySettings {
            attack_secs: settings.attack_secs.clamp(0.001, 5.0),
            release_secs: settings.release_secs.clamp(0.005, 10.0),
            bend_semitones: settings.bend_semitones.clamp(0.0, 96.0),
            octave: settings.octave.clamp(1, 8),
            pins_channel: settings.pins_channel.min(15),
            ..settings
        };
        self.push_keys();
    }

    /// A key of the computer or of the window.
    pub(super) fn key(&mut self, event: KeyEvent) {
        if self.session.keys.on {
            self.audio.key(event);
            self.on_key(event);
        }
    }

    /// A key that the engine has already.
    pub(super) fn on_key(&mut self, event: KeyEvent) {
        let held = &mut self.session.keys.held;
        match event.change {
            KeyChange::On { note, .. } => {
                held.retain(|other| *other != note);
                held.push(note);
                if !self.session.transport.playing && self.session.space.is_some() {
                    self.toggle_play();
                }
            }
            KeyChange::Off { note } => held.retain(|other| *other != note),
            KeyChange::AllOff => held.clear(),
            KeyChange::Bend(_) | KeyChange::Sustain(_) => {}
        }
    }

    /// How hard keys are pressed, 0..=1.
    pub(super) fn on_pressure(&mut self, pressure: f32) {
        if self.session.keys.on && self.session.settings.keys.pressure {
            self.turn(MidiTarget::Strength, pressure);
        }
    }

    /// Where on its key a finger is, 0..=1.
    pub(super) fn on_slide(&mut self, slide: f32) {
        if let Some(target) = self.session.settings.keys.slide {
            self.turn(target, slide);
        }
    }

    /// Once a frame: the root follows the sound.
    pub(super) fn follow_root(&mut self) {
        let root = self.root();
        if root != self.session.keys.root {
            self.session.keys.root = root;
            self.push_keys();
        }
    }

    fn root(&mut self) -> Root {
        while let Ok((key, pitch)) = self.recorded.pitches.try_recv() {
            self.pitches.learn(key, pitch);
        }
        if let Some(key) = self.session.settings.keys.root {
            return Root {
                key: f32::from(key),
                from: RootFrom::Chosen,
            };
        }
        let sounding = self.recorded.row.first();
        let pitch = sounding.and_then(|(key, _)| self.pitches.of(key));
        if let Some(pitch) = pitch.filter(|pitch| pitch.clarity >= CLEAR_PITCH) {
            return Root {
                key: key_of_hz(pitch.hz).clamp(0.0, 127.0),
                from: RootFrom::Pitch,
            };
        }
        match self.tonic_of_clip() {
            // The one nearest to middle C.
            Some(tonic) => Root {
                key: 54.0 + f32::from((tonic + 6) % 12),
                from: RootFrom::KeyOfClip,
            },
            None => Root::default(),
        }
    }

    fn tonic_of_clip(&self) -> Option<u8> {
        let chunk = self.session.selection?.chunk.0 as usize;
        let snapshot = &self.session.space.as_ref()?.snapshot;
        let clip = snapshot.chunks.get(chunk)?.clip.0 as usize;
        let key = snapshot.clips.get(clip)?.groove.as_ref()?.key;
        (key.certainty > 0.0).then_some(key.tonic % 12)
    }

    /// Hands everything about keys to the engine and to MIDI.
    pub(super) fn push_keys(&mut self) {
        let settings = self.session.settings.keys;
        let (on, root) = (self.session.keys.on, self.session.keys.root);
        let own_tonic = (root.key.round().clamp(0.0, 127.0) as u8) % 12;
        self.audio.set_keys(KeyPlay {
            on,
            // A hand on the map listens to the sound itself.
            drone: settings.drone || self.sounding.held,
            keeps_envelope: settings.keeps_envelope,
            from_attack: self.session.transport.mode == PlayMode::OneShot,
            per_note: settings.mpe,
            root: root.key,
            attack_secs: settings.attack_secs,
            release_secs: settings.release_secs,
            bend_semitones: settings.bend_semitones,
            tonic: settings.tonic.unwrap_or(own_tonic),
            scale: settings.scale,
        });
        self.midi.hears().route_keys(on, &settings);
    }
}
